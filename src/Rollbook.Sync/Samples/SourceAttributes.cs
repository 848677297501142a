using System.Text.Json;
using Rollbook.Model;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Map;

namespace Rollbook.Sync.Samples;

/// <summary>Which attributes a source has of a kind: OneRoster's, and those that its records were seen with (product.md 3.3).</summary>
public static class SourceAttributes
{
    private const int MostDiscovered = 500;

    // The key is not for mapping, and these are about the record and not of it.
    private static readonly string[] Never = ["sourcedId", "status", "dateLastModified"];

    /// <summary>The source's collection that a kind comes from.</summary>
    public static Collection CollectionOf(Kind kind) =>
        kind switch
        {
            Kind.School => Collection.Orgs,
            Kind.Calendar => Collection.AcademicSessions,
            Kind.Course => Collection.Courses,
            Kind.Class => Collection.Classes,
            Kind.Student or Kind.Teacher or Kind.Admin or Kind.Contact => Collection.Users,
            Kind.Enrollment => Collection.Enrollments,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind."),
        };

    /// <summary>The source attribute that feeds a Rollbook attribute by default.</summary>
    public static string DefaultOf(Kind kind, string target) => DefaultMapping.SourceOf(kind, target);

    /// <summary>What may be chosen as a source attribute, by group: OneRoster's own, identifiers, demographics, and what was discovered beyond them.</summary>
    public static IReadOnlyList<(string Group, IReadOnlyList<string> Names)> Of(Kind kind, IReadOnlyList<string> discovered)
    {
        ArgumentNullException.ThrowIfNull(discovered);
        var collection = CollectionOf(kind);
        var known = SourceFields
            .Known(collection)
            .Except(Never, StringComparer.Ordinal)
            .Where(name => name is not ("metadata" or "userIds"))
            .ToList();
        var groups = new List<(string, IReadOnlyList<string>)> { ("OneRoster", known) };
        Add(groups, "Identifiers", discovered.Where(name => name.StartsWith("userIds.", StringComparison.Ordinal)));
        if (collection == Collection.Users)
        {
            Add(groups, "Demographics", SourceFields.DemographicFields.Select(name => $"{SourcePath.Demographics}.{name}"));
        }

        Add(groups, "Metadata", discovered.Where(name => name.StartsWith(AttributeRules.MetadataPrefix, StringComparison.Ordinal)));
        Add(
            groups,
            "Others",
            discovered.Where(name =>
                !known.Contains(name.Split('.')[0], StringComparer.Ordinal)
                && !name.StartsWith("userIds", StringComparison.Ordinal)
                && !name.StartsWith(AttributeRules.MetadataPrefix, StringComparison.Ordinal)
            )
        );
        return groups;
    }

    /// <summary>The attributes that records have a value for, nested ones dotted; <c>userIds</c> by type.</summary>
    internal static IReadOnlyList<string> Discover(IEnumerable<ReadOnlyMemory<byte>> records)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var json in records)
        {
            using var document = JsonDocument.Parse(json);
            foreach (
                var member in document.RootElement.EnumerateObject().Where(member => !Never.Contains(Value.NameOf(member), StringComparer.Ordinal))
            )
            {
                Add(names, "", member);
            }
        }

        return [.. names.Take(MostDiscovered)];
    }

    private static void Add(SortedSet<string> names, string prefix, JsonProperty member)
    {
        if (Value.NameOf(member) is not { } name)
        {
            return;
        }

        switch (member.Value.ValueKind)
        {
            case JsonValueKind.Object when prefix.Split('.').Length <= 3:
                foreach (var inner in member.Value.EnumerateObject())
                {
                    Add(names, $"{prefix}{name}.", inner);
                }

                break;
            case JsonValueKind.Array when name is "userIds" && prefix.Length == 0:
                foreach (
                    var type in member.Value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object).Select(TypeOf).OfType<string>()
                )
                {
                    names.Add($"userIds.{type}");
                }

                break;
            case JsonValueKind.Null or JsonValueKind.Undefined:
                break;
            case JsonValueKind.String when Value.Clean(Value.TextOf(member.Value)) is null:
                break;
            default:
                names.Add(prefix + name);
                break;
        }
    }

    private static string? TypeOf(JsonElement identifier) =>
        identifier.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? Value.Clean(Value.TextOf(type)) : null;

    private static void Add(List<(string, IReadOnlyList<string>)> groups, string group, IEnumerable<string> names)
    {
        var list = names.ToList();
        if (list.Count > 0)
        {
            groups.Add((group, list));
        }
    }
}
