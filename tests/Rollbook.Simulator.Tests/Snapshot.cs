using System.Text.Json;

namespace Rollbook.Simulator.Tests;

/// <summary>Every active record of a district as JSON, to compare before and after, and to follow its references.</summary>
internal sealed class Snapshot
{
    private readonly Dictionary<Kind, IReadOnlyDictionary<string, string>> records;

    private Snapshot(Dictionary<Kind, IReadOnlyDictionary<string, string>> records) => this.records = records;

    public static Snapshot Of(SimulatedSynergy simulator)
    {
        var truth = simulator.GetTruth();
        return new Snapshot(Kinds.All.ToDictionary(kind => kind, truth.Records));
    }

    public IReadOnlyDictionary<string, string> this[Kind kind] => records[kind];

    /// <summary>What a scenario must have reported to get from here to there.</summary>
    public Dictionary<Kind, (string[] Created, string[] Updated, string[] Deleted)> ChangesTo(Snapshot after) =>
        Kinds.All.ToDictionary(
            kind => kind,
            kind =>
                (
                    Sorted(after[kind].Keys.Where(id => !this[kind].ContainsKey(id))),
                    Sorted(
                        after[kind]
                            .Where(record => this[kind].TryGetValue(record.Key, out var old) && !old.Equals(record.Value, StringComparison.Ordinal))
                            .Select(record => record.Key)
                    ),
                    Sorted(this[kind].Keys.Where(id => !after[kind].ContainsKey(id)))
                )
        );

    public static string[] Sorted(IEnumerable<string> ids) => [.. ids.Order(StringComparer.Ordinal)];

    /// <summary>References that lead to no active record, as "kind id → kind id".</summary>
    public List<string> DanglingReferences()
    {
        var dangling = new List<string>();
        foreach (var kind in Kinds.All)
        {
            foreach (var (id, json) in this[kind])
            {
                using var document = JsonDocument.Parse(json);
                Follow(
                    document.RootElement,
                    (to, target) =>
                    {
                        if (!this[to].ContainsKey(target))
                        {
                            dangling.Add($"{kind} {id} → {to} {target}");
                        }
                    }
                );
            }
        }

        return dangling;
    }

    private static void Follow(JsonElement element, Action<Kind, string> meet)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object when element.TryGetProperty("href", out _):
                var to = element.GetProperty("type").GetString() switch
                {
                    "org" => Kind.Orgs,
                    "course" => Kind.Courses,
                    "class" => Kind.Classes,
                    "user" => Kind.Users,
                    _ => Kind.AcademicSessions,
                };
                meet(to, element.GetProperty("sourcedId").GetString()!);
                break;
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    Follow(property.Value, meet);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Follow(item, meet);
                }

                break;
        }
    }
}
