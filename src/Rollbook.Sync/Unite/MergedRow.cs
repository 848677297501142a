using Rollbook.Model;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Unite;

/// <summary>
/// Makes the row of a record of what its sources say (product.md 3.7): of a scalar the value of the master, then that of the first source that has one, and last that of
/// sources which never override; relations are united. A missing value never takes the place of one that is there. Not safe for several threads.
/// </summary>
internal sealed class MergedRow(DistrictConfiguration configuration)
{
    private readonly Dictionary<(string App, Kind Kind), MasterMode?[]> modes = [];
    private readonly RowWriter writer = new();
    private readonly List<RollbookId> references = [];

    /// <summary>Merges; the row is a copy.</summary>
    /// <param name="members">What each source says, in the order of the sources; all of one kind.</param>
    internal Row Of(IReadOnlyList<(string App, Row Row)> members)
    {
        if (members.Count == 1)
        {
            return members[0].Row;
        }

        var kind = members[0].Row.Kind;
        writer.Clear();
        foreach (var attribute in Kinds.Of(kind).Attributes)
        {
            switch (attribute.Type)
            {
                case AttributeType.TextList when attribute.Index == 1:
                    writer.Texts([.. members.Select(member => member.App).Distinct(StringComparer.Ordinal)]);
                    break;
                case AttributeType.ReferenceList:
                    WriteUnion(members, attribute);
                    break;
                case AttributeType.Metadata:
                    WriteMetadata(members, attribute);
                    break;
                default:
                    WriteFirst(members, attribute);
                    break;
            }
        }

        return writer.ToRow(kind).Copy();
    }

    /// <summary>Members in the order in which their values of an attribute are taken.</summary>
    internal IEnumerable<(string App, Row Row)> InOrder(IReadOnlyList<(string App, Row Row)> members, Model.Attribute attribute) =>
        attribute.Index == 0 ? members : members.OrderBy(member => RankOf(member.App, member.Row.Kind, attribute));

    private void WriteFirst(IReadOnlyList<(string App, Row Row)> members, Model.Attribute attribute)
    {
        foreach (var (_, row) in InOrder(members, attribute))
        {
            var bytes = row.Get(attribute, out var missing);
            if (!missing)
            {
                writer.Value(bytes);
                return;
            }
        }

        writer.Missing();
    }

    private void WriteUnion(IReadOnlyList<(string App, Row Row)> members, Model.Attribute attribute)
    {
        references.Clear();
        foreach (var (_, row) in members)
        {
            var bytes = row.Get(attribute, out var missing);
            references.AddRange(missing ? [] : RowReader.Ids(bytes));
        }

        writer.References([.. references.Distinct()]);
    }

    private void WriteMetadata(IReadOnlyList<(string App, Row Row)> members, Model.Attribute attribute)
    {
        var united = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (_, row) in InOrder(members, attribute))
        {
            foreach (var (name, value) in row[attribute] as IReadOnlyDictionary<string, string> ?? united)
            {
                united.TryAdd(name, value);
            }
        }

        writer.Metadata(united);
    }

    private int RankOf(string app, Kind kind, Model.Attribute attribute)
    {
        if (!modes.TryGetValue((app, kind), out var ofKind))
        {
            var fields = configuration.Apps.GetValueOrDefault(app)?.MasterFields.GetValueOrDefault(Kinds.Of(kind).Name);
            ofKind = modes[(app, kind)] = [
                .. Kinds
                    .Of(kind)
                    .Attributes.Select(each => fields is not null && fields.TryGetValue(each.Name, out var mode) ? mode : (MasterMode?)null),
            ];
        }

        return ofKind[attribute.Index] switch
        {
            MasterMode.Master => 0,
            null => 1,
            _ => 2,
        };
    }
}
