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
        Staged = $"\"{definition.Name}_staged\"";
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

    /// <summary>The quoted table of the values that runs that wait would bring: run, id, hash, attributes.</summary>
    public string Staged { get; }

    /// <summary>The condition that the run <c>@waiting</c> leaves a record of the newest version as it is, or that a person leaves its change out.</summary>
    public string IsAsBefore =>
        $"NOT EXISTS (SELECT 1 FROM staged_change AS changed WHERE changed.run = @waiting AND changed.kind = {(int)Definition.Kind} AND changed.id = {Name}.id AND {IsIn("changed")})";

    /// <summary>The condition that values of <see cref="Staged"/> are those that the run <c>@waiting</c> would bring, and are not left out.</summary>
    public string IsBrought => $"run = @waiting AND {IsIn(Staged)}";

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
    /// What to select from to see the newest version, the version <c>@asOf</c> or what the run <c>@waiting</c> would make: a table with id, since, hash and the attributes.
    /// </summary>
    public string AsOf(AsOf asOf) =>
        asOf.IsNewest ? Name
        : asOf.Waiting is not null
            ? $"(SELECT id, since, hash, {Columns} FROM {Name} WHERE {IsAsBefore} UNION ALL "
                + $"SELECT id, 0, hash, {Columns} FROM {Staged} WHERE {IsBrought}) AS valid"
        : $"(SELECT id, since, hash, {Columns} FROM {Name} WHERE since <= @asOf UNION ALL "
            + $"SELECT id, born, hash, {Columns} FROM {History} WHERE born <= @asOf AND died > @asOf) AS valid";

    /// <summary>The parameter of <see cref="AsOf"/>; none for the newest version.</summary>
    public static (string Name, object? Value)[] ParametersOf(AsOf asOf) =>
        asOf.Waiting is { } run ? [("waiting", run)]
        : asOf.Version is { } version ? [("asOf", version)]
        : [];

    /// <summary>The attributes' columns as assignments from another table.</summary>
    public string AssignmentsFrom(string prefix) =>
        string.Join(", ", Definition.Attributes.Select(attribute => $"\"{attribute.Column}\" = {prefix}\"{attribute.Column}\""));

    private string IsIn(string changes) =>
        $"NOT EXISTS (SELECT 1 FROM staged_left WHERE staged_left.run = @waiting AND staged_left.kind = {(int)Definition.Kind} AND staged_left.id = {changes}.id)";
}
