using System.Data.Common;
using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>
/// Publishes a change set in one transaction. Publishers queue for the row <c>version</c> of <c>counter</c>, so each
/// sees what the one before it left; whatever goes wrong before the commit leaves nothing behind.
/// </summary>
internal sealed class Publisher(Database database)
{
    private readonly Acceptance acceptance = new(database);
    private readonly SetAsideStore setAside = new(database);

    /// <summary>See <see cref="IRosterStore.PublishAsync"/>.</summary>
    public async Task<PublishResult> PublishAsync(Publication publication, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(publication);
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await database.BeginWriteAsync(connection, cancellationToken);
        var result = await database.InterruptiblyAsync(connection, () => WriteAsync(connection, publication, cancellationToken), cancellationToken);
        if (result is PublishResult.Published or PublishResult.Unchanged)
        {
            // From here on the answer is what counts, not the wish to stop.
            await transaction.CommitAsync(CancellationToken.None);
            database.CancelFiles?.Remove(publication.Run);
        }

        return result;
    }

    private async Task<PublishResult> WriteAsync(DbConnection connection, Publication publication, CancellationToken cancellationToken)
    {
        var latest = (int)(
            await connection.NumberAsync($"SELECT value FROM counter WHERE name = 'version'{database.Dialect.RowLock}", cancellationToken) ?? 0
        );
        var state = await connection.ScalarAsync("SELECT state FROM run WHERE number = @run", cancellationToken, ("run", publication.Run)) as string;
        if (!string.Equals(state, "publishing", StringComparison.Ordinal))
        {
            return new PublishResult.Refused(state ?? "missing");
        }

        if (latest != publication.BaseVersion)
        {
            return new PublishResult.Outdated(latest);
        }

        if (publication.Restores is null)
        {
            await SetAsideStore.ForgetAsync(connection, cancellationToken);
        }
        else
        {
            await setAside.TakeAsync(connection, publication.Changes, cancellationToken);
        }

        int? version = publication.Changes.Counts.Values.Any(count => count.Any) ? latest + 1 : null;
        if (version is { } number)
        {
            var merge = new Merge(database, connection, number);
            foreach (var table in KindTable.InOrder)
            {
                await merge.ApplyAsync(table, publication.Changes, cancellationToken);
            }
        }

        if (publication.Restores is null)
        {
            await acceptance.AcceptAsync(connection, publication, cancellationToken);
        }

        await StagedStore.ForgetAsync(connection, publication.Run, cancellationToken);
        var now = database.Dialect.Time(publication.Now());
        if (version is { } added)
        {
            await AddVersionAsync(connection, publication, added, now, cancellationToken);
        }

        if (!await EndRunAsync(connection, publication, version, now, cancellationToken))
        {
            // Someone moved the run while it was being published, which only a defect elsewhere can do; nothing is kept.
            return new PublishResult.Refused("moved");
        }

        return version is { } published ? new PublishResult.Published(published) : new PublishResult.Unchanged();
    }

    private async Task AddVersionAsync(DbConnection connection, Publication publication, int number, object now, CancellationToken cancellationToken)
    {
        var before =
            await connection.ScalarAsync("SELECT totals FROM version WHERE number = @number", cancellationToken, ("number", number - 1)) as string;
        var totals = before is null ? [] : Versions.FromJson<long>(before);
        foreach (var kind in Kinds.All.Select(definition => definition.Kind))
        {
            var counts = publication.Changes.Counts.GetValueOrDefault(kind) ?? new ChangeCounts();
            totals[kind] = totals.GetValueOrDefault(kind) + counts.Create - counts.Delete;
        }

        await connection.ExecuteAsync("UPDATE counter SET value = @number WHERE name = 'version'", cancellationToken, ("number", number));
        await connection.ExecuteAsync(
            $"""
            INSERT INTO version (number, run, app, published_at, published_by, configuration_version, reason, changes, totals, restored)
            VALUES (@number, @run, @app, @at, @by, @configuration, @reason, {database.Dialect.Json("changes")}, {database.Dialect.Json(
                "totals"
            )}, @restored)
            """,
            cancellationToken,
            ("number", number),
            ("run", publication.Run),
            ("app", publication.App),
            ("at", now),
            ("by", publication.PublishedBy),
            ("configuration", publication.ConfigurationVersion),
            ("reason", publication.Reason),
            ("changes", Versions.ToJson(publication.Changes.Counts)),
            ("totals", Versions.ToJson(totals)),
            ("restored", publication.Restores)
        );
    }

    // Looks at the state again instead of holding the run's row all the while: progress and the wish to cancel must get through.
    private async Task<bool> EndRunAsync(
        DbConnection connection,
        Publication publication,
        int? version,
        object now,
        CancellationToken cancellationToken
    ) =>
        await connection.ExecuteAsync(
            """
            UPDATE run SET state = @state, version = @version, configuration_version = @configuration, ended_at = @at, report = @report,
              cancel_requested = cancel_requested OR @asked
            WHERE number = @run AND state = 'publishing'
            """,
            cancellationToken,
            ("state", version is null ? "unchanged" : "published"),
            ("version", version),
            ("configuration", publication.ConfigurationVersion),
            ("at", now),
            ("report", publication.Report(version, await acceptance.TargetsAsync(connection, publication.App, cancellationToken))),
            ("asked", database.CancelFiles?.Has(publication.Run) == true),
            ("run", publication.Run)
        ) == 1;
}
