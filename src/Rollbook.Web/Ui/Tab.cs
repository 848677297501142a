namespace Rollbook.Web.Ui;

/// <summary>A tab, which is a link.</summary>
/// <param name="Text">Its words.</param>
/// <param name="Href">Where it leads.</param>
/// <param name="Current">Whether it is the one that is open.</param>
/// <param name="Count">How many things are behind it.</param>
public sealed record Tab(string Text, string Href, bool Current, long? Count = null);
