using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Rollbook.Storage;
using Rollbook.Web.Features.Appearance;

namespace Rollbook.Web.Features.Data;

/// <summary>What a list shows, as its address says it. Everything is in the address, so it can be sent to a colleague.</summary>
public sealed record BrowseQuery(KindDefinition Kind)
{
    private const string DensityCookie = "rollbook-density";

    internal string? Search { get; init; }

    internal IReadOnlyList<RecordFilter> Filters { get; init; } = [];

    internal string? Sort { get; init; }

    internal bool Descending { get; init; }

    internal string? After { get; init; }

    internal bool Backwards { get; init; }

    internal int? Version { get; init; }

    /// <summary>The run that waits, after which the roster is looked at; null for a version.</summary>
    internal long? Waiting { get; init; }

    internal AsOf AsOf => Waiting is { } run ? AsOf.After(run) : Version;

    /// <summary>The columns as chosen, remembered or by default.</summary>
    internal IReadOnlyList<Attribute> Columns { get; init; } = [];

    /// <summary>Whether the address itself names columns.</summary>
    internal bool ColumnsChosen { get; init; }

    internal bool Dense { get; init; }

    /// <summary>Reads the address and, where it says nothing, what the browser remembers; remembers new choices.</summary>
    /// <param name="http">The request.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="personal">
    /// Whether the person sees personal data. Who doesn't can't sort, search or filter by it either: the answer would tell what the mask hides.
    /// </param>
    internal static BrowseQuery Read(HttpContext http, KindDefinition kind, bool personal)
    {
        var query = http.Request.Query;
        var chosen = Attributes(kind, query["columns"]);
        if (chosen.Count > 0)
        {
            Preference.Set(http, ColumnsCookie(kind), string.Join('.', chosen.Select(attribute => attribute.Name)));
        }

        if (query["density"] is [{ Length: > 0 } density])
        {
            Preference.Set(http, DensityCookie, density);
        }
        else
        {
            density = http.Request.Cookies[DensityCookie] ?? "";
        }

        var remembered = Attributes(kind, (http.Request.Cookies[ColumnsCookie(kind)] ?? "").Split('.'));
        var sort = kind.Find(Text(query, "sort") ?? "");
        return new BrowseQuery(kind)
        {
            Search = personal || !kind.SortAttribute.Personal ? Text(query, "search") : null,
            Filters =
            [
                .. query["filter"]
                    .Select(text => ReadFilter(kind, text))
                    .OfType<RecordFilter>()
                    .Where(filter => personal || !kind[filter.Attribute].Personal),
            ],
            Sort =
                sort is not null && Data.Columns.Sorts(sort) && (personal || !sort.Personal) ? sort.Name
                : !personal && kind.SortAttribute.Personal ? "sisId"
                : null,
            Descending = string.Equals(query["order"], "descending", StringComparison.Ordinal),
            After = Text(query, "cursor"),
            Backwards = string.Equals(query["back"], "yes", StringComparison.Ordinal),
            Version = int.TryParse(Text(query, "version"), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null,
            Waiting = long.TryParse(Text(query, "waiting"), NumberStyles.None, CultureInfo.InvariantCulture, out var run) ? run : null,
            Columns =
                chosen.Count > 0 ? chosen
                : remembered.Count > 0 ? remembered
                : Data.Columns.Default(kind),
            ColumnsChosen = chosen.Count > 0,
            Dense = string.Equals(density, "dense", StringComparison.Ordinal),
        };
    }

    /// <summary>The part of the address after the question mark, with its question mark; empty when there is nothing to say.</summary>
    internal string Address()
    {
        List<KeyValuePair<string, string?>> pairs = [.. Pairs()];
        Add(pairs, "cursor", After);
        Add(pairs, "back", After is not null && Backwards ? "yes" : null);
        return QueryHelpers.AddQueryString("", pairs);
    }

    /// <summary>Everything but the place in the list, for the hidden fields of a form.</summary>
    internal IEnumerable<KeyValuePair<string, string?>> Pairs()
    {
        List<KeyValuePair<string, string?>> pairs = [];
        Add(pairs, "search", Search);
        foreach (var filter in Filters)
        {
            Add(pairs, "filter", Write(filter));
        }

        Add(pairs, "sort", Sort);
        Add(pairs, "order", Descending ? "descending" : null);
        Add(pairs, "version", Waiting is null ? Version?.ToString(CultureInfo.InvariantCulture) : null);
        Add(pairs, "waiting", Waiting?.ToString(CultureInfo.InvariantCulture));
        foreach (var column in ColumnsChosen ? Columns : [])
        {
            Add(pairs, "columns", column.Name);
        }

        return pairs;
    }

    internal RecordQuery ToStore(int limit) => new(Kind.Kind, AsOf, Search, Filters, Sort, Descending, After, Backwards, limit);

    /// <summary>The same list from its start.</summary>
    internal BrowseQuery Start() => this with { After = null, Backwards = false };

    /// <summary>A filter as the address has it: <c>grades.equal.09</c>.</summary>
    internal static string Write(RecordFilter filter) => $"{filter.Attribute}.{Word(filter.Condition)}.{filter.Value}";

    internal static string Word(FilterCondition condition) => condition.ToString().ToLowerInvariant();

    internal static string Name(FilterCondition condition) =>
        condition switch
        {
            FilterCondition.Equal => "equals",
            FilterCondition.Contains => "contains text",
            FilterCondition.StartsWith => "starts with",
            FilterCondition.Empty => "is empty",
            _ => "is not empty",
        };

    private static RecordFilter? ReadFilter(KindDefinition kind, string? text) =>
        (text ?? "").Split('.', 3) is [var attribute, var condition, var value]
        && kind.Find(attribute) is not null
        && Enum.TryParse<FilterCondition>(condition, ignoreCase: true, out var parsed)
            ? new RecordFilter(attribute, parsed, value)
            : null;

    private static List<Attribute> Attributes(KindDefinition kind, IEnumerable<string?> names)
    {
        var chosen = names.ToHashSet(StringComparer.Ordinal);
        return [.. Data.Columns.InOrder(kind).Where(attribute => chosen.Contains(attribute.Name))];
    }

    private static string ColumnsCookie(KindDefinition kind) => $"rollbook-columns-{kind.Name}";

    private static string? Text(IQueryCollection query, string name) => query[name] is [{ Length: > 0 } text, ..] ? text.Trim() : null;

    private static void Add(List<KeyValuePair<string, string?>> pairs, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            pairs.Add(new(name, value));
        }
    }
}
