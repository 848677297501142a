using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Setup;

namespace Rollbook.Sync.WhatIf;

/// <summary>
/// Rehearses an upload against the roster (sync-safety.md section 5): reads a source as an import would, this year's connection, next year's or a package, and tells what
/// the import would do and whether it would wait for a person. Nothing is published, and nothing of what was read is kept.
/// </summary>
public sealed class Rehearsals(WhatIfs whatIfs, BackgroundJobs jobs, IEnumerable<IConnector> connectors, TimeProvider time)
{
    /// <summary>The kind of job.</summary>
    public const string Kind = "rehearsal";

    /// <summary>Whether an app reads packages, so that one can be rehearsed.</summary>
    public bool ReadsPackages(AppConfiguration settings) => ConnectorOf(settings) is not null;

    /// <summary>Takes a package for a rehearsal; the one that imports read stays. Whoever takes one rehearses it, which removes it.</summary>
    /// <returns>The rehearsal's name, for <see cref="WhatIfQuestion.Rehearsal"/>.</returns>
    /// <exception cref="SourceException">It is refused; the message says why and what to do.</exception>
    public async Task<string> ReceiveAsync(
        IDistrictStore store,
        string app,
        AppConfiguration settings,
        Stream package,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(settings);
        var connector =
            ConnectorOf(settings)
            ?? throw new SourceException(
                SourceFailure.Configuration,
                CheckPart.Settings,
                $"The app {app} reads no packages: it asks its source by itself."
            );
        var rehearsal = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        var delivery = new SourceSettings(settings.Delivery) { Owner = OwnerOf(store, app, rehearsal) };
        await connector.ReceiveAsync(delivery, package, cancellationToken);
        return rehearsal;
    }

    /// <summary>Rehearses; the package that was taken for it is removed afterwards.</summary>
    /// <param name="store">The district.</param>
    /// <param name="question">The app, and the configuration with which it would be imported.</param>
    /// <param name="progress">Hears how far it is; null for nobody.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="SourceException">The source can't be read, or not be believed; the message is for a person.</exception>
    public async Task<WhatIfReport> RunAsync(
        IDistrictStore store,
        WhatIfQuestion question,
        IProgress<WhatIfProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(question);
        try
        {
            return await whatIfs.DeriveAsync(store, question with { ReadsSource = true }, progress, cancellationToken);
        }
        finally
        {
            if (question.Rehearsal is { } rehearsal)
            {
                ConnectorOf(question.Configuration.Apps[question.App])?.Forget(OwnerOf(store, question.App, rehearsal));
            }
        }
    }

    /// <summary>Begins one in the background, for a page; one that is at work for the app is stopped.</summary>
    /// <returns>The job's number.</returns>
    public Task<long> StartAsync(IDistrictStore store, WhatIfQuestion question, string startedBy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        return jobs.StartAsync(
            store,
            question.App,
            Kind,
            startedBy,
            async (progress, token) =>
            {
                try
                {
                    return (await RunAsync(store, question, new Sentences(progress), token)).ToJson();
                }
                catch (SourceException exception)
                {
                    throw new SourceException(exception.Failure, exception.Part, $"The import would fail. {exception.Message}", exception);
                }
            },
            cancellationToken
        );
    }

    private IAcceptsPackages? ConnectorOf(AppConfiguration app) =>
        connectors.FirstOrDefault(connector => string.Equals(connector.Type, app.Type, StringComparison.Ordinal)) as IAcceptsPackages;

    private static SourceOwner OwnerOf(IDistrictStore store, string app, string rehearsal) => new(store.District.Id, app) { Rehearsal = rehearsal };
}
