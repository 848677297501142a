namespace Rollbook.Web.Ui;

/// <summary>A bar of a chart.</summary>
/// <param name="Label">What it stands for.</param>
/// <param name="Href">Where its row in the table leads.</param>
/// <param name="Values">A value for each series.</param>
/// <param name="Note">A word about it, for the table.</param>
/// <param name="Marker">A word where there is nothing to draw and that needs saying: Failed.</param>
public sealed record ChartBar(string Label, string Href, IReadOnlyList<long> Values, string Note, string? Marker);
