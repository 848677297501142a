using Rollbook.Storage.Installation;

namespace Rollbook.Telling;

/// <summary>One of the things that a person chooses to get by e-mail (product.md section 7).</summary>
/// <param name="Key">Under which the choice is kept.</param>
/// <param name="Label">What the screen calls it.</param>
/// <param name="Meaning">When one gets it, in a sentence.</param>
/// <param name="Topics">What comes with it.</param>
/// <param name="IsForPrimary">Whether a Primary District Admin who has not chosen gets it; nobody else does.</param>
public sealed record EmailChoice(string Key, string Label, string Meaning, IReadOnlyList<Topic> Topics, bool IsForPrimary)
{
    /// <summary>All there are, in the order of the screen.</summary>
    public static IReadOnlyList<EmailChoice> All { get; } =
    [
        new("held", "Held sync", "An import reached a limit and waits for a Primary District Admin.", [Topic.Held], IsForPrimary: true),
        new(
            "waiting",
            "Preview waiting",
            "An import waits for Accept or Decline, because Preview of data upload is on.",
            [Topic.Waiting],
            IsForPrimary: true
        ),
        new(
            "failed",
            "Failed import",
            "Imports of an app begin to fail, and when they work again.",
            [Topic.Failed, Topic.Recovered],
            IsForPrimary: true
        ),
        new(
            "connectivity",
            "Connectivity problem",
            "A source can't be reached, and when it answers again.",
            [Topic.ConnectivityLost, Topic.ConnectivityRestored],
            IsForPrimary: true
        ),
        new("schedule", "Schedule ended", "The end date of an app's Sync Schedule has come.", [Topic.ScheduleEnded], IsForPrimary: false),
    ];

    /// <summary>The choice with which a topic comes.</summary>
    public static EmailChoice Of(Topic topic) => All.First(choice => choice.Topics.Contains(topic));

    /// <summary>Whether a person gets it.</summary>
    /// <param name="person">The account's ID.</param>
    /// <param name="role">The person's role in the district.</param>
    /// <param name="chosen">What people of the district chose (<see cref="Storage.INotificationStore.ChoicesAsync"/>).</param>
    public bool IsFor(string person, Role role, IReadOnlyDictionary<(string Person, string Topic), bool> chosen)
    {
        ArgumentNullException.ThrowIfNull(chosen);
        return chosen.TryGetValue((person, Key), out var own) ? own : IsForPrimary && role == Role.PrimaryDistrictAdmin;
    }
}
