namespace Rollbook.Storage;

/// <summary>
/// What the people of a district are told of its imports, what each of them chose to get, and what is still to be sent. No personal data of a pupil is in it.
/// </summary>
public interface INotificationStore
{
    /// <summary>
    /// Up to which run everything has been told, and which runs up to there may still say something, since they were at work or waited for a person. A new district
    /// begins with its first run; one from before there were notifications with those that had not ended.
    /// </summary>
    Task<ToldRuns> ToldAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Adds notifications with what is to be sent of them and moves on, all in one transaction. One whose <see cref="NewNotification.Mark"/> is there already is passed over
    /// with what would be sent of it, so that repeating it, or two programs doing it at once, tells nobody twice. Returns how many are new.
    /// </summary>
    Task<int> TellAsync(IReadOnlyCollection<NewNotification> notifications, ToldRuns? told, CancellationToken cancellationToken);

    /// <summary>Notifications, newest first, below <paramref name="before"/> where given; of one app and of these topics where given.</summary>
    Task<IReadOnlyList<Notification>> ListAsync(
        string? app,
        IReadOnlyCollection<string>? topics,
        long? before,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Takes away what was told before a moment, with what was sent of it, and returns how many notifications went. What is still to be sent stays, what tells of a run that may still say something
    /// (<see cref="ToldRuns.Followed"/>), and of each app the last word on each topic, by which whoever tells knows what people know.
    /// </summary>
    Task<int> PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>How many of the notifications since a moment a person has not read yet.</summary>
    Task<int> UnreadAsync(string person, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>Up to which number a person has read the list; 0 before the first time.</summary>
    Task<long> ReadUpToAsync(string person, CancellationToken cancellationToken);

    /// <summary>Notes up to which number a person has read the list; never less than before.</summary>
    Task MarkReadAsync(string person, long number, CancellationToken cancellationToken);

    /// <summary>What people chose, by person and topic; who has not chosen is not there.</summary>
    Task<IReadOnlyDictionary<(string Person, string Topic), bool>> ChoicesAsync(CancellationToken cancellationToken);

    /// <summary>Keeps what a person chose, topic by topic.</summary>
    Task ChooseAsync(string person, IReadOnlyDictionary<string, bool> choices, CancellationToken cancellationToken);

    /// <summary>
    /// What of a channel is due at a time, in the order of its notifications. The webhook is called with every event in their order: when any is due, those before it come first, also where they
    /// were put off for longer.
    /// </summary>
    Task<IReadOnlyList<Delivery>> DueAsync(DeliveryChannel channel, DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>The newest delivery of a channel that was tried, or null.</summary>
    Task<Delivery?> LastTriedAsync(DeliveryChannel channel, CancellationToken cancellationToken);

    /// <summary>Notes that it was sent.</summary>
    Task SentAsync(long delivery, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Notes that it could not be sent, and when it is tried again; never, where no time is given.</summary>
    /// <param name="delivery">Which.</param>
    /// <param name="trouble">Why, for a person; no secret in it.</param>
    /// <param name="at">When it was tried.</param>
    /// <param name="again">When it is tried again.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task PutOffAsync(long delivery, string trouble, DateTimeOffset at, DateTimeOffset? again, CancellationToken cancellationToken);
}

/// <summary>How far the runs of a district have been told of.</summary>
/// <param name="Newest">The newest run that has been looked at.</param>
/// <param name="Followed">Those up to it that may still say something.</param>
public sealed record ToldRuns(long Newest, IReadOnlyCollection<long> Followed);

/// <summary>A notification that is to be added.</summary>
/// <param name="Topic">What it is about, a word of the room that tells.</param>
/// <param name="App">The app it is about.</param>
/// <param name="Run">The run it is about; null where it is about none.</param>
/// <param name="At">When what it tells happened.</param>
/// <param name="Title">What happened, in a sentence.</param>
/// <param name="Details">The reasons, a sentence each.</param>
/// <param name="Reasons">What the reasons are without their figures, to compare them with others.</param>
/// <param name="Mark">What makes it one event; no other notification of the district has it.</param>
/// <param name="Deliveries">To whom it is sent, and how: an account's ID, empty for the webhook.</param>
public sealed record NewNotification(
    string Topic,
    string App,
    long? Run,
    DateTimeOffset At,
    string Title,
    IReadOnlyList<string> Details,
    string Reasons,
    string Mark,
    IReadOnlyCollection<(DeliveryChannel Channel, string Recipient)> Deliveries
);

/// <summary>A notification as it is kept; see <see cref="NewNotification"/>.</summary>
public sealed record Notification(
    long Number,
    string Topic,
    string App,
    long? Run,
    DateTimeOffset At,
    string Title,
    IReadOnlyList<string> Details,
    string Reasons
);

/// <summary>By which way a notification goes out.</summary>
/// <remarks>The names are stored: never rename one.</remarks>
public enum DeliveryChannel
{
    /// <summary>An e-mail to a person.</summary>
    Email,

    /// <summary>A call of the district's webhook.</summary>
    Webhook,
}

/// <summary>A notification on its way.</summary>
/// <param name="Number">1, 2, … in the district.</param>
/// <param name="Notification">What it tells.</param>
/// <param name="Channel">By which way.</param>
/// <param name="Recipient">To whom: an account's ID, empty for the webhook.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="DueAt">When it was tried last, or is to be tried next.</param>
/// <param name="Trouble">Why it could not be sent the last time; null when it was, or was not tried yet.</param>
/// <param name="IsSent">Whether it was sent.</param>
/// <param name="SettledAt">When it was sent or given up; null while it is still to be sent.</param>
public sealed record Delivery(
    long Number,
    Notification Notification,
    DeliveryChannel Channel,
    string Recipient,
    int Attempts,
    DateTimeOffset DueAt,
    string? Trouble,
    bool IsSent,
    DateTimeOffset? SettledAt
);
