using Rollbook.Model;

namespace Rollbook.Sync.Map;

/// <summary>
/// References within a record's own family (a school's parent, a student's contacts), which can be judged only when the whole family is known: those
/// that lead nowhere or to a person of another kind are taken out.
/// </summary>
internal sealed class OwnFamily(Family family, IReferenceTargets targets)
{
    private static readonly bool[] Concerned =
    [
        .. Kinds.All.Select(definition => definition.Attributes.Any(attribute => attribute.Target == definition.Family)),
    ];

    private readonly RowWriter writer = new();
    private readonly List<RollbookId> kept = [];

    /// <summary>Whether records of a kind have such references.</summary>
    internal static bool Concerns(Kind kind) => Concerned[(int)kind];

    /// <summary>
    /// The row with only such references as lead somewhere; the row itself when all do. Valid until the next call.
    /// Adds the targets that are missing to <paramref name="unresolved"/>.
    /// </summary>
    internal Row Resolve(RollbookId self, Row row, List<RollbookId> unresolved)
    {
        unresolved.Clear();
        var definition = Kinds.Of(row.Kind);
        if (!Concerned[(int)row.Kind])
        {
            return row;
        }

        var reader = row.Read();
        var changed = false;
        writer.Clear();
        foreach (var attribute in definition.Attributes)
        {
            var bytes = reader.Next(out var missing);
            if (missing)
            {
                writer.Missing();
            }
            else if (attribute.Target != definition.Family)
            {
                writer.Value(bytes);
            }
            else
            {
                changed |= Write(self, attribute, bytes, unresolved);
            }
        }

        return changed ? writer.ToRow(row.Kind) : row;
    }

    private bool Write(RollbookId self, Model.Attribute attribute, ReadOnlySpan<byte> bytes, List<RollbookId> unresolved)
    {
        kept.Clear();
        var changed = false;
        foreach (var key in RowReader.Ids(bytes))
        {
            var lead = targets.Follow(family, key);
            changed |= lead.Id != key;
            if (lead.Fate == ReferenceFate.Leads && Fits(attribute, lead.Kind))
            {
                // Two of the source's records may have become one, a school's parent the school itself.
                if (!kept.Contains(lead.Id) && (lead.Id != self || lead.Id == key))
                {
                    kept.Add(lead.Id);
                }
            }
            else if (lead.Fate is not (ReferenceFate.Unmapped or ReferenceFate.UnmappedOrganisation))
            {
                unresolved.Add(key);
            }
        }

        if (attribute.Type == AttributeType.Reference)
        {
            writer.Reference(kept.Count == 0 ? null : kept[0]);
        }
        else
        {
            writer.References(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(kept));
        }

        return changed || kept.Count * 16 != bytes.Length;
    }

    /// <summary>A student's contacts are contacts and a contact's students are students, whatever the agents of a user may be.</summary>
    private static bool Fits(Model.Attribute attribute, Kind kind) =>
        attribute.Name switch
        {
            "contacts" => kind == Kind.Contact,
            "students" => kind == Kind.Student,
            _ => true,
        };
}
