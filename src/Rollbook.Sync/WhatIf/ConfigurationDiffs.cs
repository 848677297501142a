using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.WhatIf;

/// <summary>Tells what applying a configuration file would change, in the configuration and in the roster (product.md section 8); changes nothing.</summary>
public sealed class ConfigurationDiffs(IInstallationStore installation, Configurations configurations, WhatIfs whatIfs)
{
    /// <summary>Compares a file with what is in force.</summary>
    /// <param name="read">The file.</param>
    /// <param name="readsSources">Whether the source of an app without a kept upload is read; else it is said that its first import would tell.</param>
    /// <param name="progress">Hears how far the what-ifs are; null for nobody.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<ConfigurationDiff> OfAsync(
        ConfigurationFileResult.Read read,
        bool readsSources,
        IProgress<WhatIfProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(read);
        var now = read.Configuration;
        if (await installation.OpenAsync(now.Id, cancellationToken) is not { } store)
        {
            const string reason = "The district is not there yet. Once the file is applied, its first import tells what it creates.";
            return new ConfigurationDiff(
                now.Id,
                IsNew: true,
                ConfigurationChanges.Between(null, now),
                [.. now.Apps.Keys.Order(StringComparer.Ordinal).Select(app => new RosterDiff.Untold(app, reason))]
            );
        }

        var version = await store.Configuration.LatestAsync(cancellationToken);
        var old = version is null ? null : DistrictConfiguration.FromDocument(version.Document);
        var secrets = await configurations.ChangedSecretsAsync(store, read, cancellationToken);
        var changes = ConfigurationChanges.Between(old, now, secrets);
        var touched = await OtherApps.TouchedAsync(store, old, now, cancellationToken);
        var roster = new List<RosterDiff>();
        foreach (var (app, _) in now.Apps.OrderBy(app => app.Key, StringComparer.Ordinal))
        {
            if (IsConcerned(app, changes) || touched.Contains(app, StringComparer.Ordinal))
            {
                roster.Add(await OfAppAsync(store, app, read, readsSources, progress, cancellationToken));
            }
        }

        roster.AddRange(
            changes
                .Where(change => change is { App: not null, New: null })
                .Select(change => new RosterDiff.Untold(
                    change.App!,
                    "It is taken out. What it fed stays in the roster; deactivate it in the console to remove its data as well."
                ))
        );
        return new ConfigurationDiff(now.Id, IsNew: false, changes, roster);
    }

    private async Task<RosterDiff> OfAppAsync(
        IDistrictStore store,
        string app,
        ConfigurationFileResult.Read read,
        bool readsSources,
        IProgress<WhatIfProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        if (!readsSources && !await WhatIfs.HasKeptUploadAsync(store, app, cancellationToken))
        {
            return new RosterDiff.Untold(app, "It has not been imported yet, so its first import tells. With --read its source is read now.");
        }

        var question = new WhatIfQuestion(app, read.Configuration) { Secrets = read.SecretsOf(app) };
        try
        {
            return new RosterDiff.Derived(await whatIfs.DeriveAsync(store, question, progress, cancellationToken));
        }
        catch (SourceException exception)
        {
            return new RosterDiff.Untold(app, exception.Message);
        }
    }

    /// <summary>Whether an app would be imported otherwise: because of itself, or of the time zone in which dates are told.</summary>
    private static bool IsConcerned(string app, IReadOnlyList<ConfigurationChange> changes) =>
        changes.Any(change =>
            change.Path is "district.timeZone"
            || string.Equals(change.Path, $"apps.{app}", StringComparison.Ordinal)
            || change.Path.StartsWith($"apps.{app}.", StringComparison.Ordinal)
        );
}
