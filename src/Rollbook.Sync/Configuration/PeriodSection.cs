using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Rollbook.Sync.Configuration;

/// <summary>Periods of days of the file: the district's <c>rollover</c> and an app's <c>changeWindows</c>.</summary>
internal static class PeriodSection
{
    private static readonly Dictionary<string, RolloverMode> Modes = new(StringComparer.Ordinal)
    {
        ["suspend"] = RolloverMode.Suspend,
        ["noDeletions"] = RolloverMode.NoDeletions,
    };

    /// <summary>The district's <c>rollover</c>: a list of <c>{ from, until, mode }</c>; null when it is empty.</summary>
    internal static IReadOnlyList<RolloverPeriod>? ReadRollover(YamlReader yaml, string path, YamlNode node)
    {
        var periods = new List<RolloverPeriod>();
        foreach (var item in yaml.Items(node, path))
        {
            var at = $"{path}[{periods.Count}]";
            RolloverMode? mode = null;
            var (from, until) = ReadDays(
                yaml,
                at,
                item,
                ["mode"],
                (key, value) =>
                {
                    mode = Modes.TryGetValue(yaml.Text(value, $"{at}.{key}") ?? "", out var known) ? known : null;
                    if (mode is null)
                    {
                        yaml.Refuse(value, $"{at}.{key}", $"expected {string.Join(" or ", Modes.Keys)}, found {YamlReader.Shown(value)}.");
                        mode = RolloverMode.Suspend;
                    }
                }
            );
            if (mode is null)
            {
                yaml.Refuse(item, $"{at}.mode", "is missing.");
            }

            periods.Add(new RolloverPeriod(from, until, mode ?? RolloverMode.Suspend));
        }

        return periods.Count == 0 ? null : Sorted(periods);
    }

    /// <summary>An app's <c>changeWindows</c>: a list of <c>{ from, until, syncHoldThreshold, limits }</c>; null when it is empty.</summary>
    internal static IReadOnlyList<ChangeWindow>? ReadWindows(YamlReader yaml, string path, YamlNode node)
    {
        var windows = new List<ChangeWindow>();
        foreach (var item in yaml.Items(node, path))
        {
            var at = $"{path}[{windows.Count}]";
            var window = new ChangeWindow(default, default);
            var (from, until) = ReadDays(
                yaml,
                at,
                item,
                ["syncHoldThreshold", "limits"],
                (key, value) =>
                    window = key is "limits"
                        ? window with
                        {
                            Limits = LimitsSection.Read(yaml, $"{at}.{key}", value),
                        }
                        : window with
                        {
                            SyncHoldThreshold = LimitsSection.Threshold(yaml, $"{at}.{key}", value),
                        }
            );
            if (window is { Limits: null, SyncHoldThreshold: null })
            {
                yaml.Refuse(item, at, "expected a syncHoldThreshold or limits of its own.");
            }

            window = window with { From = from, Until = until };
            if (windows.Exists(window.Overlaps))
            {
                yaml.Refuse(item, at, "overlaps another window of the app.");
            }

            windows.Add(window);
        }

        return windows.Count == 0 ? null : [.. windows.OrderBy(window => window.From)];
    }

    internal static IReadOnlyList<RolloverPeriod>? Sorted(IReadOnlyCollection<RolloverPeriod> periods) =>
        periods.Count == 0 ? null : [.. periods.OrderBy(period => period.From).ThenBy(period => period.Until).ThenBy(period => period.Mode)];

    internal static IReadOnlyList<object> Write(IReadOnlyList<RolloverPeriod> periods) =>
        [
            .. periods.Select(period => new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["from"] = Day(period.From),
                ["until"] = Day(period.Until),
                ["mode"] = Modes.Single(mode => mode.Value == period.Mode).Key,
            }),
        ];

    internal static IReadOnlyList<object> Write(IReadOnlyList<ChangeWindow> windows) =>
        [
            .. windows.Select(window =>
            {
                var written = new Dictionary<string, object>(StringComparer.Ordinal) { ["from"] = Day(window.From), ["until"] = Day(window.Until) };
                if (window.SyncHoldThreshold is { } threshold)
                {
                    written["syncHoldThreshold"] = threshold is 0 ? "off" : threshold;
                }

                if (window.Limits is { } limits)
                {
                    written["limits"] = LimitsSection.Write(limits);
                }

                return (object)written;
            }),
        ];

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static (DateOnly From, DateOnly Until) ReadDays(
        YamlReader yaml,
        string path,
        YamlNode node,
        string[] others,
        Action<string, YamlNode> readOther
    )
    {
        DateOnly? from = null,
            until = null;
        var before = yaml.Errors.Count;
        foreach (var (key, keyNode, value) in yaml.Members(node, path))
        {
            switch (key)
            {
                case "from":
                    from = ReadDay(yaml, $"{path}.{key}", value);
                    break;
                case "until":
                    until = ReadDay(yaml, $"{path}.{key}", value);
                    break;
                case var _ when others.Contains(key, StringComparer.Ordinal):
                    readOther(key, value);
                    break;
                default:
                    yaml.UnknownKey(keyNode, path, key, ["from", "until", .. others]);
                    break;
            }
        }

        if (yaml.Errors.Count == before)
        {
            if (from is null || until is null)
            {
                yaml.Refuse(node, $"{path}.{(from is null ? "from" : "until")}", "is missing.");
            }
            else if (until < from)
            {
                yaml.Refuse(node, $"{path}.until", "is before from.");
            }
        }

        return (from ?? default, until ?? default);
    }

    private static DateOnly? ReadDay(YamlReader yaml, string path, YamlNode node)
    {
        if (DateOnly.TryParseExact(yaml.Text(node, path), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day;
        }

        yaml.Refuse(node, path, $"expected a date such as 2027-06-30, found {YamlReader.Shown(node)}.");
        return null;
    }
}
