namespace Rollbook.Storage;

/// <summary>Which roster is looked at: the newest version, an older one, or the one that there would be if a run that waits for a person were accepted now.</summary>
public readonly record struct AsOf
{
    /// <summary>The newest version.</summary>
    public static AsOf Newest => default;

    /// <summary>The version; null for the newest and for what waits.</summary>
    public int? Version { get; private init; }

    /// <summary>
    /// The number of the run that waits: its changes, but for those that a person leaves out, are laid over the newest version. What they bring has 0 as <see cref="Model.RosterRecord.Since"/>,
    /// for it has no version yet. Null for a version.
    /// </summary>
    public long? Waiting { get; private init; }

    /// <summary>Whether it is the newest version.</summary>
    public bool IsNewest => Version is null && Waiting is null;

    /// <summary>The roster as it would be after a run that waits.</summary>
    public static AsOf After(long run) => new() { Waiting = run };

    /// <summary>A version; the newest for null.</summary>
    public static AsOf Of(int? version) => new() { Version = version };

    /// <summary>A version; the newest for null.</summary>
    public static implicit operator AsOf(int? version) => Of(version);
}
