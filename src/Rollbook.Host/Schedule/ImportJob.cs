using System.Globalization;
using Quartz;
using Rollbook.Storage;
using Rollbook.Sync.Runs;

namespace Rollbook.Host.Schedule;

/// <summary>
/// A scheduled import. It lasts as long as its run, so that Quartz knows which node is at work: when that node dies, another one does the import again, and when the node
/// is stopped, the import is stopped and handed on.
/// </summary>
internal sealed partial class ImportJob(IImports imports, IInstallationStore installation, TimeProvider time, ILogger<ImportJob> logger) : IJob
{
    private const string StartedBy = "Schedule";

    /// <summary>How long a dead node's lock may outlive it: a database that has lost its client without a word notices by keep-alives.</summary>
    private static readonly TimeSpan LockPatience = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>The job of an app.</summary>
    internal static JobKey KeyOf(string district, string app) => new(app, district);

    /// <inheritdoc/>
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var (district, app) = (context.JobDetail.Key.Group, context.JobDetail.Key.Name);
        var result = context.Recovering
            ? await TakeOverAsync(context, cancellationToken)
            : await imports.StartAsync(district, app, Sync.Runs.Imports.Schedule, StartedBy, cancellationToken);
        switch (result)
        {
            case StartResult.Started(var run):
                await WaitAsync(district, run, cancellationToken);
                break;
            case StartResult.AlreadyRunning(var run):
                LogSkipped(district, app, run);
                break;
            case StartResult.Refused(var message):
                LogRefused(district, app, message);
                break;
        }
    }

    /// <summary>Begins the import that was cut off again; nothing, when it had come to its end all the same.</summary>
    private async Task<StartResult?> TakeOverAsync(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var (district, app) = (context.JobDetail.Key.Group, context.JobDetail.Key.Name);
        var began = time.GetTimestamp();
        while (true)
        {
            var last = await LastAsync(district, app, FirstFiredAt(context), cancellationToken);
            if (last is not null && !IsCutOff(last))
            {
                return null;
            }

            var result = await imports.StartAsync(district, app, Sync.Runs.Imports.Schedule, StartedBy, cancellationToken);
            if (result is StartResult.Started)
            {
                LogTakenOver(district, app, last?.Number);
            }

            // The lock of what was cut off may outlive its program a little; another run that began meanwhile is the import that was wanted.
            var isLocked = result is StartResult.AlreadyRunning(var run) && (run is null || run == last?.Number);
            if (!isLocked || time.GetElapsedTime(began) > LockPatience)
            {
                return result;
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <summary>When the firing that was cut off was due; Quartz writes it into the one that takes over.</summary>
    private static DateTimeOffset FirstFiredAt(IJobExecutionContext context) =>
        context.MergedJobDataMap.TryGetString(SchedulerConstants.FailedJobOriginalTriggerScheduledFireTime, out var text)
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : context.ScheduledFireTimeUtc ?? context.FireTimeUtc;

    /// <summary>The app's newest run, if it began since.</summary>
    private async Task<RunRecord?> LastAsync(string district, string app, DateTimeOffset since, CancellationToken cancellationToken) =>
        await installation.OpenAsync(district, cancellationToken) is { } store
            ? (await store.Runs.ListAsync(app, before: null, limit: 1, cancellationToken)).FirstOrDefault(run => run.StartedAt >= since)
            : null;

    /// <summary>Whether a run was cut off: it is still open, or was stopped or found dead by a program that started.</summary>
    private static bool IsCutOff(RunRecord run) =>
        RunStates.FromWord(run.State) switch
        {
            RunState.Cancelled => true,
            RunState.Failed => RunReport.FromJson(run.Report).Failure is { Part: "program", Retry: true },
            var state => RunStates.Active.Contains(state),
        };

    private async Task WaitAsync(string district, long run, CancellationToken cancellationToken)
    {
        try
        {
            await imports.WaitAsync(district, run, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The node is being stopped. It lets go of the app before the import is handed on, or whoever takes it finds it at work.
            await imports.CancelAsync(district, run, CancellationToken.None);
            await imports.WaitAsync(district, run, CancellationToken.None);
            throw;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "District {District}: the scheduled import of {App} was skipped, since run {Run} of it is still at work."
    )]
    private partial void LogSkipped(string district, string app, long? run);

    [LoggerMessage(Level = LogLevel.Warning, Message = "District {District}: the scheduled import of {App} could not begin. {Reason}")]
    private partial void LogRefused(string district, string app, string reason);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "District {District}: the scheduled import of {App} was cut off in run {Run} and is done again by this program."
    )]
    private partial void LogTakenOver(string district, string app, long? run);
}
