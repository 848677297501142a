using Rollbook.Telling;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Notifications;

/// <summary>What the console calls the topics of notifications.</summary>
internal static class NotificationWords
{
    internal static string Name(Topic topic) =>
        topic switch
        {
            Topic.Waiting => "Preview waiting",
            Topic.ConnectivityLost => "Not reachable",
            Topic.ConnectivityRestored => "Reachable",
            Topic.ScheduleEnded => "Schedule ended",
            _ => topic.ToString(),
        };

    internal static Tone ToneOf(Topic topic) =>
        topic switch
        {
            Topic.Held or Topic.Waiting or Topic.ScheduleEnded => Tone.Attention,
            Topic.Failed or Topic.ConnectivityLost => Tone.Danger,
            _ => Tone.Good,
        };
}
