using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using Rollbook.Model;
using Rollbook.Storage.Sql;
using SQLitePCL;

namespace Rollbook.Storage.Sqlite;

/// <summary>
/// Loads rows by one prepared statement, below ADO.NET: a row's bytes are bound as they are, without becoming strings and objects.
/// </summary>
internal sealed class SqliteLoader : IDisposable
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;
    private readonly KindDefinition definition;
    private readonly SqliteJson json = new();

    public SqliteLoader(SqliteConnection connection, string table, KindTable shape, (string Column, int Value) mark)
    {
        database = connection.Handle!;
        definition = shape.Definition;
        var marks = string.Concat(Enumerable.Repeat(", ?", definition.Attributes.Count));
        Check(
            raw.sqlite3_prepare_v2(
                database,
                $"INSERT INTO {table} (id, {mark.Column}, hash, {shape.Columns}) VALUES (?, {mark.Value}, ?{marks})",
                out statement
            )
        );
    }

    /// <summary>Loads the rows and returns their number.</summary>
    public long Load(IEnumerable<StagedChange> changes, CancellationToken cancellationToken)
    {
        var count = 0L;
        Span<byte> id = stackalloc byte[16];
        Span<byte> hash = stackalloc byte[16];
        foreach (var change in changes)
        {
            if ((count++ & 0xFF) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            change.Id.WriteTo(id);
            Check(raw.sqlite3_bind_blob(statement, 1, id));
            if (change.Operation == Operation.Delete)
            {
                Check(raw.sqlite3_clear_bindings(statement));
                Check(raw.sqlite3_bind_blob(statement, 1, id));
            }
            else
            {
                BinaryPrimitives.WriteUInt128BigEndian(hash, change.Row.Hash);
                Check(raw.sqlite3_bind_blob(statement, 2, hash));
                Bind(change.Row);
            }

            var result = raw.sqlite3_step(statement);
            Check(result == raw.SQLITE_DONE ? raw.SQLITE_OK : result);
            Check(raw.sqlite3_reset(statement));
        }

        return count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        statement.Dispose();
        json.Dispose();
    }

    private void Bind(Row row)
    {
        var values = row.Read();
        for (var i = 0; i < definition.Attributes.Count; i++)
        {
            var value = values.Next(out var missing);
            Check(missing ? raw.sqlite3_bind_null(statement, i + 3) : Bind(i + 3, definition.Attributes[i], value));
        }
    }

    private int Bind(int index, Model.Attribute attribute, ReadOnlySpan<byte> value) =>
        attribute.Type switch
        {
            AttributeType.Boolean => raw.sqlite3_bind_int(statement, index, value[0]),
            AttributeType.Reference => raw.sqlite3_bind_blob(statement, index, value),
            AttributeType.ReferenceList => raw.sqlite3_bind_text(statement, index, json.Ids(value)),
            AttributeType.TextList => raw.sqlite3_bind_text(statement, index, json.Texts(StorableText.Checked(attribute, value))),
            _ => raw.sqlite3_bind_text(statement, index, StorableText.Checked(attribute, value)),
        };

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            throw new SqliteException($"SQLite Error {result}: '{raw.sqlite3_errmsg(database).utf8_to_string()}'.", result);
        }
    }
}
