using System.Security.Cryptography;
using System.Text;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Setup;

namespace Rollbook.Host.Schedule;

/// <summary>
/// Begins an import when another package lies where an app watches for one. Which one was imported is kept with the district, so that neither a restart nor a second node
/// imports it again; an import that was cut off is begun anew.
/// </summary>
internal sealed partial class PackageWatch(
    IImports imports,
    IInstallationStore installation,
    Setups setups,
    TimeProvider time,
    ILogger<PackageWatch> logger
) : BackgroundService
{
    private const string Job = "package";
    private const string StartedBy = "New package";

    /// <summary>How often one looks. A package must look the same twice before it is read.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait when the database can't be reached.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, (int Version, IReadOnlyDictionary<string, Watched> Apps)> districts = new(StringComparer.Ordinal);
    private readonly Dictionary<(string District, string App), string> seen = [];
    private readonly Dictionary<(string District, string App), string> imported = [];
    private readonly Dictionary<(string District, string App), Task> working = [];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(await LookAsync(stoppingToken) ? Look : Rest, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(working.Values);
        }
    }

    /// <summary>Looks at every district; false when that could not be done.</summary>
    private async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var district in await installation.ListAsync(cancellationToken))
            {
                await LookAsync(district.Id, cancellationToken);
            }

            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogUnreached(exception.Message);
            return false;
        }
    }

    private async Task LookAsync(string district, CancellationToken cancellationToken)
    {
        try
        {
            if (await installation.OpenAsync(district, cancellationToken) is not { } store)
            {
                return;
            }

            foreach (var (app, watched) in await WatchedAsync(store, cancellationToken))
            {
                var key = (district, app);
                if (working.TryGetValue(key, out var work) && !work.IsCompleted)
                {
                    continue;
                }

                var mark = watched.Connector.Glance(watched.Settings) is { } glance ? MarkOf(glance) : null;
                if (mark is null || !string.Equals(seen.GetValueOrDefault(key), mark, StringComparison.Ordinal))
                {
                    seen[key] = mark ?? "";
                }
                else if (string.Equals(imported.GetValueOrDefault(key), mark, StringComparison.Ordinal))
                {
                    continue;
                }
                else if (await IsImportedAsync(store, app, mark, cancellationToken))
                {
                    imported[key] = mark;
                }
                else
                {
                    working[key] = ImportAsync(store, app, mark, cancellationToken);
                }
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogTrouble(district, exception.Message);
        }
    }

    private async Task<IReadOnlyDictionary<string, Watched>> WatchedAsync(IDistrictStore store, CancellationToken cancellationToken)
    {
        var version = await store.Configuration.LatestNumberAsync(cancellationToken);
        if (districts.TryGetValue(store.District.Id, out var known) && known.Version == version)
        {
            return known.Apps;
        }

        var apps = new Dictionary<string, Watched>(StringComparer.Ordinal);
        if (await store.Configuration.LatestAsync(cancellationToken) is { } latest)
        {
            foreach (var (app, configuration) in DistrictConfiguration.FromDocument(latest.Document).Apps)
            {
                if (setups.ConnectorOf(configuration) is IWatchesPackages connector)
                {
                    apps[app] = new Watched(connector, new SourceSettings(configuration.Delivery));
                }
            }
        }

        districts[store.District.Id] = (version, apps);
        return apps;
    }

    private async Task ImportAsync(IDistrictStore store, string app, string mark, CancellationToken cancellationToken)
    {
        try
        {
            // One node imports it; another one that looks meanwhile finds it imported afterwards.
            if (await store.TryLockAsync("package-" + app, cancellationToken) is not { } turn)
            {
                return;
            }

            await using (turn)
            {
                if (await IsImportedAsync(store, app, mark, cancellationToken))
                {
                    return;
                }

                var result = await imports.StartAsync(store.District.Id, app, Imports.Package, StartedBy, cancellationToken);
                if (result is StartResult.AlreadyRunning or StartResult.Refused { IsSuspended: true })
                {
                    return;
                }

                if (result is StartResult.Started(var run))
                {
                    await imports.WaitAsync(store.District.Id, run, cancellationToken);
                }

                var now = time.GetUtcNow();
                var number = await store.Jobs.AddAsync(app, Job, StartedBy, now, cancellationToken);
                await store.Jobs.EndAsync(number, JobState.Done, mark, now, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The program ends, and with it the import; the next one begins it anew.
        }
        catch (Exception exception)
        {
            LogTrouble(store.District.Id, exception.Message);
        }
    }

    private static async Task<bool> IsImportedAsync(IDistrictStore store, string app, string mark, CancellationToken cancellationToken) =>
        string.Equals((await store.Jobs.LatestAsync(app, Job, cancellationToken))?.Result, mark, StringComparison.Ordinal);

    private static string MarkOf(string glance) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(glance)));

    [LoggerMessage(Level = LogLevel.Error, Message = "District {District}: new packages could not be looked for, which is tried again: {Reason}")]
    private partial void LogTrouble(string district, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "New packages could not be looked for in any district, which is tried again: {Reason}")]
    private partial void LogUnreached(string reason);

    private sealed record Watched(IWatchesPackages Connector, SourceSettings Settings);
}
