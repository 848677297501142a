using System.Data.Common;
using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>
/// What SQLite and PostgreSQL write differently. Everything else is one SQL for both, with parameters as <c>@name</c>.
/// </summary>
internal abstract class Dialect
{
    /// <summary>The end of a SELECT whose rows nobody else may take until the transaction ends.</summary>
    public abstract string RowLock { get; }

    /// <summary>An ID as a parameter.</summary>
    public abstract object Id(RollbookId id);

    /// <summary>Many IDs as one parameter for <see cref="AmongIds"/>.</summary>
    public abstract object Ids(IEnumerable<RollbookId> ids);

    /// <summary>A moment as a parameter.</summary>
    public abstract object Time(DateTimeOffset time);

    /// <summary>A date as a parameter.</summary>
    public abstract object Date(DateOnly date);

    /// <summary>The condition that an ID is one of <see cref="Ids"/>.</summary>
    public abstract string AmongIds(string expression, string parameter);

    /// <summary>The condition that a list of references has any of <see cref="Ids"/>.</summary>
    public abstract string HasAnyId(string column, string parameter);

    /// <summary>A JSON document as a value.</summary>
    public abstract string Json(string parameter);

    /// <summary>The condition that a text contains another.</summary>
    public abstract string Contains(string text, string part);

    /// <summary>The elements of a list as a table <c>element</c> with a column <c>value</c>, for a FROM.</summary>
    public abstract string Elements(string column);

    /// <summary>The ID that is the value of an <see cref="Elements"/> of references.</summary>
    public abstract string ElementId { get; }

    /// <summary>The first element of a list of texts.</summary>
    public abstract string FirstElement(string column);

    /// <summary>A date as <c>YYYY-MM-DD</c>.</summary>
    public abstract string DateText(string column);

    /// <summary>The text under a name in the metadata; the parameter comes from <see cref="MetadataName"/>.</summary>
    public abstract string MetadataText(string parameter);

    /// <summary>A name in the metadata as a parameter.</summary>
    public abstract object MetadataName(string name);

    /// <summary>Reads an ID.</summary>
    public abstract RollbookId ReadId(DbDataReader reader, int ordinal);

    /// <summary>Reads a moment.</summary>
    public abstract DateTimeOffset ReadTime(DbDataReader reader, int ordinal);

    /// <summary>Adds the canonical bytes of a value to a row; it is not missing.</summary>
    public abstract void ReadValue(DbDataReader reader, int ordinal, AttributeType type, RowWriter writer);

    /// <summary>
    /// Loads rows into a table of the shape (id, mark, hash, attributes) by the fastest way there is, with <paramref name="mark"/> in its column, an integer, in
    /// every one; a deletion is an ID alone. Returns how many there were.
    /// </summary>
    public abstract Task<long> LoadAsync(
        DbConnection connection,
        string table,
        KindTable shape,
        (string Column, int Value) mark,
        IEnumerable<StagedChange> changes,
        CancellationToken cancellationToken
    );

    /// <summary>The records of the newest version whose list of references has any of the targets.</summary>
    public abstract Task<IReadOnlyCollection<RollbookId>> ReferrersInListsAsync(
        DbConnection connection,
        KindTable table,
        Model.Attribute attribute,
        HashSet<RollbookId> targets,
        CancellationToken cancellationToken
    );

    /// <summary>Adds rows to <c>unresolved</c>.</summary>
    public abstract Task AddUnresolvedAsync(
        DbConnection connection,
        string app,
        IReadOnlyCollection<UnresolvedReference> references,
        CancellationToken cancellationToken
    );

    /// <summary>Adds members, or puts them in the place of those of the same app and key.</summary>
    public abstract Task SetMembersAsync(DbConnection connection, IReadOnlyCollection<Member> members, CancellationToken cancellationToken);

    /// <summary>Adds rows to <c>issue</c>.</summary>
    public abstract Task AddIssuesAsync(DbConnection connection, string app, IReadOnlyCollection<Issue> issues, CancellationToken cancellationToken);

    /// <summary>Adds changes of a kind, with their schools, to <c>staged_change</c> and <c>staged_school</c>.</summary>
    public abstract Task AddStagedAsync(
        DbConnection connection,
        long run,
        Kind kind,
        IReadOnlyCollection<PlacedChange> changes,
        CancellationToken cancellationToken
    );

    /// <summary>Adds records to <c>set_aside</c>.</summary>
    public abstract Task AddSetAsideAsync(DbConnection connection, IReadOnlyCollection<SetAside> records, CancellationToken cancellationToken);

    /// <summary>Asks for a table's indexes beside the primary key: the name, and the statement that makes it.</summary>
    public abstract string IndexesOf(string table);

    /// <summary>Makes an empty temporary table of the same columns, gone at the end of the transaction or by a DROP.</summary>
    public abstract string CreateStage(KindTable table);

    /// <summary>Tells the planner about a table that has just been filled.</summary>
    public abstract string Analyze(string table);

    /// <summary>Reads a hash, which is stored as its 16 big-endian bytes.</summary>
    public abstract UInt128 ReadHash(DbDataReader reader, int ordinal);

    /// <summary>Reads the bytes of one attribute's value, none when it is missing; they are valid until the writer is used again.</summary>
    public ReadOnlySpan<byte> ReadBytes(DbDataReader reader, int ordinal, Model.Attribute attribute, RowWriter writer)
    {
        if (reader.IsDBNull(ordinal))
        {
            return default;
        }

        writer.Clear();
        ReadValue(reader, ordinal, attribute.Type, writer);
        return new RowReader(writer.Written.Span).Next(out _);
    }

    /// <summary>Reads a row whose attributes begin at <paramref name="first"/>.</summary>
    public Row ReadRow(DbDataReader reader, int first, KindDefinition definition, RowWriter writer)
    {
        writer.Clear();
        var attributes = definition.Attributes;
        for (var i = 0; i < attributes.Count; i++)
        {
            if (reader.IsDBNull(first + i))
            {
                writer.Missing();
            }
            else
            {
                ReadValue(reader, first + i, attributes[i].Type, writer);
            }
        }

        return writer.ToRow(definition.Kind).Copy();
    }
}
