using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Rollbook.Model;
using Rollbook.Sync.Configuration;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Setup.Filters;

/// <summary>The Filter Rules as they are being written: all rules, and the one that is open.</summary>
public sealed class FiltersForm
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The rules, without what was changed in the open one.</summary>
    public List<FilterRule> Rules { get; private init; } = [];

    /// <summary>The place of the open rule; one behind the last for a new one; null when none is open.</summary>
    public int? Editing { get; private set; }

    /// <summary>The open rule's kind.</summary>
    public KindDefinition Kind { get; private set; } = FilterRules.Filterable[0];

    /// <summary>What the open rule is called.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Its conditions as written.</summary>
    public List<ConditionRow> Rows { get; } = [];

    /// <summary>The kinds whose records follow.</summary>
    public HashSet<string> Linked { get; } = new(StringComparer.Ordinal);

    /// <summary>The rules as the page carries them.</summary>
    public string RulesText => JsonSerializer.Serialize(Rules, Json);

    /// <summary>A form for what is saved.</summary>
    public static FiltersForm Of(AppConfiguration app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return new FiltersForm { Rules = [.. app.Sorted().Filters] };
    }

    /// <summary>A form as it was posted; null when it is none.</summary>
    public static FiltersForm? Of(IFormCollection posted)
    {
        ArgumentNullException.ThrowIfNull(posted);
        List<FilterRule>? rules;
        try
        {
            rules = JsonSerializer.Deserialize<List<FilterRule>>(posted["rules"].ToString(), Json);
        }
        catch (JsonException)
        {
            return null;
        }

        if (rules is null || rules.Count > FilterRules.MostRules || rules.Exists(rule => !IsSound(rule)))
        {
            return null;
        }

        var form = new FiltersForm { Rules = rules };
        if (
            int.TryParse(posted["editing"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var editing)
            && editing >= 0
            && editing <= rules.Count
        )
        {
            form.Editing = editing;
            form.Kind = KindOf(posted["kind"].ToString());
            form.Name = posted["name"].ToString().Trim();
            form.Linked.UnionWith(posted["linked"].OfType<string>());
            for (var i = 0; i < FilterRules.MostConditions && posted.ContainsKey($"attribute.{i}"); i++)
            {
                form.Rows.Add(
                    new ConditionRow(posted[$"attribute.{i}"].ToString(), posted[$"operator.{i}"].ToString(), posted[$"value.{i}"].ToString())
                );
            }
        }

        return form;
    }

    /// <summary>Opens a rule.</summary>
    public void Open(int place)
    {
        if (place >= 0 && place < Rules.Count)
        {
            Fill(place, Rules[place]);
        }
    }

    /// <summary>Opens a new rule.</summary>
    public void OpenNew(string kind)
    {
        var definition = KindOf(kind);
        Fill(
            Rules.Count,
            new FilterRule
            {
                Kind = definition.Name,
                Where = [new RuleCondition("", FilterOperator.Equal, [])],
                IncludeLinked = FilterRules.Linked(definition.Kind, Kinds.All.Select(linked => linked.Name)),
            }
        );
    }

    /// <summary>Begins the open rule with a template.</summary>
    public void Take(int template)
    {
        if (Editing is { } place && FilterTemplates.Of(Kind.Kind).ElementAtOrDefault(template) is { } rule)
        {
            Fill(place, rule);
        }
    }

    /// <summary>Closes the open rule: with what was written, where it can be carried out, or without.</summary>
    public void Close(bool keep)
    {
        if (keep && Editing is { } place)
        {
            if (place < Rules.Count)
            {
                Rules[place] = ToRule();
            }
            else
            {
                Rules.Add(ToRule());
            }
        }

        Editing = null;
    }

    /// <summary>Takes a rule away.</summary>
    public void Remove(int place)
    {
        if (place >= 0 && place < Rules.Count)
        {
            Rules.RemoveAt(place);
        }
    }

    /// <summary>The open rule as it is written.</summary>
    public FilterRule ToRule() =>
        new()
        {
            Kind = Kind.Name,
            Name = Name.Length == 0 ? null : Name,
            Where = [.. Rows.Select(row => row.ToCondition())],
            IncludeLinked = FilterRules.Linked(Kind.Kind, Linked),
        };

    /// <summary>The configuration with all rules, the open one as it is written.</summary>
    public AppConfiguration ApplyTo(AppConfiguration app)
    {
        ArgumentNullException.ThrowIfNull(app);
        List<FilterRule> all = [.. Rules];
        if (Editing is { } place)
        {
            all = [.. all.Take(place), ToRule(), .. all.Skip(place + 1)];
        }

        return app with
        {
            Filters = all,
        };
    }

    /// <summary>Says of each field of the open rule what is wrong with it.</summary>
    public void Check(FieldErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        if (Editing is null)
        {
            return;
        }

        errors.Need(Name.Length <= 100 && !Name.Any(char.IsControl), "name", "A name has at most 100 characters.");
        errors.Need(Rows.Count > 0, "add", "Add a condition: a rule without any would let everything pass.");
        errors.Need(Editing < Rules.Count || Rules.Count < FilterRules.MostRules, "name", $"There may be {FilterRules.MostRules} rules.");
        for (var i = 0; i < Rows.Count; i++)
        {
            if (FilterRules.Refuse(Kind, Rows[i].ToCondition()) is { } refusal)
            {
                var field = refusal.Part switch
                {
                    FilterPart.Attribute => "attribute",
                    FilterPart.Operator => "operator",
                    _ => "value",
                };
                var message = Rows[i].Attribute.Length == 0 ? "Choose an attribute." : Wording.Capital(refusal.Message);
                errors.Add($"{field}.{i}", message);
            }
        }
    }

    /// <summary>A rule in words.</summary>
    public static IEnumerable<string> Words(FilterRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var kind = KindOf(rule.Kind);
        return rule.Where.Select(condition =>
            $"{Label(kind, condition.Attribute)} {condition.Operator.Words()} {string.Join(condition.Operator == FilterOperator.Between ? " and " : ", ", condition.Values.Take(20))}".TrimEnd()
            + (condition.Values.Count > 20 ? $" and {Wording.Number(condition.Values.Count - 20)} more" : "")
        );
    }

    /// <summary>What an attribute is called.</summary>
    public static string Label(KindDefinition kind, string attribute)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return kind.Find(attribute) is { } known ? Wording.Label(known) : attribute;
    }

    private static KindDefinition KindOf(string? name) =>
        FilterRules.Filterable.FirstOrDefault(kind => string.Equals(kind.Name, name, StringComparison.Ordinal)) ?? FilterRules.Filterable[0];

    // What the page carries comes back from a browser: nothing of it is believed.
    private static bool IsSound(FilterRule? rule) =>
        rule is { Kind: not null, Where: not null, IncludeLinked: not null }
        && FilterRules.Filterable.FirstOrDefault(kind => string.Equals(kind.Name, rule.Kind, StringComparison.Ordinal)) is { } kind
        && rule.Name is null or { Length: <= 100 }
        && rule.Where.Count is > 0 and <= FilterRules.MostConditions
        && rule.Where.All(condition => condition is { Attribute: not null, Values: not null } && FilterRules.Refuse(kind, condition) is null);

    private void Fill(int place, FilterRule rule)
    {
        Editing = place;
        Kind = KindOf(rule.Kind);
        Name = rule.Name ?? "";
        Rows.Clear();
        Rows.AddRange(
            rule.Where.Select(condition => new ConditionRow(condition.Attribute, condition.Operator.Words(), string.Join('\n', condition.Values)))
        );
        Linked.Clear();
        Linked.UnionWith(rule.IncludeLinked);
    }
}

/// <summary>A condition as it is written.</summary>
/// <param name="Attribute">The attribute's name.</param>
/// <param name="Operator">The operator's words.</param>
/// <param name="Value">The values, one a line.</param>
public sealed record ConditionRow(string Attribute, string Operator, string Value)
{
    /// <summary>The condition.</summary>
    public RuleCondition ToCondition()
    {
        var known = FilterRules.Find(Operator) ?? FilterOperator.Equal;
        var lines = Value.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

        // A value that was entered for another operator stays in its field and means nothing.
        return new RuleCondition(Attribute, known, FilterRules.ValuesOf(known).Most == 0 ? [] : lines);
    }
}
