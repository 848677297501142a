using System.Globalization;
using Microsoft.AspNetCore.Http;
using Rollbook.Sync.Setup.Schools;

namespace Rollbook.Web.Features.Setup.Schools;

/// <summary>Which part of the schools the page shows; it is in the address, so that it can be sent to a colleague.</summary>
/// <param name="Filter">The filter.</param>
/// <param name="Search">What is looked for; empty for all.</param>
/// <param name="Page">1, 2, …</param>
public sealed record SchoolView(SchoolFilter Filter, string Search, int Page)
{
    /// <summary>Rows of a page.</summary>
    public const int Size = 100;

    private static readonly (SchoolFilter Filter, string Word, string Label)[] Filters =
    [
        (SchoolFilter.All, "", "All"),
        (SchoolFilter.Existing, "existing", "Existing"),
        (SchoolFilter.Missing, "missing", "Missing"),
        (SchoolFilter.MissingData, "missing-data", "Schools with missing data"),
    ];

    /// <summary>The first page of all.</summary>
    public static SchoolView First { get; } = new(SchoolFilter.All, "", 1);

    /// <summary>The filters with their labels.</summary>
    public static IReadOnlyList<(SchoolFilter Filter, string Word, string Label)> Choices => Filters;

    /// <summary>How many rows come before the page.</summary>
    public int Skip => (Page - 1) * Size;

    /// <summary>Why there is nothing to show.</summary>
    public string WhyEmpty =>
        Search.Length > 0 ? $"No school matches “{Search}”"
        : Filter == SchoolFilter.Missing ? "Every school is mapped"
        : Filter == SchoolFilter.Existing ? "No school is mapped yet"
        : Filter == SchoolFilter.MissingData ? "No mapped school is missing in the source"
        : "The source has no schools";

    /// <summary>It as the query of an address, with its question mark; empty for <see cref="First"/>.</summary>
    public string Query
    {
        get
        {
            var parts = new List<string>();
            if (Filter != SchoolFilter.All)
            {
                parts.Add("filter=" + WordOf(Filter));
            }

            if (Search.Length > 0)
            {
                parts.Add("q=" + Uri.EscapeDataString(Search));
            }

            if (Page > 1)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"page={Page}"));
            }

            return parts.Count == 0 ? "" : "?" + string.Join('&', parts);
        }
    }

    /// <summary>Reads it from an address.</summary>
    public static SchoolView Of(IQueryCollection query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var page = int.TryParse(query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Clamp(number, 1, 10_000) : 1;
        return new SchoolView(FilterOf(query["filter"]), query["q"].ToString().Trim(), page);
    }

    /// <summary>The filter of a word; all for any other.</summary>
    public static SchoolFilter FilterOf(string? word) =>
        Array.Find(Filters, filter => string.Equals(filter.Word, word, StringComparison.Ordinal)).Filter;

    private static string WordOf(SchoolFilter filter) => Array.Find(Filters, choice => choice.Filter == filter).Word;
}
