using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>The two tables of a kind: the newest version, and beside it the values that were replaced.</summary>
internal sealed class KindTable
{
    private static readonly KindTable[] All = [.. Kinds.All.Select(definition => new KindTable(definition))];

    private KindTable(KindDefinition definition)
    {
        Definition = definition;
        Name = $"\"{definition.Name}\"";
        History = $"\"{definition.Name}_history\"";
        Columns = ColumnsOf("");
        Links = LinkTable.Of(definition);
        School = definition.SchoolAttribute;
    }

    /// <summary>The kind.</summary>
    public KindDefinition Definition { get; }

    /// <summary>The quoted table of the newest version: id, since, hash, attributes.</summary>
    public string Name { get; }

    /// <summary>The quoted table of replaced values: id, born, died, hash, attributes.</summary>
    public string History { get; }

    /// <summary>The quoted columns of the attributes, in their order.</summary>
    public string Columns { get; }

    /// <summary>The links beside the newest version.</summary>
    public IReadOnlyList<LinkTable> Links { get; }

    /// <summary>Which attribute names the schools that a record is at; null for kinds whose records are at none.</summary>
    public Model.Attribute? School { get; }

    /// <summary>The tables of a kind.</summary>
    public static KindTable Of(Kind kind) => All[(int)kind];

    /// <summary>The tables of all kinds, in the order of publication.</summary>
    public static IReadOnlyList<KindTable> InOrder => All;

    /// <summary>The links of a list of references; null for one that is looked through.</summary>
    public LinkTable? LinksOf(Model.Attribute attribute) => Links.FirstOrDefault(links => links.Attribute.Index == attribute.Index);

    /// <summary>The attributes' columns of one of several tables, as in <c>k."sis_id", k."name"</c>.</summary>
    public string ColumnsOf(string prefix) => string.Join(", ", Definition.Attributes.Select(attribute => $"{prefix}\"{attribute.Column}\""));

    /// <summary>
    /// What to select from to see the version <c>@asOf</c>, or the newest: a table with id, since, hash and the attributes.
    /// </summary>
    public string AsOf(int? asOf) =>
        asOf is null
            ? Name
            : $"(SELECT id, since, hash, {Columns} FROM {Name} WHERE since <= @asOf UNION ALL "
                + $"SELECT id, born, hash, {Columns} FROM {History} WHERE born <= @asOf AND died > @asOf) AS valid";

    /// <summary>The attributes' columns as assignments from another table.</summary>
    public string AssignmentsFrom(string prefix) =>
        string.Join(", ", Definition.Attributes.Select(attribute => $"\"{attribute.Column}\" = {prefix}\"{attribute.Column}\""));
}
