using System.Globalization;
using Rollbook.Model;
using YamlDotNet.RepresentationModel;

namespace Rollbook.Sync.Configuration;

/// <summary>An app's <c>syncHoldThreshold</c> and its table of <c>limits</c>.</summary>
internal static class LimitsSection
{
    private static readonly string[] Keys = ["operation", "kind", "scope", "percent", "count", "leastRecords", "leastPopulation"];

    /// <summary>The percentage; 0 for <c>off</c>.</summary>
    internal static int Threshold(YamlReader yaml, string path, YamlNode node)
    {
        var text = yaml.Text(node, path);
        if (text is "off" or "false")
        {
            return 0;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var percent) && percent is >= 1 and <= 100)
        {
            return percent;
        }

        if (text is not null)
        {
            yaml.Refuse(node, path, $"expected a percentage from 1 to 100, or off; found {YamlReader.Shown(node)}.");
        }

        return SyncLimits.DefaultThreshold;
    }

    internal static List<SyncLimit> Read(YamlReader yaml, string path, YamlNode node)
    {
        var limits = new List<SyncLimit>();
        foreach (var item in yaml.Items(node, path))
        {
            limits.Add(ReadLimit(yaml, $"{path}[{limits.Count}]", item));
        }

        return limits;
    }

    internal static IReadOnlyList<object> Write(IReadOnlyList<SyncLimit> limits) =>
        [
            .. limits.Select(limit =>
            {
                var written = new Dictionary<string, object>(StringComparer.Ordinal) { ["operation"] = Word(limit.Operation) };
                if (limit.Kind is { } kind)
                {
                    written["kind"] = kind;
                }

                written["scope"] = Word(limit.Scope);
                Add(written, "percent", limit.Percent);
                Add(written, "count", limit.Count);
                Add(written, "leastRecords", limit.LeastRecords is 0 ? null : limit.LeastRecords);
                Add(written, "leastPopulation", limit.LeastPopulation is 0 ? null : limit.LeastPopulation);
                return (object)written;
            }),
        ];

    /// <summary>The word of an operation or a scope.</summary>
    internal static string Word(Enum value) => value.ToString().ToLowerInvariant();

    private static SyncLimit ReadLimit(YamlReader yaml, string path, YamlNode node)
    {
        var limit = new SyncLimit(Operation.Delete, LimitScope.Source);
        var hasOperation = false;
        foreach (var (key, keyNode, value) in yaml.Members(node, path))
        {
            var place = $"{path}.{key}";
            switch (key)
            {
                case "operation":
                    hasOperation = true;
                    limit = limit with { Operation = Choice(yaml, place, value, Operation.Delete) };
                    break;
                case "scope":
                    limit = limit with { Scope = Choice(yaml, place, value, LimitScope.Source) };
                    break;
                case "kind":
                    var kind = yaml.Text(value, place);
                    if (kind is not null && Kinds.Find(kind) is null)
                    {
                        yaml.Refuse(
                            value,
                            place,
                            $"expected one of {string.Join(", ", Kinds.All.Select(each => each.Name))}; found {YamlReader.Shown(value)}."
                        );
                    }

                    limit = limit with { Kind = kind is null ? null : Kinds.Find(kind)?.Name };
                    break;
                case "percent":
                    limit = limit with { Percent = Percent(yaml, place, value) };
                    break;
                case "count":
                    limit = limit with { Count = Whole(yaml, place, value, least: 1) };
                    break;
                case "leastRecords":
                    limit = limit with { LeastRecords = Whole(yaml, place, value, least: 0) ?? 0 };
                    break;
                case "leastPopulation":
                    limit = limit with { LeastPopulation = Whole(yaml, place, value, least: 0) ?? 0 };
                    break;
                default:
                    yaml.UnknownKey(keyNode, path, key, Keys);
                    break;
            }
        }

        if (!hasOperation)
        {
            yaml.Refuse(node, path, "a limit needs an operation: create, update, delete or rekey.");
        }
        else if (SyncLimits.Refuse(limit) is { } refusal)
        {
            yaml.Refuse(
                node,
                path,
                refusal == LimitRefusal.NoFigure ? "a limit needs a percent or a count." : $"a {limit.Kind} is not at a school; leave the scope out."
            );
        }

        return limit;
    }

    private static T Choice<T>(YamlReader yaml, string path, YamlNode node, T otherwise)
        where T : struct, Enum
    {
        var text = yaml.Text(node, path);
        if (
            text is not null
            && Enum.GetValues<T>().Where(value => string.Equals(Word(value), text, StringComparison.OrdinalIgnoreCase)).ToList() is [var one]
        )
        {
            return one;
        }

        if (text is not null)
        {
            yaml.Refuse(
                node,
                path,
                $"expected one of {string.Join(", ", Enum.GetValues<T>().Select(value => Word(value)))}; found {YamlReader.Shown(node)}."
            );
        }

        return otherwise;
    }

    private static decimal? Percent(YamlReader yaml, string path, YamlNode node)
    {
        var text = yaml.Text(node, path);
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent is > 0 and <= 100)
        {
            return percent;
        }

        if (text is not null)
        {
            yaml.Refuse(node, path, $"expected a percentage above 0 and up to 100; found {YamlReader.Shown(node)}.");
        }

        return null;
    }

    private static long? Whole(YamlReader yaml, string path, YamlNode node, long least)
    {
        var text = yaml.Text(node, path);
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least)
        {
            return number;
        }

        if (text is not null)
        {
            yaml.Refuse(node, path, $"expected a whole number from {least}; found {YamlReader.Shown(node)}.");
        }

        return null;
    }

    private static void Add(Dictionary<string, object> written, string key, object? value)
    {
        if (value is not null)
        {
            written[key] = value;
        }
    }
}
