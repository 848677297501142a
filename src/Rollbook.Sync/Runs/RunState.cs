using Rollbook.Storage;

namespace Rollbook.Sync.Runs;

/// <summary>Where a run is (command-line.md section 1, in the order in which a run goes through them).</summary>
public enum RunState
{
    /// <summary>Recorded, not begun.</summary>
    Queued,

    /// <summary>Reads the source.</summary>
    Reading,

    /// <summary>Derives the staged roster and compares it with the published one.</summary>
    Deriving,

    /// <summary>Waits for a person because of Preview of data upload.</summary>
    Waiting,

    /// <summary>Waits for a person because a limit was broken.</summary>
    Held,

    /// <summary>In the one atomic step.</summary>
    Publishing,

    /// <summary>Made a new version.</summary>
    Published,

    /// <summary>Found nothing to change.</summary>
    Unchanged,

    /// <summary>Ended without any effect on the roster, for the reason its report gives.</summary>
    Failed,

    /// <summary>Was stopped by a person, without any effect on the roster.</summary>
    Cancelled,

    /// <summary>A person declined it.</summary>
    Declined,

    /// <summary>A later run took its place.</summary>
    Superseded,
}

/// <summary>The state machine of a run: which state may follow which.</summary>
public static class RunStates
{
    private static readonly Dictionary<RunState, RunState[]> Next = new()
    {
        [RunState.Queued] = [RunState.Reading, RunState.Failed, RunState.Cancelled],
        [RunState.Reading] = [RunState.Deriving, RunState.Failed, RunState.Cancelled],
        [RunState.Deriving] = [RunState.Publishing, RunState.Waiting, RunState.Held, RunState.Failed, RunState.Cancelled],
        [RunState.Waiting] = [RunState.Deriving, RunState.Declined, RunState.Superseded, RunState.Failed],
        [RunState.Held] = [RunState.Deriving, RunState.Declined, RunState.Superseded, RunState.Failed],
        [RunState.Publishing] = [RunState.Published, RunState.Unchanged, RunState.Waiting, RunState.Held, RunState.Failed, RunState.Cancelled],
    };

    /// <summary>The states in which a program is at work on the run; found so after that program died, the run has failed.</summary>
    public static IReadOnlyList<RunState> Active { get; } = [RunState.Queued, RunState.Reading, RunState.Deriving, RunState.Publishing];

    /// <summary>The states in which a run waits for a person.</summary>
    public static IReadOnlyList<RunState> Undecided { get; } = [RunState.Waiting, RunState.Held];

    /// <summary>Whether a program is, or was when it died, at work on a run.</summary>
    public static bool IsActive(RunRecord run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Active.Contains(FromWord(run.State));
    }

    /// <summary>Whether a run waits for a person.</summary>
    public static bool IsUndecided(RunRecord run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Undecided.Contains(FromWord(run.State));
    }

    /// <summary>Whether a run may go from one state straight to the other.</summary>
    public static bool CanMove(RunState from, RunState to) => Next.TryGetValue(from, out var next) && next.Contains(to);

    /// <summary>Whether nothing follows.</summary>
    public static bool IsEnd(RunState state) => !Next.ContainsKey(state);

    /// <summary>The word in files and on the command line.</summary>
    public static string ToWord(RunState state) => state.ToString().ToLowerInvariant();

    /// <summary>The state of a word.</summary>
    /// <exception cref="ArgumentException">It is not one.</exception>
    public static RunState FromWord(string word) => Enum.Parse<RunState>(word, ignoreCase: true);
}
