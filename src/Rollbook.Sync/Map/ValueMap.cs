namespace Rollbook.Sync.Map;

/// <summary>
/// Values of the source and what they become. A value is looked for to the letter, then without regard to case; one that is not found stays as it is, and one
/// that becomes nothing is missing.
/// </summary>
internal sealed class ValueMap
{
    private readonly Dictionary<string, string> exact = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> anyCase = new(StringComparer.OrdinalIgnoreCase);

    internal ValueMap(IReadOnlyDictionary<string, string> pairs)
    {
        foreach (var (from, to) in pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var trimmed = Value.Clean(from) ?? "";
            exact.TryAdd(trimmed, Value.Clean(to) ?? "");
            anyCase.TryAdd(trimmed, Value.Clean(to) ?? "");
        }
    }

    /// <summary>What a text becomes; null for nothing.</summary>
    internal string? Of(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var found = exact.GetValueOrDefault(text) ?? anyCase.GetValueOrDefault(text) ?? text;
        return found.Length == 0 ? null : found;
    }

    /// <summary>What the elements of a list become, those without that become nothing.</summary>
    internal List<string> Of(List<string> list) => [.. list.Select(Of).OfType<string>()];
}
