using System.Buffers;
using System.Buffers.Binary;
using System.Data.Common;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Rollbook.Model;
using Rollbook.Storage.Sql;

namespace Rollbook.Storage.Postgres;

/// <summary>IDs are UUIDs, lists are arrays, metadata is <c>json</c> (not <c>jsonb</c>, which would not keep the bytes that are hashed).</summary>
internal sealed class PostgresDialect : Dialect
{
    /// <summary>The dialect; it has no state.</summary>
    public static PostgresDialect Instance { get; } = new();

    /// <inheritdoc/>
    public override string RowLock => " FOR UPDATE";

    /// <inheritdoc/>
    public override object Id(RollbookId id) => id.ToGuid();

    /// <inheritdoc/>
    public override object Ids(IEnumerable<RollbookId> ids) => ids.Select(id => id.ToGuid()).ToArray();

    /// <inheritdoc/>
    public override object Time(DateTimeOffset time) => StoredTime.Of(time);

    /// <inheritdoc/>
    // As text, because Npgsql takes 9999-12-31 for infinity, and schools write it as an end that is far away.
    public override object Date(DateOnly date) =>
        new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Unknown, Value = date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) };

    /// <inheritdoc/>
    public override string AmongIds(string expression, string parameter) => $"{expression} = ANY(@{parameter})";

    /// <inheritdoc/>
    public override string HasAnyId(string column, string parameter) =>
        // Not the operator &&, which compares every element with every ID; ANY of many is looked up in a hash table.
        $"EXISTS (SELECT 1 FROM unnest({column}) AS reference WHERE reference = ANY(@{parameter}))";

    /// <inheritdoc/>
    public override string Json(string parameter) => $"CAST(@{parameter} AS json)";

    /// <inheritdoc/>
    public override string Contains(string text, string part) => $"strpos({text}, {part}) > 0";

    /// <inheritdoc/>
    public override string Elements(string column) => $"unnest({column}) AS element(value)";

    /// <inheritdoc/>
    public override string ElementId => "element.value";

    /// <inheritdoc/>
    public override string FirstElement(string column) => $"{column}[1]";

    /// <inheritdoc/>
    public override string DateText(string column) => $"(to_char({column}, 'YYYY-MM-DD') COLLATE \"C\")";

    /// <inheritdoc/>
    public override string MetadataText(string parameter) => $"((\"metadata\" ->> @{parameter}) COLLATE \"C\")";

    /// <inheritdoc/>
    public override object MetadataName(string name) => name;

    /// <inheritdoc/>
    public override RollbookId ReadId(DbDataReader reader, int ordinal) => RollbookId.FromGuid(reader.GetGuid(ordinal));

    /// <inheritdoc/>
    public override UInt128 ReadHash(DbDataReader reader, int ordinal)
    {
        var bytes = reader.GetFieldValue<byte[]>(ordinal);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <inheritdoc/>
    public override DateTimeOffset ReadTime(DbDataReader reader, int ordinal) => reader.GetFieldValue<DateTimeOffset>(ordinal);

    /// <inheritdoc/>
    public override void ReadValue(DbDataReader reader, int ordinal, AttributeType type, RowWriter writer)
    {
        switch (type)
        {
            case AttributeType.Boolean:
                writer.Boolean(reader.GetBoolean(ordinal));
                break;
            case AttributeType.Date:
                writer.Date(reader.GetFieldValue<DateOnly>(ordinal));
                break;
            case AttributeType.Reference:
                writer.Reference(ReadId(reader, ordinal));
                break;
            case AttributeType.ReferenceList:
                writer.References(Array.ConvertAll(reader.GetFieldValue<Guid[]>(ordinal), RollbookId.FromGuid));
                break;
            case AttributeType.TextList:
                writer.Texts(reader.GetFieldValue<string[]>(ordinal));
                break;
            default:
                // The UTF-8 bytes, which is what a row holds.
                writer.Value(reader.GetFieldValue<byte[]>(ordinal));
                break;
        }
    }

    /// <inheritdoc/>
    public override async Task<long> LoadAsync(
        DbConnection connection,
        string table,
        KindTable shape,
        (string Column, int Value) mark,
        IEnumerable<StagedChange> changes,
        CancellationToken cancellationToken
    )
    {
        var rows = new CopyRows(shape.Definition, mark.Value);
        await using var stream = await ((NpgsqlConnection)connection).BeginRawBinaryCopyAsync(
            $"COPY {table} (id, {mark.Column}, hash, {shape.Columns}) FROM STDIN (FORMAT BINARY)",
            cancellationToken
        );
        try
        {
            foreach (var change in changes)
            {
                rows.Add(change);
                if (rows.Bytes.Length >= CopyRows.Enough)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    await stream.WriteAsync(rows.Bytes, cancellationToken);
                    rows.Clear();
                }
            }

            cancellationToken.ThrowIfCancellationRequested();
            rows.End();
            await stream.WriteAsync(rows.Bytes, cancellationToken);
        }
        catch
        {
            // Without this, letting go of the stream would complete the COPY.
            await stream.CancelAsync();
            throw;
        }

        return rows.Count;
    }

    /// <inheritdoc/>
    public override async Task<IReadOnlyCollection<RollbookId>> ReferrersInListsAsync(
        DbConnection connection,
        KindTable table,
        Model.Attribute attribute,
        HashSet<RollbookId> targets,
        CancellationToken cancellationToken
    ) =>
        await connection.ListAsync(
            $"SELECT id FROM {table.Name} WHERE {HasAnyId($"\"{attribute.Column}\"", "targets")}",
            reader => ReadId(reader, 0),
            cancellationToken,
            ("targets", Ids(targets))
        );

    /// <inheritdoc/>
    public override async Task AddUnresolvedAsync(
        DbConnection connection,
        string app,
        IReadOnlyCollection<UnresolvedReference> references,
        CancellationToken cancellationToken
    ) =>
        await connection.ExecuteAsync(
            """
            INSERT INTO unresolved (app, collection, "from", target, required)
            SELECT @app, added.* FROM unnest(@collections, @froms, @targets, @required) AS added
            """,
            cancellationToken,
            ("app", app),
            ("collections", references.Select(reference => (int)reference.Collection).ToArray()),
            ("froms", references.Select(reference => reference.From.ToGuid()).ToArray()),
            ("targets", references.Select(reference => reference.Target.ToGuid()).ToArray()),
            ("required", references.Select(reference => reference.Required).ToArray())
        );

    /// <inheritdoc/>
    public override async Task SetMembersAsync(DbConnection connection, IReadOnlyCollection<Member> members, CancellationToken cancellationToken) =>
        await connection.ExecuteAsync(
            """
            INSERT INTO member (app, key, id, kind, "row")
            SELECT * FROM unnest(@apps, @keys, @ids, @kinds, @rows)
            ON CONFLICT (app, key) DO UPDATE SET id = excluded.id, kind = excluded.kind, "row" = excluded."row"
            """,
            cancellationToken,
            ("apps", members.Select(member => member.App).ToArray()),
            ("keys", members.Select(member => member.Key.ToGuid()).ToArray()),
            ("ids", members.Select(member => member.Id.ToGuid()).ToArray()),
            ("kinds", members.Select(member => (int)member.Row.Kind).ToArray()),
            ("rows", members.Select(member => member.Row.Bytes.ToArray()).ToArray())
        );

    /// <inheritdoc/>
    public override async Task AddIssuesAsync(
        DbConnection connection,
        string app,
        IReadOnlyCollection<Issue> issues,
        CancellationToken cancellationToken
    ) =>
        await connection.ExecuteAsync(
            """
            INSERT INTO issue
              (app, collection, record, kind, attribute, rule, problem, sis_id, school, target, target_family, target_sis_id, target_absence)
            SELECT @app, added.* FROM unnest(
              @collections, @records, @kinds, @attributes, @rules, @problems, @ids, @schools, @targets, @families, @targetIds, @absences) AS added
            """,
            cancellationToken,
            ("app", app),
            ("collections", issues.Select(issue => (int)issue.Collection).ToArray()),
            ("records", issues.Select(issue => issue.Record.ToGuid()).ToArray()),
            ("kinds", issues.Select(issue => (int)issue.Kind).ToArray()),
            ("attributes", issues.Select(issue => issue.Attribute).ToArray()),
            ("rules", issues.Select(issue => (int)issue.Rule).ToArray()),
            ("problems", issues.Select(issue => (int)issue.Problem).ToArray()),
            ("ids", issues.Select(issue => issue.SisId).ToArray()),
            ("schools", issues.Select(issue => issue.School?.ToGuid()).ToArray()),
            ("targets", issues.Select(issue => issue.Target?.Id.ToGuid()).ToArray()),
            ("families", issues.Select(issue => (int?)issue.Target?.Family).ToArray()),
            ("targetIds", issues.Select(issue => issue.Target?.SisId).ToArray()),
            ("absences", issues.Select(issue => (int?)issue.Target?.Absence).ToArray())
        );

    /// <inheritdoc/>
    public override async Task AddStagedAsync(
        DbConnection connection,
        long run,
        Kind kind,
        IReadOnlyCollection<PlacedChange> changes,
        CancellationToken cancellationToken
    )
    {
        await connection.ExecuteAsync(
            """
            INSERT INTO staged_change (run, kind, id, operation, "row")
            SELECT @run, @kind, added.* FROM unnest(@ids, @operations, @rows) AS added
            """,
            cancellationToken,
            ("run", run),
            ("kind", (int)kind),
            ("ids", changes.Select(placed => placed.Change.Id.ToGuid()).ToArray()),
            ("operations", changes.Select(placed => (int)placed.Change.Operation).ToArray()),
            ("rows", changes.Select(placed => placed.Change.Operation == Operation.Delete ? null : placed.Change.Row.Bytes.ToArray()).ToArray())
        );
        var places = changes.SelectMany(placed => placed.Schools, (placed, school) => (School: school, placed.Change)).ToList();
        await connection.ExecuteAsync(
            """
            INSERT INTO staged_school (run, kind, school, operation, id)
            SELECT @run, @kind, added.* FROM unnest(@schools, @operations, @ids) AS added
            """,
            cancellationToken,
            ("run", run),
            ("kind", (int)kind),
            ("schools", places.Select(place => place.School.ToGuid()).ToArray()),
            ("operations", places.Select(place => (int)place.Change.Operation).ToArray()),
            ("ids", places.Select(place => place.Change.Id.ToGuid()).ToArray())
        );
    }

    /// <inheritdoc/>
    public override async Task AddSetAsideAsync(
        DbConnection connection,
        IReadOnlyCollection<SetAside> records,
        CancellationToken cancellationToken
    ) =>
        await connection.ExecuteAsync(
            "INSERT INTO set_aside (kind, id, \"row\") SELECT * FROM unnest(@kinds, @ids, @rows)",
            cancellationToken,
            ("kinds", records.Select(record => (int)record.Kind).ToArray()),
            ("ids", records.Select(record => record.Id.ToGuid()).ToArray()),
            ("rows", records.Select(record => record.Row?.Bytes.ToArray()).ToArray())
        );

    /// <inheritdoc/>
    public override string IndexesOf(string table) =>
        $"SELECT name.relname, pg_get_indexdef(i.indexrelid) FROM pg_index AS i JOIN pg_class AS name ON name.oid = i.indexrelid WHERE i.indrelid = '{table}'::regclass AND NOT i.indisprimary";

    /// <inheritdoc/>
    public override string CreateStage(KindTable table) =>
        $"CREATE TEMP TABLE stage ON COMMIT DROP AS SELECT id, since, hash, {table.Columns} FROM {table.Name} WHERE false";

    /// <inheritdoc/>
    public override string Analyze(string table) => $"ANALYZE {table}";
}
