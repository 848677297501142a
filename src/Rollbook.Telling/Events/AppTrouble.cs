using Rollbook.Storage;

namespace Rollbook.Telling.Events;

/// <summary>What of an app's trouble people have been told already, from what was told last.</summary>
internal sealed class AppTrouble
{
    private static readonly string[] Words =
    [
        .. new[] { Topic.Failed, Topic.Recovered, Topic.ConnectivityLost, Topic.ConnectivityRestored }.Select(Topics.ToWord),
    ];

    /// <summary>The runs of which they were told the troubles; null where there is none.</summary>
    private long? failing;
    private long? lost;

    /// <summary>Whether they think that its imports fail.</summary>
    internal bool IsFailing => failing is not null;

    /// <summary>Whether they think that its source can't be reached.</summary>
    internal bool IsLost => lost is not null;

    internal static async Task<AppTrouble> OfAsync(INotificationStore store, string app, CancellationToken cancellationToken)
    {
        // The two troubles come and go apart from each other; of each the last word counts.
        var trouble = new AppTrouble();
        foreach (var pair in new[] { Words[..2], Words[2..] })
        {
            if (await store.ListAsync(app, pair, before: null, limit: 1, cancellationToken) is [var last])
            {
                trouble.Told(Topics.FromWord(last.Topic), last.Run ?? 0);
            }
        }

        return trouble;
    }

    /// <summary>Whether imports are known to work again by a run that succeeded: it began after the one that failed. One that waited since before says nothing of it.</summary>
    internal bool IsRecoveredBy(long run) => failing < run;

    /// <summary>Whether the source is known to be reached again by a run that read it: it began after the one that could not.</summary>
    internal bool IsReachedAgainBy(long run) => lost < run;

    /// <summary>Notes what they are told of a run.</summary>
    internal void Told(Topic topic, long run)
    {
        switch (topic)
        {
            case Topic.Failed or Topic.Recovered:
                failing = topic == Topic.Failed ? run : null;
                break;
            case Topic.ConnectivityLost or Topic.ConnectivityRestored:
                lost = topic == Topic.ConnectivityLost ? run : null;
                break;
        }
    }
}
