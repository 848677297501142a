using System.Globalization;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Runs;
using Spectre.Console;

namespace Rollbook.Host.Output;

/// <summary>Shows how far a run is: bars in a terminal, a line for each collection when piped.</summary>
internal static class ProgressOutput
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    internal static Task FollowAsync(IAnsiConsole console, IRunStore runs, long run, Task end) =>
        console.Profile.Capabilities.Interactive && console.Profile.Out.IsTerminal
            ? BarsAsync(console, runs, run, end)
            : LinesAsync(console, runs, run, end);

    private static async Task LinesAsync(IAnsiConsole console, IRunStore runs, long run, Task end)
    {
        var said = new HashSet<string>(StringComparer.Ordinal);
        do
        {
            await Task.WhenAny(end, Task.Delay(Beat));
            var progress = await ReadAsync(runs, run);
            foreach (var line in progress.Collections)
            {
                var text = line.State switch
                {
                    CollectionState.Complete => string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Collections.NameOf(line.Collection)}: {line.Read:N0} read"
                    ),
                    CollectionState.Unavailable => $"{Collections.NameOf(line.Collection)}: not available",
                    _ => null,
                };
                Say(text);
            }

            foreach (var notice in progress.Notices)
            {
                Say(notice);
            }

            if (progress.Step is "Publishing")
            {
                Say("publishing");
            }
        } while (!end.IsCompleted);

        void Say(string? text)
        {
            if (text is not null && said.Add(text))
            {
                console.WriteLine(text);
            }
        }
    }

    private static Task BarsAsync(IAnsiConsole console, IRunStore runs, long run, Task end) =>
        console
            .Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new RemainingTimeColumn()
            )
            .StartAsync(async context =>
            {
                var bars = Collections.InOrder.ToDictionary(
                    collection => collection,
                    collection => context.AddTask(Collections.NameOf(collection), autoStart: false)
                );
                var publishing = context.AddTask("publishing", autoStart: false);
                do
                {
                    await Task.WhenAny(end, Task.Delay(Beat));
                    var progress = await ReadAsync(runs, run);
                    foreach (var line in progress.Collections.Where(line => line.State != CollectionState.Pending))
                    {
                        Show(bars[line.Collection], line);
                    }

                    if (progress.Step is "Publishing" && !publishing.IsStarted)
                    {
                        publishing.IsIndeterminate = true;
                        publishing.StartTask();
                    }
                } while (!end.IsCompleted);
            });

    private static void Show(ProgressTask bar, CollectionProgress line)
    {
        if (!bar.IsStarted)
        {
            bar.StartTask();
        }

        bar.Description = string.Create(
            CultureInfo.InvariantCulture,
            $"{Collections.NameOf(line.Collection)}  {line.Read:N0}  ({line.PerSecond:N0}/s)"
        );
        bar.IsIndeterminate = line.State == CollectionState.Reading && line.Expected is null;
        bar.MaxValue = Math.Max(1, line.Expected ?? line.Read);
        bar.Value = line.State == CollectionState.Reading ? line.Read : bar.MaxValue;
    }

    private static async Task<RunProgress> ReadAsync(IRunStore runs, long run) =>
        RunProgress.FromJson((await runs.GetAsync(run, CancellationToken.None))?.Progress);
}
