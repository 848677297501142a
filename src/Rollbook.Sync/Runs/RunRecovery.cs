using System.Globalization;
using Microsoft.Extensions.Logging;
using Rollbook.Storage;

namespace Rollbook.Sync.Runs;

/// <summary>Finds what programs left that died at work.</summary>
internal sealed partial class RunRecovery(ImportOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>Runs that wait for a person.</summary>
    internal WaitingRuns Waiting { get; } = new(time, logger);

    /// <summary>
    /// Ends an app's runs whose program died: they have failed, and what they had staged is thrown away; one that a person had approved waits again. Whoever calls has the
    /// app's lock.
    /// </summary>
    internal async Task RecoverAsync(IDistrictStore store, string app, CancellationToken cancellationToken)
    {
        foreach (var run in (await store.Runs.UnendedAsync(app, cancellationToken)).Where(RunStates.IsActive))
        {
            PrivateFolder.Delete(options.FolderOf(store.District.Id, run.Number));
            var report = RunReport.FromJson(run.Report);
            if (report is { WaitsAs: { } waitsAs, Decision: null })
            {
                // It was being published because a person had approved it.
                await store.Runs.MoveAsync(run.Number, run.State, RunStates.ToWord(waitsAs), report: null, endedAt: null, cancellationToken);
                LogWaitsAgain(store.District.Id, run.Number);
                continue;
            }

            report = report with { Failure = RunFailures.CutOff(report.Purpose) };
            await store.Runs.MoveAsync(
                run.Number,
                run.State,
                RunStates.ToWord(RunState.Failed),
                report.ToJson(),
                time.GetUtcNow(),
                cancellationToken
            );
            LogRecovered(store.District.Id, run.Number);
        }

        await Waiting.SupersedeAsync(store, app);
        await store.Uploads.DiscardEndedAsync(cancellationToken);
    }

    /// <summary>Removes what runs of the district left on this machine that are not at work any more.</summary>
    internal async Task RemoveSpoolsAsync(IDistrictStore store, CancellationToken cancellationToken)
    {
        var prefix = store.District.Id + "-";
        foreach (var folder in Directory.Exists(options.WorkFolder) ? Directory.GetDirectories(options.WorkFolder, prefix + "*") : [])
        {
            if (
                long.TryParse(Path.GetFileName(folder).AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && await store.Runs.GetAsync(number, cancellationToken) is { } run
                && !RunStates.IsActive(run)
            )
            {
                PrivateFolder.Delete(folder);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "District {District}: run {Run} was cut off by the end of its program and has failed.")]
    private partial void LogRecovered(string district, long run);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "District {District}: the publication of run {Run} was cut off by the end of its program. It waits for a person again."
    )]
    private partial void LogWaitsAgain(string district, long run);
}
