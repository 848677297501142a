using System.Globalization;
using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Sources.OneRosterCsv.Format;
using Rollbook.Storage;
using Rollbook.Sync.Runs;
using Spectre.Console;

namespace Rollbook.Host.Output;

/// <summary>A run for a person.</summary>
internal static class RunOutput
{
    internal static void Print(RunRecord run)
    {
        var report = RunReport.FromJson(run.Report);
        AnsiConsole.WriteLine(Sentence(run, report));
        foreach (var hold in report.Holds)
        {
            AnsiConsole.WriteLine("  " + hold.Message);
        }

        foreach (var notice in report.Notices)
        {
            AnsiConsole.WriteLine("  " + notice);
        }

        if (LeftOut(run, report) is { } left)
        {
            AnsiConsole.WriteLine("  " + left);
        }

        PrintFindings(report.Findings);
        if (report.Changes.Count == 0)
        {
            return;
        }

        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn("kind");
        foreach (var head in new[] { "read", "created", "updated", "deleted", "unchanged", "skipped" })
        {
            table.AddColumn(new TableColumn(head).RightAligned());
        }

        foreach (var definition in Kinds.All)
        {
            var counts = report.Changes.GetValueOrDefault(definition.Kind) ?? new ChangeCounts();
            table.AddRow(
                definition.Name,
                Number(report.Read.GetValueOrDefault(definition.Kind)),
                Number(counts.Create),
                Number(counts.Update),
                Number(counts.Delete),
                Number(counts.Unchanged),
                Number(report.Skipped.GetValueOrDefault(definition.Kind))
            );
        }

        AnsiConsole.Write(table);
    }

    internal static string Sentence(RunRecord run, RunReport report)
    {
        var purpose = report.Purpose switch
        {
            RunPurpose.Removal => " (removal)",
            RunPurpose.Uniting => " (after another app's import)",
            RunPurpose.Additions => " (what a held run adds and updates)",
            _ => "",
        };
        var what = report.Rollback is { } rollback
            ? FormattableString.Invariant($"Run {run.Number}, a rollback to version {rollback.Version},")
            : FormattableString.Invariant($"Run {run.Number} of {run.App}{purpose}");
        var seconds = run.EndedAt is { } end ? string.Create(CultureInfo.InvariantCulture, $" in {(end - run.StartedAt).TotalSeconds:N1} s") : "";
        return run.State switch
        {
            "published" => FormattableString.Invariant($"{what} published version {run.Version}{seconds}."),
            "unchanged" => $"{what} found nothing to change{seconds}.",
            "failed" => $"{what} failed{seconds}: {report.Failure?.Message}",
            "cancelled" => $"{what} was cancelled; the roster is as it was.",
            "waiting" =>
                $"{what} waits for a person{(report.Rollback is null ? ", since Preview of data upload is on" : "")}. Look at it with: rollbook changes {run.Number}; then: rollbook accept {run.Number} --hash {report.ChangeHash} --reason TEXT, or decline.",
            "held" =>
                $"{what} is held and waits for a person. Look at it with: rollbook changes {run.Number}; then: rollbook accept {run.Number} --hash {report.ChangeHash} --reason TEXT, or decline.",
            "declined" => $"{what} was declined by {report.Decision?.By}: {report.Decision?.Reason}",
            _ => $"{what} is {run.State}.",
        };
    }

    /// <summary>What is left out of the changes, or was left out of what was published; null for nothing.</summary>
    private static string? LeftOut(RunRecord run, RunReport report)
    {
        string[] parts =
        [
            .. from kind in Kinds.All
            let counts = report.LeftOut.GetValueOrDefault(kind.Kind)
            where counts is { Any: true }
            select $"{kind.Plural.ToLowerInvariant()} {Counts(counts)}",
        ];
        return parts.Length == 0 ? null
            : RunStates.IsUndecided(run)
                ? $"Left out of what accept publishes: {string.Join("; ", parts)}. Publish everything with: rollbook accept {run.Number} --whole --reason TEXT"
            : $"Left out: {string.Join("; ", parts)}. {report.LeftOutWords}";

        static string Counts(ChangeCounts counts) =>
            string.Join(
                ", ",
                new[] { (counts.Create, "created"), (counts.Update, "updated"), (counts.Delete, "deleted"), (counts.Rekey, "re-keyed") }
                    .Where(each => each.Item1 > 0)
                    .Select(each => $"{Number(each.Item1)} {each.Item2}")
            );
    }

    private static void PrintFindings(IReadOnlyList<FileFinding> findings)
    {
        foreach (var finding in findings)
        {
            AnsiConsole.WriteLine($"  {finding.File}, {finding.Rule}: {Number(finding.Count)}. {CsvRules.All.GetValueOrDefault(finding.Rule)}");
            foreach (var example in finding.Examples)
            {
                var line = example.Line is { } number ? $"line {Number(number)}" : "";
                string?[] parts = [line, example.Column, example.Value is { } value ? $"\"{value}\"" : null];
                AnsiConsole.WriteLine($"    {string.Join(", ", parts.Where(part => !string.IsNullOrEmpty(part)))}");
            }
        }
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
