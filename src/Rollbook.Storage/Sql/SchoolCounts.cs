using System.Data.Common;
using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>Counts records by the schools that they are at. Lists of schools are few, so whole lists are grouped and nothing is taken apart in the database.</summary>
internal sealed class SchoolCounts(Database database)
{
    public async Task<IReadOnlyList<SchoolGroup>> CountAsync(Kind kind, CancellationToken cancellationToken)
    {
        var definition = Kinds.Of(kind);
        var table = KindTable.Of(kind);
        var attribute = table.School ?? throw new ArgumentException($"Records of the kind {definition.Name} have no school.", nameof(kind));
        var sources = definition["sources"];
        var writer = new RowWriter();
        var columns = $"\"{sources.Column}\", \"{attribute.Column}\"";
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ListAsync(
            $"SELECT {columns}, count(*) FROM {table.Name} GROUP BY {columns}",
            reader => new SchoolGroup(
                RowReader.Texts(database.Dialect.ReadBytes(reader, 0, sources, writer)),
                RowReader.Ids(database.Dialect.ReadBytes(reader, 1, attribute, writer)),
                reader.GetInt64(2)
            ),
            cancellationToken
        );
    }
}
