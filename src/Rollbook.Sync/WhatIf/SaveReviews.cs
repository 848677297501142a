using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Setup;

namespace Rollbook.Sync.WhatIf;

/// <summary>
/// Looks at a change of an app's configuration before it is saved (sync-safety.md section 6): what it would do to the roster is told by the last upload, and goes through
/// the limits of the next import.
/// </summary>
public sealed class SaveReviews(RuleEffects effects)
{
    /// <summary>What a person has to look at before it is saved; none when it can be saved at once.</summary>
    /// <param name="store">The district.</param>
    /// <param name="setup">The app as it is.</param>
    /// <param name="changed">The app as it would be saved.</param>
    /// <param name="who">Who saves it, by sign-in name.</param>
    /// <param name="patience">How long to wait for what it would do to an app.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>
    /// None for a draft, for an export app, before the first import, where no record depends on what is changed, and where no limit is reached; else what the change
    /// would do to the app, and to each other app whose schools it changes, or how far that is, or why it can't be told.
    /// </returns>
    public async Task<IReadOnlyList<AppEffect>> OfAsync(
        IDistrictStore store,
        AppSetup setup,
        AppConfiguration changed,
        string who,
        TimeSpan patience,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(setup);
        ArgumentNullException.ThrowIfNull(changed);
        if (
            setup.IsDraft
            || setup.IsExport
            || changed.IsDerivedLike(setup.Configuration)
            || await store.Configuration.LatestAsync(cancellationToken) is not { } version
        )
        {
            return [];
        }

        var inForce = DistrictConfiguration.FromDocument(version.Document);
        var now = inForce.With(setup.App, changed);
        var touched = await OtherApps.TouchedAsync(store, inForce, now, cancellationToken);
        var found = new List<AppEffect>();
        foreach (var app in touched.Prepend(setup.App).Distinct(StringComparer.Ordinal))
        {
            var effect = await effects.ReviewAsync(store, new WhatIfQuestion(app, now), who, patience, cancellationToken);
            if (effect is not (RuleEffect.NoUpload or RuleEffect.Known { Report.IsOverLimits: false }))
            {
                found.Add(new AppEffect(app, now.Apps[app].Name, effect));
            }
        }

        return found;
    }
}

/// <summary>What a configuration would do to an app.</summary>
/// <param name="App">The app's ID.</param>
/// <param name="Name">Its name.</param>
/// <param name="Effect">What it would do.</param>
public sealed record AppEffect(string App, string Name, RuleEffect Effect);
