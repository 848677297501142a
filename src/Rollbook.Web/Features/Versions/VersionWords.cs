using Rollbook.Storage;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Versions;

/// <summary>What the console says of versions.</summary>
internal static class VersionWords
{
    /// <summary>Why a version is there: an import, a rollback, or an import that brought another configuration into force.</summary>
    /// <param name="version">The version.</param>
    /// <param name="before">The one before it; null for the first, and where it is not known.</param>
    /// <param name="names">What the apps are called.</param>
    internal static string Why(RosterVersion version, RosterVersion? before, IReadOnlyDictionary<string, string> names)
    {
        if (version.Restored is { } restored)
        {
            return $"Rollback to version {restored}";
        }

        var import = $"Import of {names.GetValueOrDefault(version.App, version.App)}";
        return before is { Restored: null } && before.ConfigurationVersion != version.ConfigurationVersion
            ? $"{import}, with a changed configuration"
            : import;
    }

    /// <summary>What a purged version says of itself.</summary>
    internal static string Purged(RosterVersion version) =>
        $"Version {version.Number} was purged: what it held is no longer kept. The oldest version that is kept is {version.OldestKept}.";

    /// <summary>"11 versions".</summary>
    internal static string Count(long versions) => $"{Wording.Number(versions)} {(versions == 1 ? "version" : "versions")}";
}
