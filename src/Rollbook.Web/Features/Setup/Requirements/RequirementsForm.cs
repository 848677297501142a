using Microsoft.AspNetCore.Http;
using Rollbook.Model;
using Rollbook.Sync.Configuration;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Setup.Requirements;

/// <summary>The Data Requirements of one kind as they are being chosen: all that was entered, also a default that is not chosen at the moment.</summary>
public sealed class RequirementsForm
{
    private const string RulePrefix = "rule.";
    private const string DefaultPrefix = "default.";

    private RequirementsForm(KindDefinition kind) => Kind = kind;

    /// <summary>The kind.</summary>
    public KindDefinition Kind { get; }

    /// <summary>A row for each attribute, and for each entry of the metadata for which something is chosen.</summary>
    public List<RequirementRow> Rows { get; } = [];

    /// <summary>The name of an entry of the metadata that is to be added.</summary>
    public string NewEntry { get; private init; } = "";

    /// <summary>What is chosen for it.</summary>
    public RequirementRow NewRow { get; private set; } = new("new", RequirementRule.Report, "");

    /// <summary>The field of a choice.</summary>
    public static string RuleField(string attribute) => RulePrefix + attribute;

    /// <summary>The field of a default's value.</summary>
    public static string DefaultField(string attribute) => DefaultPrefix + attribute;

    /// <summary>What the choices are called.</summary>
    public static string Words(RequirementRule rule) =>
        rule switch
        {
            RequirementRule.Report => "Report if Missing",
            RequirementRule.Skip => "Skip if Missing",
            RequirementRule.Default => "Use Default",
            _ => "Include",
        };

    /// <summary>A form for what is saved.</summary>
    public static RequirementsForm Of(KindDefinition kind, AppConfiguration app)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(app);
        var form = new RequirementsForm(kind);
        var saved = app.Requirements.GetValueOrDefault(kind.Name);
        form.Fill(
            saved?.Keys ?? [],
            attribute => saved?.GetValueOrDefault(attribute) is { } chosen ? (chosen.Rule, chosen.Default ?? "") : (RequirementRule.Include, "")
        );
        return form;
    }

    /// <summary>A form as it was posted.</summary>
    public static RequirementsForm Of(KindDefinition kind, IFormCollection posted)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(posted);
        var form = new RequirementsForm(kind) { NewEntry = posted["entry"].ToString().Trim() };
        form.Fill(
            posted.Keys.Where(key => key.StartsWith(RulePrefix, StringComparison.Ordinal)).Select(key => key[RulePrefix.Length..]),
            attribute => (Rule(posted, attribute), posted[DefaultField(attribute)].ToString().Trim())
        );
        form.NewRow = new RequirementRow("new", Rule(posted, "new"), posted[DefaultField("new")].ToString().Trim());
        return form;
    }

    /// <summary>What was chosen, without what is included.</summary>
    public IReadOnlyDictionary<string, Requirement> ToRequirements()
    {
        var all = NewEntry.Length == 0 ? Rows : [.. Rows, NewRow with { Attribute = EntryName }];
        return all.Where(row => row.Rule != RequirementRule.Include)
            .DistinctBy(row => row.Attribute, StringComparer.Ordinal)
            .ToDictionary(
                row => row.Attribute,
                row => new Requirement(row.Rule, row.Rule == RequirementRule.Default ? row.Default : null),
                StringComparer.Ordinal
            );
    }

    /// <summary>The configuration with what was chosen.</summary>
    public AppConfiguration ApplyTo(AppConfiguration app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app with
        {
            Requirements = new Dictionary<string, IReadOnlyDictionary<string, Requirement>>(app.Requirements, StringComparer.Ordinal)
            {
                [Kind.Name] = ToRequirements(),
            },
        };
    }

    /// <summary>Says of each field what is wrong with it.</summary>
    public void Check(FieldErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        foreach (var (attribute, requirement) in ToRequirements())
        {
            var isNew = NewEntry.Length > 0 && string.Equals(attribute, EntryName, StringComparison.Ordinal);
            if (RequirementRules.Refuse(Kind, attribute, requirement) is { } refusal)
            {
                var field = isNew ? "new" : attribute;
                var isDefault =
                    requirement.Rule == RequirementRule.Default
                    && RequirementRules.Refuse(Kind, attribute, requirement with { Rule = RequirementRule.Report }) is null;
                errors.Add(
                    isDefault ? DefaultField(field)
                        : isNew ? "entry"
                        : RuleField(field),
                    Sentence(refusal, attribute)
                );
            }
        }

        errors.Need(
            NewEntry.Length == 0 || !Rows.Exists(row => string.Equals(row.Attribute, EntryName, StringComparison.Ordinal)),
            "entry",
            "There is a choice for this entry already."
        );
    }

    private string EntryName =>
        NewEntry.StartsWith(AttributeRules.MetadataPrefix, StringComparison.Ordinal) ? NewEntry : AttributeRules.MetadataPrefix + NewEntry;

    private static string Sentence(string refusal, string attribute)
    {
        var prefix = attribute + ": ";
        var text = Wording.Capital(refusal.StartsWith(prefix, StringComparison.Ordinal) ? refusal[prefix.Length..] : refusal);
        return text.EndsWith('.') ? text : text + ".";
    }

    private static RequirementRule Rule(IFormCollection posted, string attribute) =>
        Enum.TryParse<RequirementRule>(posted[RuleField(attribute)].ToString(), out var rule) && Enum.IsDefined(rule)
            ? rule
            : RequirementRule.Include;

    private void Fill(IEnumerable<string> named, Func<string, (RequirementRule Rule, string Default)> chosen)
    {
        var entries = named.Where(name => name.StartsWith(AttributeRules.MetadataPrefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        foreach (var attribute in RequirementRules.Attributes(Kind).Select(attribute => attribute.Name).Concat(entries))
        {
            var (rule, value) = chosen(attribute);
            Rows.Add(new RequirementRow(attribute, rule, value));
        }
    }
}

/// <summary>One attribute's choice.</summary>
/// <param name="Attribute">The attribute's name.</param>
/// <param name="Rule">The choice.</param>
/// <param name="Default">The default as written, chosen or not.</param>
public sealed record RequirementRow(string Attribute, RequirementRule Rule, string Default);
