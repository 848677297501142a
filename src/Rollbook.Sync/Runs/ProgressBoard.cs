using Rollbook.Model;
using Rollbook.Sources;

namespace Rollbook.Sync.Runs;

/// <summary>Collects how far a run is, from the run's own thread, for whoever writes it down twice a second.</summary>
internal sealed class ProgressBoard(TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly CollectionProgress[] lines =
    [
        .. Collections.InOrder.Select(collection => new CollectionProgress(collection, CollectionState.Pending, 0, null, 0)),
    ];

    private readonly long[] started = new long[Collections.InOrder.Count];
    private readonly List<string> notices = [];
    private string? step;

    internal void Take(SourceMessage message)
    {
        lock (gate)
        {
            var i = (int)message.Collection;
            var line = lines[i];
            if (line.State == CollectionState.Pending)
            {
                started[i] = time.GetTimestamp();
                line = line with { State = CollectionState.Reading };
            }

            lines[i] = message switch
            {
                SourceMessage.Progress progress => line with
                {
                    Read = progress.Read,
                    Expected = progress.Expected,
                    PerSecond = Rate(i, progress.Read),
                },
                SourceMessage.Complete complete => line with
                {
                    State = CollectionState.Complete,
                    Read = complete.Read,
                    Expected = complete.Expected,
                    PerSecond = Rate(i, complete.Read),
                },
                SourceMessage.Changes changes => line with
                {
                    State = CollectionState.Complete,
                    Read = changes.Read,
                    PerSecond = Rate(i, changes.Read),
                },
                SourceMessage.Unavailable => line with { State = CollectionState.Unavailable },
                _ => line,
            };
            if (message is SourceMessage.Notice notice)
            {
                notices.Add(notice.Text);
            }
            else if (message is SourceMessage.Unavailable unavailable)
            {
                notices.Add(unavailable.Reason);
            }
        }
    }

    internal void Step(string? what)
    {
        lock (gate)
        {
            step = what;
        }
    }

    internal RunProgress Snapshot()
    {
        lock (gate)
        {
            return new RunProgress
            {
                Collections = [.. lines],
                Step = step,
                Notices = [.. notices],
                At = time.GetUtcNow(),
            };
        }
    }

    private double Rate(int i, long read) => Math.Round(read / Math.Max(0.001, time.GetElapsedTime(started[i]).TotalSeconds));
}
