using System.Globalization;
using System.Text;
using System.Text.Json;
using Rollbook.Model;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Rules;

/// <summary>The Filter Rules of one kind, ready to be asked about rows.</summary>
internal sealed class KindFilter
{
    // Longer than any value should be; what lies beyond is not looked at by a pattern.
    private const int LongestLooked = 10_000;

    private readonly Func<Row, bool>[][] rules;

    /// <summary>Makes them ready.</summary>
    /// <param name="definition">The kind.</param>
    /// <param name="rules">Its rules, at least one.</param>
    /// <param name="today">The day in the district's time zone.</param>
    internal KindFilter(KindDefinition definition, IEnumerable<FilterRule> rules, DateOnly today) =>
        this.rules = [.. rules.Select(rule => rule.Where.Select(condition => Ready(definition, condition, today)).ToArray())];

    /// <summary>Whether a record passes: all conditions of one rule hold.</summary>
    internal bool Passes(Row row) => Array.Exists(rules, rule => Array.TrueForAll(rule, condition => condition(row)));

    private static Func<Row, bool> Ready(KindDefinition definition, RuleCondition condition, DateOnly today)
    {
        if (condition.Attribute.StartsWith(AttributeRules.MetadataPrefix, StringComparison.Ordinal))
        {
            var metadata = definition["metadata"];
            var name = condition.Attribute[AttributeRules.MetadataPrefix.Length..];
            return OfTexts(row => Entry(row, metadata, name), condition);
        }

        var attribute = definition[condition.Attribute];
        return (condition.Operator, attribute.Type) switch
        {
            (FilterOperator.Empty, _) => row => IsMissing(row, attribute),
            (FilterOperator.NotEmpty, _) => row => !IsMissing(row, attribute),
            (_, AttributeType.Date) => OfDate(attribute, condition, today),
            (_, AttributeType.Boolean) => OfFlag(attribute, condition),
            (_, AttributeType.TextList) => OfTexts(row => RowReader.Texts(row.Get(attribute, out _)), condition),
            _ => OfTexts(row => row.Get(attribute, out var missing) is var bytes && missing ? [] : [Encoding.UTF8.GetString(bytes)], condition),
        };
    }

    private static bool IsMissing(Row row, Model.Attribute attribute)
    {
        row.Get(attribute, out var missing);
        return missing;
    }

    private static string[] Entry(Row row, Model.Attribute metadata, string name)
    {
        var bytes = row.Get(metadata, out var missing);
        return !missing && JsonSerializer.Deserialize<Dictionary<string, string>>(bytes)!.TryGetValue(name, out var text) ? [text] : [];
    }

    private static Func<Row, bool> OfFlag(Model.Attribute attribute, RuleCondition condition)
    {
        var wanted = condition.Values[0] is "true";
        var isNegative = condition.Operator == FilterOperator.NotEqual;
        return row =>
        {
            var bytes = row.Get(attribute, out var missing);
            return (!missing && (bytes[0] != 0) == wanted) != isNegative;
        };
    }

    // Dates as YYYY-MM-DD are ordered as their texts are.
    private static Func<Row, bool> OfDate(Model.Attribute attribute, RuleCondition condition, DateOnly today)
    {
        var day = today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var (first, last) = (condition.Values.FirstOrDefault() ?? day, condition.Values.LastOrDefault() ?? day);
        Func<string, bool> holds = condition.Operator switch
        {
            FilterOperator.Before or FilterOperator.Past => date => string.CompareOrdinal(date, first) < 0,
            FilterOperator.After => date => string.CompareOrdinal(date, first) > 0,
            FilterOperator.Future => date => string.CompareOrdinal(date, day) >= 0,
            FilterOperator.On => date => string.Equals(date, first, StringComparison.Ordinal),
            _ => date => string.CompareOrdinal(date, first) >= 0 && string.CompareOrdinal(date, last) <= 0,
        };
        return row => row.Get(attribute, out var missing) is var bytes && !missing && holds(Encoding.ASCII.GetString(bytes));
    }

    private static Func<Row, bool> OfTexts(Func<Row, string[]> texts, RuleCondition condition)
    {
        var value = condition.Values.FirstOrDefault() ?? "";
        switch (condition.Operator)
        {
            case FilterOperator.Empty:
                return row => texts(row).Length == 0;
            case FilterOperator.NotEmpty:
                return row => texts(row).Length > 0;
            case FilterOperator.DoesNotContain:
                return row => !Array.Exists(texts(row), text => text.Contains(value, StringComparison.OrdinalIgnoreCase));
            case FilterOperator.NotEqual:
                return row => !texts(row).Contains(value, StringComparer.OrdinalIgnoreCase);
        }

        var holds = Holds(condition, value);
        return row => Array.Exists(texts(row), text => holds(text));
    }

    private static Func<string, bool> Holds(RuleCondition condition, string value)
    {
        switch (condition.Operator)
        {
            case FilterOperator.Contains:
                return text => text.Contains(value, StringComparison.OrdinalIgnoreCase);
            case FilterOperator.Equal:
                return text => string.Equals(text, value, StringComparison.OrdinalIgnoreCase);
            case FilterOperator.StartsWith:
                return text => text.StartsWith(value, StringComparison.OrdinalIgnoreCase);
            case FilterOperator.OneOf:
                var set = condition.Values.ToHashSet(StringComparer.OrdinalIgnoreCase);
                return set.Contains;
            case FilterOperator.Matches:
                var pattern = FilterRules.Pattern(value);
                return text => pattern.IsMatch(text.AsSpan(0, Math.Min(text.Length, LongestLooked)));
            default:
                return InOrder(condition);
        }
    }

    /// <summary>Greater, less and between: by number where all that is compared with are numbers, else by text.</summary>
    private static Func<string, bool> InOrder(RuleCondition condition)
    {
        var numbers = condition.Values.Select(Number).ToList();
        if (!numbers.Contains(null))
        {
            return text =>
                Number(text) is { } number && Lies(condition.Operator, number.CompareTo(numbers[0]!.Value), number.CompareTo(numbers[^1]!.Value));
        }

        return text => Lies(condition.Operator, Compare(text, condition.Values[0]), Compare(text, condition.Values[^1]));
    }

    private static bool Lies(FilterOperator comparison, int first, int last) =>
        comparison switch
        {
            FilterOperator.Greater => first > 0,
            FilterOperator.Less => first < 0,
            _ => first >= 0 && last <= 0,
        };

    private static int Compare(string text, string other) => string.Compare(text, other, StringComparison.OrdinalIgnoreCase);

    private static decimal? Number(string text) =>
        decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number : null;
}
