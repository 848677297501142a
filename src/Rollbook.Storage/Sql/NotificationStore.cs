using System.Data.Common;
using System.Text.Json;

namespace Rollbook.Storage.Sql;

/// <summary>Notifications, what people chose, and the outbox, in tables.</summary>
internal sealed class NotificationStore(Database database) : INotificationStore
{
    private const string Columns = "n.number, n.topic, n.app, n.run, n.at, n.title, n.details, n.reasons";
    private const int ColumnCount = 8;

    private const string SelectDelivery =
        "SELECT "
        + Columns
        + ", d.number, d.channel, d.recipient, d.attempts, d.due_at, d.trouble, d.sent, d.settled_at FROM delivery d JOIN notification n ON n.number = d.notification ";

    private readonly Dialect dialect = database.Dialect;

    /// <inheritdoc/>
    public async Task<ToldRuns> ToldAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var snapshot = await database.BeginSnapshotAsync(connection, cancellationToken);
        var newest = await connection.NumberAsync("SELECT value FROM counter WHERE name = 'told'", cancellationToken) ?? 0;
        return new ToldRuns(
            newest,
            await connection.ListAsync("SELECT run FROM followed_run ORDER BY run", reader => reader.GetInt64(0), cancellationToken)
        );
    }

    /// <inheritdoc/>
    public async Task<int> TellAsync(IReadOnlyCollection<NewNotification> notifications, ToldRuns? told, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notifications);
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await database.BeginWriteAsync(connection, cancellationToken);
        if (told is not null)
        {
            // Also makes others who do the same wait.
            await connection.ExecuteAsync("UPDATE counter SET value = @newest WHERE name = 'told'", cancellationToken, ("newest", told.Newest));
            await connection.ExecuteAsync("DELETE FROM followed_run", cancellationToken);
            foreach (var run in told.Followed)
            {
                await connection.ExecuteAsync("INSERT INTO followed_run (run) VALUES (@run)", cancellationToken, ("run", run));
            }
        }

        var added = 0;
        foreach (var notification in notifications)
        {
            added += await AddAsync(connection, notification, cancellationToken) ? 1 : 0;
        }

        await transaction.CommitAsync(cancellationToken);
        return added;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Notification>> ListAsync(
        string? app,
        IReadOnlyCollection<string>? topics,
        long? before,
        int limit,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var names = topics?.Select((topic, index) => (Name: $"topic{index}", Value: (object?)topic)).ToList() ?? [];
        var where = names.Count == 0 ? "" : $" AND n.topic IN ({string.Join(", ", names.Select(name => "@" + name.Name))})";
        return await connection.ListAsync(
            $"SELECT {Columns} FROM notification n WHERE n.number < @before{(app is null ? "" : " AND n.app = @app")}{where} ORDER BY n.number DESC LIMIT @limit",
            Read,
            cancellationToken,
            [("before", before ?? long.MaxValue), ("limit", limit), .. app is null ? Array.Empty<(string, object?)>() : [("app", app)], .. names]
        );
    }

    /// <inheritdoc/>
    public async Task<int> PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await database.BeginWriteAsync(connection, cancellationToken);
        var purged = await connection.ExecuteAsync(
            """
            DELETE FROM notification WHERE at < @before
              AND number NOT IN (SELECT max(number) FROM notification GROUP BY app, topic)
              AND NOT EXISTS (SELECT 1 FROM followed_run WHERE followed_run.run = notification.run)
              AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.notification = notification.number AND settled_at IS NULL)
            """,
            cancellationToken,
            ("before", dialect.Time(before))
        );
        await connection.ExecuteAsync(
            "DELETE FROM delivery WHERE NOT EXISTS (SELECT 1 FROM notification WHERE notification.number = delivery.notification)",
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
        return purged;
    }

    /// <inheritdoc/>
    public async Task<int> UnreadAsync(string person, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return (int)(
            await connection.NumberAsync(
                """
                SELECT count(*) FROM notification
                WHERE number > coalesce((SELECT number FROM notification_read WHERE person = @person), 0) AND at >= @since
                """,
                cancellationToken,
                ("person", person),
                ("since", dialect.Time(since))
            ) ?? 0
        );
    }

    /// <inheritdoc/>
    public async Task<long> ReadUpToAsync(string person, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.NumberAsync("SELECT number FROM notification_read WHERE person = @person", cancellationToken, ("person", person))
            ?? 0;
    }

    /// <inheritdoc/>
    public async Task MarkReadAsync(string person, long number, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(
            """
            INSERT INTO notification_read (person, number) VALUES (@person, @number)
            ON CONFLICT (person) DO UPDATE SET number = excluded.number WHERE notification_read.number < excluded.number
            """,
            cancellationToken,
            ("person", person),
            ("number", number)
        );
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<(string Person, string Topic), bool>> ChoicesAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.ListAsync(
            "SELECT person, topic, chosen FROM notification_choice",
            reader => (Key: (reader.GetString(0), reader.GetString(1)), Chosen: reader.GetBoolean(2)),
            cancellationToken
        );
        return rows.ToDictionary(row => row.Key, row => row.Chosen);
    }

    /// <inheritdoc/>
    public async Task ChooseAsync(string person, IReadOnlyDictionary<string, bool> choices, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(choices);
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await database.BeginWriteAsync(connection, cancellationToken);
        foreach (var (topic, chosen) in choices.OrderBy(choice => choice.Key, StringComparer.Ordinal))
        {
            await connection.ExecuteAsync(
                """
                INSERT INTO notification_choice (person, topic, chosen) VALUES (@person, @topic, @chosen)
                ON CONFLICT (person, topic) DO UPDATE SET chosen = excluded.chosen
                """,
                cancellationToken,
                ("person", person),
                ("topic", topic),
                ("chosen", chosen)
            );
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Delivery>> DueAsync(DeliveryChannel channel, DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ListAsync(
            SelectDelivery
                + "WHERE d.channel = @channel AND d.settled_at IS NULL AND "
                + (
                    channel == DeliveryChannel.Webhook
                        ? "d.number <= (SELECT max(number) FROM delivery WHERE channel = @channel AND settled_at IS NULL AND due_at <= @now)"
                        : "d.due_at <= @now"
                )
                + " ORDER BY d.number LIMIT @limit",
            ReadDelivery,
            cancellationToken,
            ("channel", Word(channel)),
            ("now", dialect.Time(now)),
            ("limit", limit)
        );
    }

    /// <inheritdoc/>
    public async Task<Delivery?> LastTriedAsync(DeliveryChannel channel, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.ListAsync(
            SelectDelivery + "WHERE d.channel = @channel AND d.attempts > 0 ORDER BY d.number DESC LIMIT 1",
            ReadDelivery,
            cancellationToken,
            ("channel", Word(channel))
        );
        return rows.Count == 0 ? null : rows[0];
    }

    /// <inheritdoc/>
    public Task SentAsync(long delivery, DateTimeOffset at, CancellationToken cancellationToken) =>
        SettleAsync(delivery, sent: true, trouble: null, at, at, cancellationToken);

    /// <inheritdoc/>
    public Task PutOffAsync(long delivery, string trouble, DateTimeOffset at, DateTimeOffset? again, CancellationToken cancellationToken) =>
        SettleAsync(delivery, sent: false, trouble, again ?? at, again is null ? at : null, cancellationToken);

    private static string Word(DeliveryChannel channel) => channel.ToString().ToLowerInvariant();

    private async Task SettleAsync(
        long delivery,
        bool sent,
        string? trouble,
        DateTimeOffset due,
        DateTimeOffset? settled,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(
            """
            UPDATE delivery SET attempts = attempts + 1, sent = @sent, trouble = @trouble, due_at = @due, settled_at = coalesce(@settled, settled_at)
            WHERE number = @number AND settled_at IS NULL
            """,
            cancellationToken,
            ("sent", sent),
            ("trouble", trouble),
            ("due", dialect.Time(due)),
            ("settled", settled is { } at ? dialect.Time(at) : null),
            ("number", delivery)
        );
    }

    private async Task<bool> AddAsync(DbConnection connection, NewNotification notification, CancellationToken cancellationToken)
    {
        // The counter makes others who add wait, so that numbers come in the order in which they can be seen.
        var number = await Counter.NextAsync(connection, "notification", cancellationToken);
        var isNew =
            await connection.ExecuteAsync(
                """
                INSERT INTO notification (number, topic, app, run, at, title, details, reasons, mark)
                VALUES (@number, @topic, @app, @run, @at, @title, @details, @reasons, @mark) ON CONFLICT (mark) DO NOTHING
                """,
                cancellationToken,
                ("number", number),
                ("topic", notification.Topic),
                ("app", notification.App),
                ("run", notification.Run),
                ("at", dialect.Time(notification.At)),
                ("title", notification.Title),
                ("details", JsonSerializer.Serialize(notification.Details)),
                ("reasons", notification.Reasons),
                ("mark", notification.Mark)
            ) == 1;
        foreach (var (channel, recipient) in isNew ? notification.Deliveries : [])
        {
            await connection.ExecuteAsync(
                "INSERT INTO delivery (number, notification, channel, recipient, due_at) VALUES (@number, @notification, @channel, @recipient, @at)",
                cancellationToken,
                ("number", await Counter.NextAsync(connection, "delivery", cancellationToken)),
                ("notification", number),
                ("channel", Word(channel)),
                ("recipient", recipient),
                ("at", dialect.Time(notification.At))
            );
        }

        return isNew;
    }

    private Notification Read(DbDataReader reader) =>
        new(
            reader.GetInt64(0),
            reader.GetString(1),
            reader.GetString(2),
            reader.IsDBNull(3) ? null : reader.GetInt64(3),
            dialect.ReadTime(reader, 4),
            reader.GetString(5),
            JsonSerializer.Deserialize<string[]>(reader.GetString(6))!,
            reader.GetString(7)
        );

    private Delivery ReadDelivery(DbDataReader reader) =>
        new(
            reader.GetInt64(ColumnCount),
            Read(reader),
            Enum.Parse<DeliveryChannel>(reader.GetString(ColumnCount + 1), ignoreCase: true),
            reader.GetString(ColumnCount + 2),
            reader.GetInt32(ColumnCount + 3),
            dialect.ReadTime(reader, ColumnCount + 4),
            reader.Text(ColumnCount + 5),
            reader.GetBoolean(ColumnCount + 6),
            reader.IsDBNull(ColumnCount + 7) ? null : dialect.ReadTime(reader, ColumnCount + 7)
        );
}
