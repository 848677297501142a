using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>
/// The table beside a kind's newest version that says which records name a school or calendar in a list: a row a reference, in the two orders in
/// which such records are listed. So the records of one school are found, sorted and paged without looking at those of others.
/// </summary>
internal sealed class LinkTable
{
    /// <summary>Which column of a link is the record's.</summary>
    public const string Record = "record";

    private const string SortKey = "sort_key";
    private const string SisKey = "sis_key";

    private readonly KindDefinition definition;

    private LinkTable(KindDefinition definition, Model.Attribute attribute)
    {
        this.definition = definition;
        Attribute = attribute;
        Name = $"{definition.Name}_{attribute.Column}";
    }

    /// <summary>The list of references.</summary>
    public Model.Attribute Attribute { get; }

    /// <summary>The table: target, sort_key, record, sis_key; a key is empty where the record has no such value.</summary>
    public string Name { get; }

    /// <summary>Those of a kind: of its lists that many records share a target of. A person's contacts are few either way.</summary>
    public static IReadOnlyList<LinkTable> Of(KindDefinition definition) =>
        [
            .. definition
                .Attributes.Where(attribute => attribute is { Type: AttributeType.ReferenceList, Target: not Family.Person })
                .Select(attribute => new LinkTable(definition, attribute)),
        ];

    /// <summary>The column that keeps the order by an attribute; null for an order that the links don't keep.</summary>
    public string? KeyOf(Model.Attribute sort) =>
        sort.Index == definition.SortAttribute.Index ? SortKey
        : sort.Index == definition["sisId"].Index ? SisKey
        : null;

    /// <summary>Adds the links of the records that are what they are since <c>@version</c>.</summary>
    public string Add(Dialect dialect) =>
        $"INSERT INTO {Name} (target, {SortKey}, {Record}, {SisKey}) SELECT {Links(dialect)}, {Key("k.", definition["sisId"])} "
        + $"FROM \"{definition.Name}\" AS k, {dialect.Elements($"k.\"{Attribute.Column}\"")} WHERE k.since = @version ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING";

    /// <summary>Removes those of the published records that the table <c>stage</c> deletes, or changes in what a link says.</summary>
    public string Remove(Dialect dialect) =>
        $"DELETE FROM {Name} WHERE (target, {SortKey}, {Record}) IN (SELECT {Links(dialect)} FROM stage AS s "
        + $"JOIN \"{definition.Name}\" AS k ON k.id = s.id, {dialect.Elements($"k.\"{Attribute.Column}\"")} "
        + $"WHERE s.hash IS NULL OR s.\"{Attribute.Column}\" IS DISTINCT FROM k.\"{Attribute.Column}\" "
        + $"OR {Differs(definition.SortAttribute)} OR {Differs(definition["sisId"])})";

    private string Links(Dialect dialect) => $"{dialect.ElementId}, {Key("k.", definition.SortAttribute)}, k.id";

    private static string Differs(Model.Attribute attribute) => $"{Key("s.", attribute)} <> {Key("k.", attribute)}";

    private static string Key(string prefix, Model.Attribute attribute) => $"coalesce(lower({prefix}\"{attribute.Column}\"), '')";
}
