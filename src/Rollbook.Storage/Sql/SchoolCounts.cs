using System.Data.Common;
using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>Counts records by the schools that they are at. Lists of schools are few, so whole lists are grouped and nothing is taken apart in the database.</summary>
internal sealed class SchoolCounts(Database database)
{
    public async Task<IReadOnlyList<SchoolGroup>> CountAsync(Kind kind, CancellationToken cancellationToken)
    {
        var definition = Kinds.Of(kind);
        var attribute =
            definition.Find("schools")
            ?? definition.Find("school")
            ?? throw new ArgumentException($"Records of the kind {definition.Name} have no school.", nameof(kind));
        var sources = definition["sources"];
        var columns = $"\"{sources.Column}\", \"{attribute.Column}\"";
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ListAsync(
            $"SELECT {columns}, count(*) FROM {KindTable.Of(kind).Name} GROUP BY {columns}",
            reader => new SchoolGroup(RowReader.Texts(Read(reader, 0, sources)), RowReader.Ids(Read(reader, 1, attribute)), reader.GetInt64(2)),
            cancellationToken
        );
    }

    private ReadOnlySpan<byte> Read(DbDataReader reader, int ordinal, Model.Attribute attribute)
    {
        if (reader.IsDBNull(ordinal))
        {
            return default;
        }

        var writer = new RowWriter();
        database.Dialect.ReadValue(reader, ordinal, attribute.Type, writer);
        return new RowReader(writer.Written.Span).Next(out _);
    }
}
