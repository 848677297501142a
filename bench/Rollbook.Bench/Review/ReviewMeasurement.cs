using System.Diagnostics;
using System.Globalization;
using Rollbook.Bench.Pages;
using Rollbook.Simulator;
using Rollbook.Storage;
using Rollbook.Sync.Runs;
using Rollbook.Testing;

namespace Rollbook.Bench.Review;

/// <summary>
/// A run that waits with half a district: its page, the lists of records behind its figures, and Accept, as a person meets them. Five of thirteen grades leave by a
/// Filter Rule, with all their enrollments, and everybody else has another address.
/// </summary>
internal sealed class ReviewMeasurement(BenchOptions options)
{
    private const int Times = 20;

    private const string Change = """
            filters:
              - { kind: student, where: [ { attribute: grades, condition: is one of, value: [KG, "01", "02", "03", "04", "05", "06", "07"] } ] }
            attributes:
              student: [ { target: email, template: "{{ username | downcase }}@bench.example" } ]
        """;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Measures, and prints tables.</summary>
    internal async Task<int> RunAsync()
    {
        await using var sis = await Measurement.StartAsync(options);
        var folder = Directory.CreateDirectory(Path.Combine(options.Folder, $"review-{Environment.ProcessId}")).FullName;
        try
        {
            await RunAsync(sis, folder);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task RunAsync(SimulatedSynergy sis, string folder)
    {
        var connection = options.Database == Database.Sqlite ? null : await (await PostgresServer.SharedAsync()).NewDatabaseAsync();
        var installation = new Installation(Path.Combine(folder, "data"), connection);
        await installation.ConfigureAsync(sis);
        var first = await installation.ImportAsync(RunState.Published);
        Say($"First import: {first.Seconds:0.0} s");
        await installation.ConfigureAsync(sis, Change);
        var held = await installation.ImportAsync(RunState.Held);
        var changed = held.Report.Changes.Values.Sum(counts => counts.Create + counts.Update + counts.Delete);
        Say($"Import that waits: {held.Seconds:0.0} s, {changed:N0} changes");

        var name = options.Database == Database.Sqlite ? "SQLite" : "PostgreSQL";
        Line(
            $"{name}, {options.Students:N0} students, {first.Report.Changes.Values.Sum(counts => counts.Create):N0} records in the roster, {changed:N0} changed; load {Measurement.Load():0.0}"
        );
        Line($"");
        await using var console = await ServedConsole.StartAsync(installation);
        await PagesAsync(console, held.Run);
        await AcceptAsync(installation, console, held, first);
    }

    private static async Task PagesAsync(ServedConsole console, long run)
    {
        var page = $"/d/{Installation.District}/history/{run}";
        var (seconds, html) = await LookAsync(console, page);
        Line($"First look at the page: {seconds * 1000:0} ms");
        Line($"");
        var school = PageTimes.LinksOf(html).First(link => link.Contains("changes?school=", StringComparison.Ordinal));
        var enrollments = $"{page}/changes?kind=enrollment&operation=delete";
        var (firstList, list) = await LookAsync(console, enrollments);
        var next = PageTimes.LinksOf(list).First(link => link.Contains("after=", StringComparison.Ordinal));
        Line($"First look at the list of deleted enrollments: {firstList * 1000:0} ms");
        Line($"");
        Line($"| page | p50 ms | p95 ms | longest ms | KiB |");
        Line($"|---|---:|---:|---:|---:|");
        await new PageTimes(console.Client, Installation.District, Installation.App, school: null).MeasureAsync(
            [
                ("The run that waits", page),
                ("Its changes", $"{page}/changes"),
                ("Enrollments deleted", enrollments),
                ("next page", next),
                ("Students deleted", $"{page}/changes?kind=student&operation=delete"),
                ("Students updated", $"{page}/changes?kind=student&operation=update"),
                ("Deleted at a school", school),
                ("The roster as it would be, students", $"/d/{Installation.District}/data/student?waiting={run}"),
            ],
            Times
        );
        Line($"");
    }

    private static async Task AcceptAsync(Installation installation, ServedConsole console, ImportFigures held, ImportFigures first)
    {
        var page = $"/d/{Installation.District}/history/{held.Run}";
        var form = await console.Client.GetStringAsync(new Uri(page, UriKind.Relative));
        var start = form.IndexOf($"{page}/decision", StringComparison.Ordinal);
        var fields = PageTimes.HiddenOf(form[start..form.IndexOf("</form>", start, StringComparison.Ordinal)]);
        fields["decision"] = "accept";
        fields["reason"] = "Measured";
        await using var opened = installation.Open();
        var store = (await opened.OpenAsync(Installation.District, CancellationToken.None))!;
        var watch = Stopwatch.StartNew();
        using var content = new FormUrlEncodedContent(fields);
        using var answer = await console.Client.PostAsync(new Uri($"{page}/decision", UriKind.Relative), content);
        answer.EnsureSuccessStatusCode();
        var answered = watch.Elapsed.TotalSeconds;
        RunRecord run;
        while (RunStates.IsActive(run = (await store.Runs.GetAsync(held.Run, CancellationToken.None))!))
        {
            await Task.Delay(Interval);
        }

        var took = watch.Elapsed.TotalSeconds;
        if (RunStates.FromWord(run.State) != RunState.Published)
        {
            throw new InvalidOperationException($"The run should have been published and is {run.State}.");
        }

        var report = RunReport.FromJson(run.Report);
        var stages = string.Join(", ", report.Seconds.Select(stage => string.Create(CultureInfo.InvariantCulture, $"{stage.Key} {stage.Value:0.0}")));
        Line($"| | s |");
        Line($"|---|---:|");
        Line($"| first import | {first.Seconds:0.0} |");
        Line($"| import that waits | {held.Seconds:0.0} |");
        Line($"| Accept, until the page answers | {answered:0.00} |");
        Line($"| Accept, until it is published ({stages}) | {took:0.0} |");
        Line($"");
        Line($"Peak memory of the server: {console.PeakMebibytes:0} MiB; load {Measurement.Load():0.0}");
    }

    private static async Task<(double Seconds, string Html)> LookAsync(ServedConsole console, string page)
    {
        var watch = Stopwatch.StartNew();
        var html = await console.Client.GetStringAsync(new Uri(page, UriKind.Relative));
        return (watch.Elapsed.TotalSeconds, html);
    }

    private static void Line(FormattableString line) => Console.Out.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static void Say(FormattableString line) => Console.Error.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
