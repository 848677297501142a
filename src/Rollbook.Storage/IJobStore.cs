namespace Rollbook.Storage;

/// <summary>
/// Work done in the background for a page, such as a survey of a source: its progress and its result, kept so that every node and a later visit see
/// them. Of each app and kind of work the newest is kept.
/// </summary>
public interface IJobStore
{
    /// <summary>Records a job at work in place of the older one of the app and kind, which is forgotten, whatever became of it.</summary>
    Task<long> AddAsync(string app, string kind, string startedBy, DateTimeOffset startedAt, CancellationToken cancellationToken);

    /// <summary>The newest job of an app and kind, or null.</summary>
    Task<JobRecord?> LatestAsync(string app, string kind, CancellationToken cancellationToken);

    /// <summary>Writes the progress of a job at work; also without news, as a sign of life. False when the job is no longer at work.</summary>
    Task<bool> ReportAsync(long number, string? progress, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Ends a job that is at work with a state and a result.</summary>
    Task EndAsync(long number, JobState state, string? result, DateTimeOffset endedAt, CancellationToken cancellationToken);

    /// <summary>Forgets the job of an app and kind with what it found; one at work ends unheard.</summary>
    Task RemoveAsync(string app, string kind, CancellationToken cancellationToken);

    /// <summary>Forgets all jobs of an app with what they found, which may name people; one at work ends unheard.</summary>
    Task RemoveAsync(string app, CancellationToken cancellationToken);
}

/// <summary>How it stands with a job.</summary>
public enum JobState
{
    /// <summary>At work, as far as the store knows: see <see cref="JobRecord.ReportedAt"/>.</summary>
    Working,

    /// <summary>It has its result.</summary>
    Done,

    /// <summary>It failed; the result says why.</summary>
    Failed,
}

/// <summary>A job as it is kept.</summary>
/// <param name="Number">1, 2, … in the district.</param>
/// <param name="App">The app it works for.</param>
/// <param name="Kind">What it does, a word: <c>survey</c>.</param>
/// <param name="State">How it stands.</param>
/// <param name="StartedBy">Who asked for it.</param>
/// <param name="StartedAt">When.</param>
/// <param name="ReportedAt">Its last sign of life; a job at work that gave none for a while died with its program.</param>
/// <param name="EndedAt">When it ended; null while at work.</param>
/// <param name="Progress">The newest progress, for people; null before the first.</param>
/// <param name="Result">A JSON document when done, a sentence when failed.</param>
public sealed record JobRecord(
    long Number,
    string App,
    string Kind,
    JobState State,
    string StartedBy,
    DateTimeOffset StartedAt,
    DateTimeOffset ReportedAt,
    DateTimeOffset? EndedAt,
    string? Progress,
    string? Result
);
