using Rollbook.Sources;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Deliver;

/// <summary>
/// Which imports an export app waits for: when one of them is published and none of them is at work, it is delivered (product.md section 3.8). What other imports brought
/// goes along then.
/// </summary>
public sealed class WaitFor
{
    /// <summary>The setting's name.</summary>
    public const string Name = "waitFor";

    /// <summary>Its value for every import app, also those that come later.</summary>
    public const string All = "all";

    private readonly HashSet<string>? apps;

    private WaitFor(HashSet<string>? apps) => this.apps = apps;

    /// <summary>The setting.</summary>
    public static SettingDefinition Definition { get; } =
        new(
            Name,
            "Waits for",
            "The import apps that this one waits for: all, or their IDs with blanks between. When one of them is published and none of them is running, a package is delivered.",
            Default: All
        );

    /// <summary>What an app is configured to wait for, among the import apps that there are; all of them where it names none of those.</summary>
    public static WaitFor Of(AppConfiguration export, DistrictConfiguration district)
    {
        ArgumentNullException.ThrowIfNull(export);
        ArgumentNullException.ThrowIfNull(district);
        var named = Apps(export.Delivery.GetValueOrDefault(Name)).Where(district.Apps.ContainsKey).ToHashSet(StringComparer.Ordinal);
        return new WaitFor(named.Count == 0 ? null : named);
    }

    /// <summary>The app IDs that a value of the setting names; none for all.</summary>
    public static IReadOnlyList<string> Apps(string? value) =>
        value is null || string.Equals(value.Trim(), All, StringComparison.Ordinal)
            ? []
            : value.Split([' ', ',', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The value of the setting for some apps.</summary>
    public static string ValueOf(IEnumerable<string> apps)
    {
        var value = string.Join(' ', apps.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        return value.Length == 0 ? All : value;
    }

    /// <summary>An export app that does not wait for an import app any more.</summary>
    internal static AppConfiguration Without(AppConfiguration export, string app) =>
        Apps(export.Delivery.GetValueOrDefault(Name)) is var named && named.Contains(app, StringComparer.Ordinal)
            ? export with
            {
                Delivery = new SortedDictionary<string, string>(export.Delivery.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal)
                {
                    [Name] = ValueOf(named.Where(other => !string.Equals(other, app, StringComparison.Ordinal))),
                },
            }
            : export;

    /// <summary>Whether an import app is waited for.</summary>
    public bool Includes(string app) => apps is null || apps.Contains(app);
}
