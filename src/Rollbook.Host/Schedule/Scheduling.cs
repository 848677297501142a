using Quartz;
using Rollbook.Storage.Installation;

namespace Rollbook.Host.Schedule;

/// <summary>Runs the scheduler as long as the server runs, and keeps it to what the districts configured.</summary>
internal sealed partial class Scheduling(
    ISchedulerFactory schedulers,
    ScheduleInForce inForce,
    SchedulerDatabase database,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<Scheduling> logger
) : BackgroundService
{
    /// <summary>How soon a configuration that was saved, by whichever program, is in force.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    /// <summary>With hundreds of districts, looking takes a part of the time that is felt; then it is done less often, and never less than this.</summary>
    private static readonly TimeSpan LongLook = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait when the database can't be reached.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    private IScheduler? running;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Also the end of a server that could not start, which is told by whoever started it.
        }
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        await StartedAsync(stoppingToken);
        await using var alone = await TakeLockAsync(stoppingToken);
        try
        {
            while (true)
            {
                var began = time.GetTimestamp();
                var isReached = await LookAsync(stoppingToken);
                var isLong = time.GetElapsedTime(began) > Look / 10;
                await Task.Delay(
                    !isReached ? Rest
                        : isLong ? LongLook
                        : Look,
                    time,
                    stoppingToken
                );
            }
        }
        finally
        {
            // What runs is stopped and handed on: to another node, or to the next start. Only then may another program have the lock.
            // A server that could not start never had a scheduler.
            if (running is not null)
            {
                await running.Shutdown(waitForJobsToComplete: true, CancellationToken.None);
            }
        }
    }

    /// <summary>Makes what was configured be in force and then, the first time, starts to carry it out: a schedule that was switched off meanwhile must not catch up.</summary>
    private async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await inForce.UpdateAsync(cancellationToken);
            running = await schedulers.GetScheduler(cancellationToken);
            if (running.Status == SchedulerStatus.Created)
            {
                await running.Start(cancellationToken);
            }

            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogTrouble(exception.Message);
            return false;
        }
    }

    private async Task StartedAsync(CancellationToken cancellationToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registered = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(cancellationToken);
    }

    private async Task<IAsyncDisposable> TakeLockAsync(CancellationToken cancellationToken)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            if (database.TryLock() is { } taken)
            {
                return taken;
            }

            if (isFirst)
            {
                LogWaiting();
            }

            await Task.Delay(Look, time, cancellationToken);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Another program runs the schedule of this data folder. This one takes over when that one ends."
    )]
    private partial void LogWaiting();

    [LoggerMessage(Level = LogLevel.Error, Message = "The schedule could not be looked after and is tried again: {Reason}")]
    private partial void LogTrouble(string reason);
}
