using Rollbook.Model;

namespace Rollbook.Sync.Map;

/// <summary>
/// Where a pair's source attribute lies in a raw record: <c>grades</c>, <c>metadata.counselor</c>, <c>userIds.stateID</c>, or <c>demographics.sex</c>, which
/// comes from another collection. A name with a dot of its own is found before a nested one.
/// </summary>
internal sealed class SourcePath
{
    internal const string Demographics = "demographics";

    private readonly string rest;
    private readonly int demographic = -1;
    private int slot = -1;

    internal SourcePath(string path)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        (First, rest) = dot < 0 ? (path, "") : (path[..dot], path[(dot + 1)..]);
        if (First is Demographics && rest.Length > 0)
        {
            demographic = Array.IndexOf(SourceFields.DemographicFields, rest);
        }
    }

    /// <summary>The record's own attribute with which it begins.</summary>
    internal string First { get; }

    /// <summary>Finds the attribute's place among the fields of a collection.</summary>
    internal void Bind(SourceFields fields) => slot = fields.Slot(First);

    /// <summary>The value as text; lists become comma-separated.</summary>
    /// <param name="fields">The record.</param>
    /// <param name="part">Its mapped demographics; empty for none.</param>
    /// <param name="map">Replaces a text, an element of a list at a time; null for none.</param>
    internal string? Text(SourceFields fields, ReadOnlySpan<byte> part, ValueMap? map)
    {
        if (First is Demographics)
        {
            return Mapped(demographic < 0 ? null : PartMapper.Text(part, demographic), map);
        }

        var value = fields[slot];
        if (rest.Length == 0)
        {
            return value.IsList && map is not null ? Joined(map.Of(value.List())) : Mapped(value.Text(), map);
        }

        if (First is "userIds")
        {
            return Mapped(value.Identifier(Value.Letters(rest)), map);
        }

        var nested = value.Find(rest);
        return nested.IsList && map is not null ? Joined(map.Of(nested.List())) : Mapped(nested.Text(), map);
    }

    /// <summary>The value as a list; text is split at commas.</summary>
    internal List<string> List(SourceFields fields, ReadOnlySpan<byte> part, ValueMap? map)
    {
        List<string> list;
        if (First is Demographics || (First is "userIds" && rest.Length > 0))
        {
            list = Value.Split(Text(fields, part, map: null));
        }
        else
        {
            var value = fields[slot];
            list = rest.Length == 0 ? value.List() : value.Find(rest).List();
        }

        return map is null ? list : map.Of(list);
    }

    private static string? Mapped(string? text, ValueMap? map) => map is null ? text : map.Of(text);

    private static string? Joined(List<string> list) => list.Count == 0 ? null : string.Join(',', list);
}
