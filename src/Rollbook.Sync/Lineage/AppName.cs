using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Lineage;

/// <summary>What an app is called in a sentence beside others.</summary>
internal static class AppName
{
    /// <summary>Its name; with its ID where another has the same name, the ID alone where it has none.</summary>
    internal static string Of(DistrictConfiguration configuration, string app)
    {
        if (configuration.Apps.GetValueOrDefault(app)?.Name is not { Length: > 0 } name)
        {
            return app;
        }

        return configuration.Apps.Values.Count(other => string.Equals(other.Name, name, StringComparison.OrdinalIgnoreCase)) > 1
            ? $"{name} ({app})"
            : name;
    }
}
