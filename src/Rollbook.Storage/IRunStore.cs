namespace Rollbook.Storage;

/// <summary>The runs of a district.</summary>
public interface IRunStore
{
    /// <summary>Records a new run in state <c>queued</c> and gives it the next number (1, 2, … in the district).</summary>
    Task<RunRecord> AddAsync(
        string app,
        string trigger,
        string startedBy,
        int configurationVersion,
        DateTimeOffset startedAt,
        CancellationToken cancellationToken
    );

    /// <summary>One run; null when there is none of this number.</summary>
    Task<RunRecord?> GetAsync(long number, CancellationToken cancellationToken);

    /// <summary>Runs newest first, of one app or of all, below <paramref name="before"/> where given.</summary>
    Task<IReadOnlyList<RunRecord>> ListAsync(string? app, long? before, int limit, CancellationToken cancellationToken);

    /// <summary>The runs after a number, oldest first.</summary>
    Task<IReadOnlyList<RunRecord>> AfterAsync(long number, int limit, CancellationToken cancellationToken);

    /// <summary>The runs that wait for a person (state <c>waiting</c> or <c>held</c>), of one app or of all, newest first.</summary>
    Task<IReadOnlyList<RunRecord>> UndecidedAsync(string? app, CancellationToken cancellationToken);

    /// <summary>The runs that have not ended, at work or waiting, of one app or of all, newest first.</summary>
    Task<IReadOnlyList<RunRecord>> UnendedAsync(string? app, CancellationToken cancellationToken);

    /// <summary>
    /// Moves a run from one state to another, with its report; false, and nothing written, when the run is no longer in <paramref name="from"/>.
    /// <paramref name="report"/> null keeps the old one. Publication itself goes through <see cref="IRosterStore.PublishAsync"/>.
    /// A wish to stop it is forgotten when it comes to wait for a person.
    /// </summary>
    Task<bool> MoveAsync(long number, string from, string to, string? report, DateTimeOffset? endedAt, CancellationToken cancellationToken);

    /// <summary>Writes the progress (a JSON document) of a running run. Gives up after seconds when a publication keeps the database busy.</summary>
    Task ReportProgressAsync(long number, string progress, CancellationToken cancellationToken);

    /// <summary>
    /// Asks a run to stop, also while it publishes; whoever runs it looks for that with <see cref="IsCancelRequestedAsync"/>. False when the run has
    /// already ended.
    /// </summary>
    Task<bool> RequestCancelAsync(long number, CancellationToken cancellationToken);

    /// <summary>Whether someone asked a running run to stop. Cheap, and never waits for whoever writes.</summary>
    Task<bool> IsCancelRequestedAsync(long number, CancellationToken cancellationToken);
}

/// <summary>A run as it is kept.</summary>
/// <param name="Number">1, 2, … in the district.</param>
/// <param name="App">The app it imports; <see cref="NoApp"/> for a rollback, which is no app's.</param>
/// <param name="State">One of command-line.md's states, lower case.</param>
/// <param name="Trigger"><c>command</c>, <c>console</c>, <c>schedule</c>, <c>package</c>, <c>uniting</c> or <c>decision</c>.</param>
/// <param name="StartedBy">Who, by sign-in name, or what.</param>
/// <param name="ConfigurationVersion">The configuration it ran with.</param>
/// <param name="StartedAt">When it was queued.</param>
/// <param name="EndedAt">When it ended; null while it runs.</param>
/// <param name="Version">The roster version it published, or null.</param>
/// <param name="Report">The run's report, a JSON document of the Sync room; null until it has something to say.</param>
/// <param name="Progress">The newest progress, a JSON document; null before the first.</param>
/// <param name="CancelRequested">Whether someone asked it to stop.</param>
public sealed record RunRecord(
    long Number,
    string App,
    string State,
    string Trigger,
    string StartedBy,
    int ConfigurationVersion,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    int? Version,
    string? Report,
    string? Progress,
    bool CancelRequested
)
{
    /// <summary>The <see cref="App"/> of a run that is no app's: of a rollback.</summary>
    public const string NoApp = "";
}
