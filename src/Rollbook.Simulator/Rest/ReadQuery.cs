using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Rollbook.Simulator.Rest;

/// <summary>The query of one read, checked against the kind of record it asks for (OneRoster 1.1, chapter 3.4).</summary>
internal sealed class ReadQuery
{
    public int Limit { get; private set; } = 100;

    public long Offset { get; private set; }

    public Field? Sort { get; private set; }

    public bool Descending { get; private set; }

    public Filter? Filter { get; private set; }

    /// <summary>The filter's text, for recognising the same filter again.</summary>
    public string FilterText { get; private set; } = string.Empty;

    /// <summary>The chosen fields; null for all.</summary>
    public Field[]? Selection { get; private set; }

    /// <summary>What the reader is to be told beside the records.</summary>
    public List<StatusInfo> Warnings { get; } = [];

    /// <summary>The reason for refusing the query, or null.</summary>
    public StatusInfo? Refusal { get; private set; }

    /// <summary>Reads the query; a single record's read knows only <c>fields</c>.</summary>
    public static ReadQuery Parse(IQueryCollection query, OneRosterVersion version, Operation operation, FaultSwitches switches)
    {
        var read = new ReadQuery();
        var schema = Schema.Of(version, operation.Kind);
        if (!operation.Single)
        {
            read.ReadPage(query);
            read.ReadSort(query, schema, switches.Sort);
            read.ReadFilter(query, schema, switches.Filter);
        }

        read.ReadSelection(query, schema);
        return version is OneRosterVersion.V12 ? read.WithoutWarnings() : read;
    }

    // OneRoster 1.2 has no place for a warning beside the records: an unknown sort field is passed over, an unknown selection refused.
    private ReadQuery WithoutWarnings()
    {
        Refusal ??= Warnings.Find(warning => warning.CodeMinor is "invalid_selection_field") is { } selection
            ? selection with
            {
                Http = 400,
                Severity = "error",
            }
            : null;
        Warnings.Clear();
        return this;
    }

    private void ReadPage(IQueryCollection query)
    {
        if (query.TryGetValue("limit", out var limit))
        {
            if (int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) && parsed >= 1)
            {
                Limit = parsed;
            }
            else
            {
                Refusal ??= StatusInfo.InvalidData("'limit' must be a whole number of 1 or more.");
            }
        }

        if (query.TryGetValue("offset", out var offset))
        {
            if (long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed))
            {
                Offset = parsed;
            }
            else
            {
                Refusal ??= StatusInfo.InvalidData("'offset' must be a whole number of 0 or more.");
            }
        }
    }

    private void ReadSort(IQueryCollection query, Schema schema, ParameterSupport support)
    {
        if (support is ParameterSupport.Ignored)
        {
            return;
        }

        if (support == ParameterSupport.Refused && (query.ContainsKey("sort") || query.ContainsKey("orderBy")))
        {
            Refusal ??= StatusInfo.InvalidData("Sorting is not supported.");
            return;
        }

        if (query.TryGetValue("sort", out var sort))
        {
            Sort = schema.Find(sort.ToString());
            if (Sort is null)
            {
                Warnings.Add(StatusInfo.InvalidSort(sort.ToString()));
            }
        }

        if (query.TryGetValue("orderBy", out var order))
        {
            Descending = string.Equals(order, "desc", StringComparison.Ordinal);
            if (!Descending && !string.Equals(order, "asc", StringComparison.Ordinal))
            {
                Refusal ??= StatusInfo.InvalidData("'orderBy' must be asc or desc.");
            }
        }
    }

    private void ReadFilter(IQueryCollection query, Schema schema, ParameterSupport support)
    {
        if (support == ParameterSupport.Ignored || !query.TryGetValue("filter", out var filter))
        {
            return;
        }

        FilterText = filter.ToString();
        Filter = FilterGrammar.Parse(FilterText) is { } written ? Filter.Bind(written, schema) : null;
        var supported = support == ParameterSupport.Full || (support == ParameterSupport.EqualityOnly && Filter?.EqualityOnly == true);
        if (Filter is null || !supported)
        {
            Refusal ??= StatusInfo.InvalidFilter(FilterText);
        }
    }

    private void ReadSelection(IQueryCollection query, Schema schema)
    {
        if (!query.TryGetValue("fields", out var fields))
        {
            return;
        }

        var names = fields.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0)
        {
            Refusal ??= StatusInfo.BlankSelection();
        }
        else if (Array.Find(names, name => schema.Find(name) is null) is { } unknown)
        {
            Warnings.Add(StatusInfo.InvalidSelection(unknown));
        }
        else
        {
            Selection = [.. schema.Fields.Where(field => names.Contains(field.Name, StringComparer.Ordinal))];
        }
    }
}
