namespace Rollbook.Telling;

/// <summary>What people are told about an app's imports.</summary>
/// <remarks>The names are stored, and are in the calls of webhooks: never rename one.</remarks>
public enum Topic
{
    /// <summary>An import reached a limit or a guard and waits for a person.</summary>
    Held,

    /// <summary>An import waits for a person because of Preview of data upload.</summary>
    Waiting,

    /// <summary>Imports fail, since this one.</summary>
    Failed,

    /// <summary>Imports that failed work again.</summary>
    Recovered,

    /// <summary>The source can't be reached, since this import.</summary>
    ConnectivityLost,

    /// <summary>The source that could not be reached answers again.</summary>
    ConnectivityRestored,

    /// <summary>The end date of the sync schedule has come: nothing is imported by itself any more.</summary>
    ScheduleEnded,
}

/// <summary>The words of topics.</summary>
public static class Topics
{
    /// <summary>The word in the store and in the calls of webhooks: <c>connectivityLost</c>.</summary>
    public static string ToWord(Topic topic)
    {
        var name = topic.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    /// <summary>The topic of a word.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static Topic FromWord(string word) => Enum.Parse<Topic>(word, ignoreCase: true);
}
