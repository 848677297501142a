using Rollbook.Storage;

namespace Rollbook.Telling.Events;

/// <summary>What of an app's trouble people have been told already, from what was told last.</summary>
internal sealed class AppTrouble
{
    private static readonly string[] Words =
    [
        .. new[] { Topic.Failed, Topic.Recovered, Topic.ConnectivityLost, Topic.ConnectivityRestored }.Select(Topics.ToWord),
    ];

    /// <summary>Whether they think that its imports fail.</summary>
    internal bool IsFailing { get; private set; }

    /// <summary>Whether they think that its source can't be reached.</summary>
    internal bool IsLost { get; private set; }

    internal static async Task<AppTrouble> OfAsync(INotificationStore store, string app, CancellationToken cancellationToken)
    {
        // The two troubles come and go apart from each other; of each the last word counts.
        var trouble = new AppTrouble();
        foreach (var pair in new[] { Words[..2], Words[2..] })
        {
            if (await store.ListAsync(app, pair, before: null, limit: 1, cancellationToken) is [var last])
            {
                trouble.Told(Topics.FromWord(last.Topic));
            }
        }

        return trouble;
    }

    /// <summary>Notes what they are told.</summary>
    internal void Told(Topic topic)
    {
        switch (topic)
        {
            case Topic.Failed or Topic.Recovered:
                IsFailing = topic == Topic.Failed;
                break;
            case Topic.ConnectivityLost or Topic.ConnectivityRestored:
                IsLost = topic == Topic.ConnectivityLost;
                break;
        }
    }
}
