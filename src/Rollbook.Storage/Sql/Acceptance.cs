using System.Data.Common;
using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>Makes a run's upload count: its segments instead of those it has rewritten, the fingerprint of their derivation, the references that lead nowhere, and the issues.</summary>
internal sealed class Acceptance(Database database)
{
    private readonly IssueStore issues = new(database);

    /// <summary>Accepts, inside the transaction of the publication.</summary>
    public async Task AcceptAsync(DbConnection connection, Publication publication, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(
            "INSERT INTO acceptance (number, run, app, derivation) SELECT coalesce(max(number), 0) + 1, @run, @app, @derivation FROM acceptance",
            cancellationToken,
            ("run", publication.Run),
            ("app", publication.App),
            ("derivation", publication.Derivation)
        );
        foreach (var (collection, below) in publication.Rewritten)
        {
            // Those of a run that waits for a person are not what was rewritten.
            await connection.ExecuteAsync(
                """
                DELETE FROM segment WHERE app = @app AND collection = @collection AND number < @below
                  AND EXISTS (SELECT 1 FROM acceptance WHERE acceptance.run = segment.run)
                """,
                cancellationToken,
                ("app", publication.App),
                ("collection", (int)collection),
                ("below", below)
            );
        }

        if (publication.OwnSegmentsFrom is { } own)
        {
            await UploadStore.DiscardAsync(connection, publication.Run, own, cancellationToken);
        }

        await ForgetAsync(connection, publication.App, publication.Unresolved, cancellationToken);
        if (publication.Unresolved.Added.Count > 0)
        {
            await database.Dialect.AddUnresolvedAsync(connection, publication.App, publication.Unresolved.Added, cancellationToken);
        }

        await UnitedStore.ChangeAsync(database, connection, publication.Members, cancellationToken);

        if (publication.Successors is { } accepted)
        {
            await SuccessorStore.AcceptAsync(database, connection, publication.App, accepted, cancellationToken);
        }

        await issues.ChangeAsync(connection, publication.App, publication.Issues, cancellationToken);
        if (publication.ToldOf is { } told)
        {
            await StagedStore.RememberLeftAsync(connection, publication.App, publication.Run, told, cancellationToken);
        }
    }

    /// <summary>What the app's records lack now that the upload is accepted.</summary>
    public Task<IssueTargets> TargetsAsync(DbConnection connection, string app, CancellationToken cancellationToken) =>
        issues.TargetsAsync(connection, app, cancellationToken);

    private async Task ForgetAsync(DbConnection connection, string app, UnresolvedChanges unresolved, CancellationToken cancellationToken)
    {
        if (unresolved.ClearAll)
        {
            await connection.ExecuteAsync("DELETE FROM unresolved WHERE app = @app", cancellationToken, ("app", app));
            return;
        }

        foreach (var collection in unresolved.Cleared.GroupBy(cleared => cleared.Collection, cleared => cleared.From))
        {
            foreach (var batch in collection.Chunk(IdBatch.Size))
            {
                await connection.ExecuteAsync(
                    $"DELETE FROM unresolved WHERE app = @app AND collection = @collection AND {database.Dialect.AmongIds("\"from\"", "ids")}",
                    cancellationToken,
                    ("app", app),
                    ("collection", (int)collection.Key),
                    ("ids", database.Dialect.Ids(batch))
                );
            }
        }
    }
}
