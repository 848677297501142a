using System.Globalization;

namespace Rollbook.Bench;

/// <summary>What is measured.</summary>
/// <param name="Students">How many students the simulated district has.</param>
/// <param name="Database">SQLite or PostgreSQL.</param>
/// <param name="Rounds">How often everything is measured, in alternation.</param>
/// <param name="Folder">Where pages, databases and dumps go; a folder of its own below the system's temporary one by default.</param>
internal sealed record BenchOptions(int Students, Database Database, int Rounds, string Folder)
{
    /// <summary>Sections a student is in.</summary>
    internal const int EnrollmentsPerStudent = 10;

    /// <summary>What <c>--help</c> says.</summary>
    internal const string Help = """
        Measures imports of a simulated district, each beside its limit, and prints a table (Markdown) on standard output.

          dotnet run -c Release --project bench/Rollbook.Bench -- [options]

          --students N       students in the district, each with ten enrollments (default 10000; at most 1000000)
          --database NAME    sqlite or postgres (default sqlite); a PostgreSQL server of its own is started
          --rounds N         how often everything is measured, in alternation (default 3); the table has the medians
          --folder DIR       where pages, databases and dumps are put (default: a folder below the temporary one).
                             Pages are kept there for the next time; a million students take about 15 GB.

          dotnet run -c Release --project bench/Rollbook.Bench -- pages LINK DISTRICT APP TIMES [SCHOOL]

        Measures how long a running console takes for its pages. LINK comes from rollbook invite, for a Primary District Admin; the students
        asked for are those of SCHOOL (a Rollbook ID), or of the first school.

        What is measured and what it is held against is in bench/README.md.
        """;

    /// <summary>Reads the arguments; null with a message for a mistake.</summary>
    internal static BenchOptions? Parse(string[] args, out string mistake)
    {
        var options = new BenchOptions(10_000, Database.Sqlite, 3, Path.Combine(Path.GetTempPath(), "rollbook-bench"));
        mistake = "";
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            var read = (args[i], value) switch
            {
                ("--students", _) when Number(value) is >= 20 and <= 1_000_000 => options with { Students = Number(value)!.Value },
                ("--rounds", _) when Number(value) is > 0 => options with { Rounds = Number(value)!.Value },
                ("--database", "sqlite") => options with { Database = Database.Sqlite },
                ("--database", "postgres") => options with { Database = Database.Postgres },
                ("--folder", { Length: > 0 }) => options with { Folder = Path.GetFullPath(value) },
                _ => null,
            };
            if (read is null)
            {
                mistake = $"'{args[i]} {value}' is not an option. See --help.";
                return null;
            }

            options = read;
        }

        return options;
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>The databases that are measured.</summary>
internal enum Database
{
    /// <summary>SQLite.</summary>
    Sqlite,

    /// <summary>PostgreSQL.</summary>
    Postgres,
}
