using System.Text;
using System.Text.Json;

namespace Rollbook.Sources.OneRoster;

/// <summary>The records to show, of each role as many.</summary>
internal sealed class Samples(int most)
{
    private readonly Dictionary<string, int> taken = new(StringComparer.OrdinalIgnoreCase);

    internal List<string> All { get; } = [];

    internal void Take(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var role = document.RootElement.TryGetProperty("role", out var value) && value.ValueKind == JsonValueKind.String ? value.GetRawText() : "";
        if (taken.GetValueOrDefault(role) is var count && count < most)
        {
            taken[role] = count + 1;
            All.Add(Encoding.UTF8.GetString(json.Span));
        }
    }
}
