using System.Globalization;
using System.Text;

namespace Rollbook.Bench;

/// <summary>The table of a measurement, in Markdown.</summary>
internal static class Report
{
    /// <summary>Medians over the rounds; a ratio is the median of the rounds' ratios.</summary>
    internal static string Of(BenchOptions options, IReadOnlyList<Round> rounds)
    {
        var text = new StringBuilder();
        var name = options.Database == Database.Sqlite ? "SQLite" : "PostgreSQL";
        Line(
            text,
            $"{name}, {options.Students:N0} students, {rounds[0].Records:N0} records; {rounds.Count} rounds, load {rounds.Min(round => round.Load.Begin):0.0} to {rounds.Max(round => round.Load.End):0.0}"
        );
        Line(text, $"");
        Line(text, $"| import | run s | limit s | ratio | program s | CPU s | peak MiB |");
        Line(text, $"|---|---:|---:|---:|---:|---:|---:|");
        Row(text, "unchanged", rounds, round => round.Unchanged, round => round.UnchangedLimit);
        Row(text, "first", rounds, round => round.First, round => round.FirstLimit);
        Row(text, $"{rounds[0].Changed:N0} records changed", rounds, round => round.Hundredth, round => round.HundredthLimit);
        Line(text, $"");
        Line(
            text,
            $"Of the limits: reading and hashing {Median(rounds, round => round.UnchangedLimit):0.00} s (CPU {Median(rounds, round => round.ReadBeforeUnchanged.Process.Cpu):0.0} s), loading by hand {Median(rounds, round => round.HandLoad):0.00} s, changing by hand {Median(rounds, round => round.HandChange):0.00} s."
        );
        return text.ToString();
    }

    private static void Row(
        StringBuilder text,
        string name,
        IReadOnlyList<Round> rounds,
        Func<Round, ImportFigures> import,
        Func<Round, double> limit
    ) =>
        Line(
            text,
            $"| {name} | {Median(rounds, round => import(round).Seconds):0.00} | {Median(rounds, limit):0.00} | {Median(rounds, round => import(round).Seconds / limit(round)):0.00} | {Median(rounds, round => import(round).Process.Wall):0.00} | {Median(rounds, round => import(round).Process.Cpu):0.0} | {rounds.Max(round => import(round).Process.PeakMebibytes):0} |"
        );

    private static double Median(IReadOnlyList<Round> rounds, Func<Round, double> figure)
    {
        var sorted = rounds.Select(figure).Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    private static void Line(StringBuilder text, FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
