using Rollbook.Model;
using Rollbook.Storage;

namespace Rollbook.Sync.Runs;

/// <summary>Starts and stops imports of this program's districts; the console, the command line and the schedule all come through here.</summary>
public interface IImports
{
    /// <summary>
    /// Begins an import of an app and returns at once with its number; it goes on in the background. While one of the same app is
    /// running anywhere, no second one begins. One that the schedule (<see cref="Imports.Schedule"/>) or a new package (<see cref="Imports.Package"/>) asks for and that can't begin is a failed run.
    /// </summary>
    Task<StartResult> StartAsync(string district, string app, string trigger, string startedBy, CancellationToken cancellationToken);

    /// <summary>
    /// Begins the removal of everything that an app feeds and returns at once with its run's number. Nobody but a person by name asks for it, so no guard
    /// holds it up. Records that other apps feed stay, and a school that another app's mapping leads to stays as long as it does. The app's
    /// kept upload goes too; published versions keep what was in them. An app that is no longer in the configuration can be removed as well.
    /// </summary>
    Task<StartResult> StartRemovalAsync(string district, string app, string startedBy, CancellationToken cancellationToken);

    /// <summary>
    /// Begins a run of an app from its kept upload, without asking the source, because a person decided whose people its people are. While a run of the app is at work,
    /// no second one begins: the one at work is followed by one that knows the decision.
    /// </summary>
    Task<StartResult> StartUnitingAsync(string district, string app, string startedBy, CancellationToken cancellationToken);

    /// <summary>
    /// Begins to roll back to an older version, and returns at once with the run's number: what that would change is staged, and waits for a person like any change in a
    /// preview. It ends as unchanged when the roster has that content already.
    /// </summary>
    /// <param name="district">The district.</param>
    /// <param name="version">The version whose content is wanted.</param>
    /// <param name="trigger">What asks (<see cref="RunRecord.Trigger"/>).</param>
    /// <param name="startedBy">Who, by sign-in name.</param>
    /// <param name="reason">Why; it becomes the new version's reason.</param>
    /// <param name="cancellationToken">Stops the beginning, not the work.</param>
    Task<StartResult> StartRollbackAsync(
        string district,
        int version,
        string trigger,
        string startedBy,
        string reason,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Publishes a run that waits for a person, and returns at once; it goes on in the background like an import. The changes are computed again from what the run read: when
    /// they are others by now, since the roster or the configuration has moved on, nothing is published and the run waits again, with the new ones.
    /// </summary>
    /// <param name="district">The district.</param>
    /// <param name="run">The run.</param>
    /// <param name="hash">What <see cref="ShownAsync"/> said when the person saw the changes; null for those of now.</param>
    /// <param name="acceptedBy">Who, by sign-in name.</param>
    /// <param name="reason">Why; it becomes the version's reason.</param>
    /// <param name="cancellationToken">Stops the beginning, not the work.</param>
    Task<StartResult> AcceptAsync(string district, long run, string? hash, string acceptedBy, string reason, CancellationToken cancellationToken);

    /// <summary>
    /// Leaves some of the changes of a run that waits out of what is accepted, or takes them in again. What is left out stays as it is in the roster, and the next import
    /// brings it again; what can't be without it does not come either, and what belongs to a record that goes, goes with it.
    /// </summary>
    /// <param name="district">The district.</param>
    /// <param name="run">The run.</param>
    /// <param name="hash">What the person saw, as for an acceptance; null for what there is now.</param>
    /// <param name="choices">What is left out and taken in, one after the other.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Null when done; else why not, for a person.</returns>
    Task<string?> ChooseAsync(string district, long run, string? hash, IReadOnlyList<PartChoice> choices, CancellationToken cancellationToken);

    /// <summary>
    /// SIS Migration: looks which of the records that a waiting import would create are those that it would delete, by the Domains of Uniqueness of people and by what
    /// classes, courses, calendars and enrollments are. They go on under their Rollbook IDs, as re-keys; the run's changes are computed again and wait for a person.
    /// </summary>
    Task<StartResult> MigrateAsync(string district, long run, CancellationToken cancellationToken);

    /// <summary>Keeps the records of a found pair separate, or takes the pair in again. What is accepted is computed again; <see cref="MigrateAsync"/> shows it.</summary>
    /// <returns>Null when done; else why not, for a person.</returns>
    Task<string?> SeparateAsync(string district, long run, RollbookId key, bool isSeparate, CancellationToken cancellationToken);

    /// <summary>To what an acceptance of a run that waits is bound: to its changes, and to what is left out of them.</summary>
    Task<string> ShownAsync(IDistrictStore store, RunRecord run, CancellationToken cancellationToken);

    /// <summary>Declines a run that waits for a person: the roster stays as it is, and what the run read is thrown away.</summary>
    /// <param name="district">The district.</param>
    /// <param name="run">The run.</param>
    /// <param name="hash">What the person saw, as for an acceptance; null for what there is now.</param>
    /// <param name="declinedBy">Who, by sign-in name.</param>
    /// <param name="reason">Why; it is kept with the run.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Null when done; else why not, for a person.</returns>
    Task<string?> DeclineAsync(string district, long run, string? hash, string declinedBy, string reason, CancellationToken cancellationToken);

    /// <summary>Asks a run to stop, wherever it runs; it ends within two seconds. False when it has already ended.</summary>
    Task<bool> CancelAsync(string district, long run, CancellationToken cancellationToken);

    /// <summary>Ends when the run, begun by this program, has ended.</summary>
    Task WaitAsync(string district, long run, CancellationToken cancellationToken);
}

/// <summary>What became of a wish to import.</summary>
public abstract record StartResult
{
    private StartResult() { }

    /// <summary>It began.</summary>
    public sealed record Started(long Run) : StartResult;

    /// <summary>Two have to agree, and this was the first: the run goes on waiting.</summary>
    public sealed record Agreed : StartResult;

    /// <summary>Another run of the app is at work.</summary>
    public sealed record AlreadyRunning(long? Run) : StartResult;

    /// <summary>It can't begin: there is no such app, or it is not set up.</summary>
    public sealed record Refused(string Message) : StartResult
    {
        /// <summary>Whether it is only for now that the district wants no import (Data Rollover): nothing is wrong.</summary>
        public bool IsSuspended { get; init; }
    }
}

/// <summary>A choice among the changes of a run that waits.</summary>
/// <param name="Which">Which changes.</param>
/// <param name="IsLeft">Whether they are left out; else they are taken in again.</param>
public sealed record PartChoice(StagedSelection Which, bool IsLeft);
