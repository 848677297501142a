using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>What a page asks for: its search and its filters as conditions, with their parameters.</summary>
internal sealed class RecordConditions
{
    private readonly Dialect dialect;
    private readonly KindTable table;
    private readonly List<string> conditions = [];
    private readonly List<(string Name, object? Value)> parameters = [];
    private readonly string? byLinks;

    /// <summary>Reads a query.</summary>
    /// <exception cref="RefusedValueException">A filter makes no sense for its attribute; the message says what would.</exception>
    public RecordConditions(Dialect dialect, KindTable table, RecordQuery query)
    {
        this.dialect = dialect;
        this.table = table;
        var definition = table.Definition;
        if (!string.IsNullOrEmpty(query.Search))
        {
            var prefix = AsciiCase.Lower(AttributeText.Checked("search", query.Search));
            BySort = StartsWith($"lower(\"{definition.SortAttribute.Column}\")", prefix);
            BySisId = definition.SortAttribute.Column is "sis_id" ? null : StartsWith("lower(sis_id)", prefix);
        }

        foreach (var filter in query.Filters ?? [])
        {
            var condition = Condition(filter);
            conditions.Add(condition);
            if (Links is null && LinksOf(filter) is { } links)
            {
                (Links, byLinks) = (links, condition);
                Target = $"target = @{Parameter(dialect.Id(IdOf(links.Attribute, filter.Value!)))}";
            }
        }
    }

    /// <summary>The search in the kind's sort attribute, as a range of its index; null without a search.</summary>
    public string? BySort { get; }

    /// <summary>The search in the SIS ID, as a range of its index; null without a search, or when that is the sort attribute.</summary>
    public string? BySisId { get; }

    /// <summary>Whether there is any filter.</summary>
    public bool HasFilters => conditions.Count > 0;

    /// <summary>The filters, each behind an AND.</summary>
    public string Filters => Joined(conditions);

    /// <summary>The links in which the records of the first filter that has some are found; null without such a filter.</summary>
    public LinkTable? Links { get; }

    /// <summary>The condition on the links that stands for that filter; null without.</summary>
    public string? Target { get; }

    /// <summary>The other filters, each behind an AND.</summary>
    public string FiltersBesideLinks => Joined(conditions.Where(condition => !ReferenceEquals(condition, byLinks)));

    /// <summary>Their parameters.</summary>
    public IReadOnlyList<(string Name, object? Value)> Parameters => parameters;

    private static string Joined(IEnumerable<string> conditions) => string.Concat(conditions.Select(condition => $" AND ({condition})"));

    private LinkTable? LinksOf(RecordFilter filter) =>
        filter.Condition == FilterCondition.Equal && table.Definition.Find(filter.Attribute) is { } attribute ? table.LinksOf(attribute) : null;

    private string Condition(RecordFilter filter)
    {
        var (attribute, expression) = Find(filter.Attribute);
        if (filter.Condition is FilterCondition.Empty or FilterCondition.NotEmpty)
        {
            return $"{expression} IS {(filter.Condition == FilterCondition.Empty ? "" : "NOT ")}NULL";
        }

        var value = string.IsNullOrEmpty(filter.Value)
            ? throw new RefusedValueException($"The filter on '{filter.Attribute}' needs a value to compare with.")
            : filter.Value;
        return attribute.Type switch
        {
            AttributeType.Text => Compare($"lower({expression})", filter.Condition, AttributeText.Parse(dialect, attribute, value)),
            AttributeType.TextList => $"EXISTS (SELECT 1 FROM {dialect.Elements(expression)} WHERE "
                + Compare("lower(element.value)", filter.Condition, AttributeText.Parse(dialect, attribute, value))
                + ")",
            AttributeType.Date when filter.Condition != FilterCondition.Equal => Compare(
                dialect.DateText(expression),
                filter.Condition,
                AttributeText.Checked(attribute.Name, value)
            ),
            AttributeType.ReferenceList when filter.Condition == FilterCondition.Equal => dialect.HasAnyId(
                expression,
                Parameter(dialect.Ids([IdOf(attribute, value)]))
            ),
            AttributeType.Date or AttributeType.Boolean or AttributeType.Reference when filter.Condition == FilterCondition.Equal => Compare(
                expression,
                FilterCondition.Equal,
                AttributeText.Parse(dialect, attribute, value)
            ),
            _ => throw new RefusedValueException($"'{filter.Attribute}' can't be filtered by '{filter.Condition}'."),
        };
    }

    private (Model.Attribute Attribute, string Expression) Find(string name)
    {
        const string Prefix = "metadata.";
        if (name.StartsWith(Prefix, StringComparison.Ordinal) && name.Length > Prefix.Length)
        {
            var parameter = Parameter(dialect.MetadataName(AttributeText.Checked("metadata", name[Prefix.Length..])));
            return (new Model.Attribute(name, AttributeType.Text), dialect.MetadataText(parameter));
        }

        return table.Definition.Find(name) is { } attribute
            ? (attribute, $"\"{attribute.Column}\"")
            : throw new RefusedValueException($"A {table.Definition.Name} has no attribute '{name}'.");
    }

    private static RollbookId IdOf(Model.Attribute attribute, string value) =>
        RollbookId.TryParse(value, out var id)
            ? id
            : throw new RefusedValueException($"'{value}' is not a value of '{attribute.Name}': a Rollbook ID is expected.");

    private string Compare(string expression, FilterCondition condition, object value) =>
        condition switch
        {
            FilterCondition.Equal => $"{expression} = @{Parameter(value)}",
            FilterCondition.Contains => dialect.Contains(expression, "@" + Parameter(value)),
            FilterCondition.StartsWith => StartsWith(expression, (string)value),
            _ => throw new ArgumentOutOfRangeException(nameof(condition), condition, "Not a condition on a value."),
        };

    private string StartsWith(string expression, string prefix)
    {
        var from = $"{expression} >= @{Parameter(prefix)}";
        return AsciiCase.AfterPrefix(prefix) is { } end ? $"({from} AND {expression} < @{Parameter(end)})" : from;
    }

    private string Parameter(object value)
    {
        var name = $"p{parameters.Count}";
        parameters.Add((name, value));
        return name;
    }
}
