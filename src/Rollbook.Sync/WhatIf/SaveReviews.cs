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
    /// <summary>What a person has to look at before it is saved; null when it can be saved at once.</summary>
    /// <param name="store">The district.</param>
    /// <param name="setup">The app as it is.</param>
    /// <param name="changed">The app as it would be saved.</param>
    /// <param name="who">Who saves it, by sign-in name.</param>
    /// <param name="patience">How long to wait for what it would do.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>
    /// Null for a draft, for an export app, before the first import, where no record depends on what is changed, and where no limit is reached; else what the change
    /// would do, or how far that is, or why it can't be told.
    /// </returns>
    public async Task<RuleEffect?> OfAsync(
        IDistrictStore store,
        AppSetup setup,
        AppConfiguration changed,
        string who,
        TimeSpan patience,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(setup);
        ArgumentNullException.ThrowIfNull(changed);
        return setup.IsDraft || setup.IsExport || changed.IsDerivedLike(setup.Configuration)
            ? null
            : await effects.LookAsync(store, setup.App, changed, who, patience, cancellationToken, isCensus: false) switch
            {
                RuleEffect.NoUpload => null,
                RuleEffect.Known { Report.IsOverLimits: false } => null,
                var effect => effect,
            };
    }
}
