using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Derive.Schools;

namespace Rollbook.Sync.WhatIf;

/// <summary>
/// Which apps of a district are derived otherwise because of what another app's Schools Mapping says: a school of theirs that the other one feeds too, or no longer.
/// </summary>
internal static class OtherApps
{
    /// <summary>Those that are in both configurations and whose schools become something else, in ordinal order.</summary>
    internal static async Task<IReadOnlyList<string>> TouchedAsync(
        IDistrictStore store,
        DistrictConfiguration? old,
        DistrictConfiguration now,
        CancellationToken cancellationToken
    )
    {
        var touched = new List<string>();
        foreach (var app in now.Apps.Keys.Where(app => old?.Apps.ContainsKey(app) == true).Order(StringComparer.Ordinal))
        {
            var before = await FingerprintAsync(store, old!, app, cancellationToken);
            if (!string.Equals(before, await FingerprintAsync(store, now, app, cancellationToken), StringComparison.Ordinal))
            {
                touched.Add(app);
            }
        }

        return touched;
    }

    private static async Task<string> FingerprintAsync(
        IDistrictStore store,
        DistrictConfiguration configuration,
        string app,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var resolution = new SchoolResolution(store.Roster, store.District.Id, configuration.Apps);
            return (await resolution.ResolveAsync(app, cancellationToken)).Fingerprint;
        }
        catch (SchoolsMappingException exception)
        {
            return exception.Message;
        }
    }
}
