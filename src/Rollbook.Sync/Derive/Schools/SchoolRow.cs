using Rollbook.Model;

namespace Rollbook.Sync.Derive.Schools;

/// <summary>Puts into a school's row what its mapping says of it: another name, and the apps that feed it besides its own.</summary>
internal sealed class SchoolRow(string app)
{
    private static readonly KindDefinition School = Kinds.Of(Kind.School);

    private readonly RowWriter writer = new();

    /// <summary>The row with it; the row itself when there is nothing to put in. Valid until the next call.</summary>
    internal Row Write(Row row, string? name, IReadOnlyList<string> feeders)
    {
        if (name is null && feeders.Count == 0)
        {
            return row;
        }

        var reader = row.Read();
        writer.Clear();
        foreach (var attribute in School.Attributes)
        {
            var bytes = reader.Next(out var missing);
            if (name is not null && string.Equals(attribute.Name, "name", StringComparison.Ordinal))
            {
                writer.Text(name);
            }
            else if (feeders.Count > 0 && string.Equals(attribute.Name, "sources", StringComparison.Ordinal))
            {
                writer.Texts([app, .. feeders]);
            }
            else if (missing)
            {
                writer.Missing();
            }
            else
            {
                writer.Value(bytes);
            }
        }

        return writer.ToRow(row.Kind);
    }
}
