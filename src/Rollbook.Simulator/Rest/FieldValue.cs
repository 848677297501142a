namespace Rollbook.Simulator.Rest;

/// <summary>What a filter or sort sees of a field: nothing, one text, or a list of texts.</summary>
internal readonly record struct FieldValue(string? One, IReadOnlyList<string>? Many)
{
    public static FieldValue Absent { get; } = new(null, null);

    public static FieldValue Of(string? text) => new(text, null);

    public static FieldValue Of(IReadOnlyList<string> texts) => new(null, texts);

    /// <summary>The one text that is sorted by: a list sorts as its comma-joined texts, nothing sorts first.</summary>
    public string SortText => One ?? (Many is null ? string.Empty : string.Join(',', Many));
}
