using Microsoft.AspNetCore.Http;
using Rollbook.Model;
using Rollbook.Sync.Configuration;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Setup.Attributes;

/// <summary>A pair as it is being written: all that was entered, also under what is not chosen at the moment, so that nothing is lost by looking around.</summary>
public sealed class PairForm
{
    /// <summary>A source attribute as it is.</summary>
    public const string SourceWay = "source";

    /// <summary>A source attribute through a value map.</summary>
    public const string MapWay = "map";

    /// <summary>A template.</summary>
    public const string TemplateWay = "template";

    /// <summary>The choice that stands for an attribute that is not in the list.</summary>
    public const string Other = "*";

    private const int MostRows = 2_000;

    /// <summary>What feeds the attribute: <see cref="SourceWay"/>, <see cref="MapWay"/> or <see cref="TemplateWay"/>.</summary>
    public string Way { get; private init; } = SourceWay;

    /// <summary>The chosen source attribute; <see cref="Other"/> for one that is written.</summary>
    public string Source { get; private init; } = "";

    /// <summary>A source attribute that is written.</summary>
    public string OtherSource { get; private init; } = "";

    /// <summary>The chosen Rollbook attribute; <see cref="AttributeRules.MetadataPrefix"/> alone for an entry of the metadata.</summary>
    public string Target { get; private init; } = "";

    /// <summary>The name of the entry of the metadata.</summary>
    public string MetadataName { get; private init; } = "";

    /// <summary>The value map, as written.</summary>
    public List<(string From, string To)> Rows { get; } = [];

    /// <summary>The template.</summary>
    public string Template { get; private init; } = "";

    /// <summary>A form for a pair that is there.</summary>
    /// <param name="pair">The pair.</param>
    /// <param name="fallback">The source attribute to offer where the pair has a template.</param>
    public static PairForm Of(AttributePair pair, string fallback)
    {
        ArgumentNullException.ThrowIfNull(pair);
        var form = new PairForm
        {
            Way =
                pair.Template is not null ? TemplateWay
                : pair.Map is { Count: > 0 } ? MapWay
                : SourceWay,
            Source = pair.Source ?? fallback,
            Target = pair.Target,
            Template = pair.Template ?? "",
        };
        form.Rows.AddRange(pair.Map?.Select(row => (row.Key, row.Value)) ?? []);
        return form.WithRows();
    }

    /// <summary>A form for a new pair; for a target that the default feeds, with its source.</summary>
    public static PairForm New(string target, string source) => new PairForm { Target = target, Source = source }.WithRows();

    /// <summary>A form as it was posted.</summary>
    public static PairForm Of(IFormCollection posted)
    {
        ArgumentNullException.ThrowIfNull(posted);
        var form = new PairForm
        {
            Way = posted["way"].ToString() is MapWay or TemplateWay ? posted["way"].ToString() : SourceWay,
            Source = posted["source"].ToString(),
            OtherSource = posted["other"].ToString().Trim(),
            Target = posted["target"].ToString(),
            MetadataName = posted["metadata"].ToString().Trim(),
            Template = posted["template"].ToString().ReplaceLineEndings("\n"),
        };
        form.Rows.AddRange(posted["from"].Zip(posted["to"]).Take(MostRows + 1).Select(row => (row.First?.Trim() ?? "", row.Second?.Trim() ?? "")));
        return form.WithRows();
    }

    /// <summary>Adds an empty row at the end.</summary>
    public void AddRow() => Rows.Add(("", ""));

    /// <summary>The pair that this would be.</summary>
    public AttributePair ToPair() =>
        new()
        {
            Target = Target is AttributeRules.MetadataPrefix ? AttributeRules.MetadataPrefix + MetadataName : Target,
            Source = Way is TemplateWay ? null : ChosenSource,
            Template = Way is TemplateWay ? Template : null,
            Map = Way is MapWay ? MapOfRows() : null,
        };

    /// <summary>Notes what is wrong, at the field where it can be mended.</summary>
    public void Check(KindDefinition kind, IReadOnlyList<AttributePair> others, FieldErrors errors)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(others);
        ArgumentNullException.ThrowIfNull(errors);
        var pair = ToPair();
        errors.Need(Target.Length > 0, "target", "Choose the Rollbook attribute that is fed.");
        errors.Need(Target is not AttributeRules.MetadataPrefix || MetadataName.Length > 0, "metadata", "Enter a name for the metadata attribute.");
        errors.Need(
            !others.Any(other => string.Equals(other.Target, pair.Target, StringComparison.Ordinal)),
            Target is AttributeRules.MetadataPrefix ? "metadata" : "target",
            $"{pair.Target} is fed by another mapping already. Edit that one, or choose another attribute."
        );
        if (Way is TemplateWay)
        {
            errors.Need(!string.IsNullOrWhiteSpace(Template), "template", "Enter a template, such as {{ username | downcase }}@riverside.example.");
        }
        else
        {
            errors.Need(ChosenSource.Length > 0, Source is Other ? "other" : "source", "Choose the attribute of the data source.");
        }

        CheckRows(errors);
        if (!errors.Any && AttributeRules.Refuse(kind, pair) is { } refusal)
        {
            errors.Add(FieldOf(refusal.Part), Words(refusal));
        }
    }

    /// <summary>A refusal as a sentence of its own.</summary>
    public static string Words(AttributeRefusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return refusal.Reason is { } reason
            ? FormattableString.Invariant($"Line {refusal.Line}, column {refusal.Column}: {reason}")
            : Wording.Capital(refusal.Message);
    }

    private string ChosenSource => Source is Other ? OtherSource : Source;

    private string FieldOf(AttributePart part) =>
        part switch
        {
            AttributePart.Target => Target is AttributeRules.MetadataPrefix ? "metadata" : "target",
            AttributePart.Source => Source is Other ? "other" : "source",
            AttributePart.Map => "from-1",
            _ => "template",
        };

    private void CheckRows(FieldErrors errors)
    {
        if (Way is not MapWay)
        {
            return;
        }

        errors.Need(Rows.Exists(row => row.From.Length > 0), "from-1", "Enter at least one value of the source and what it becomes.");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Rows.Count; i++)
        {
            var (from, to) = Rows[i];
            var field = FormattableString.Invariant($"from-{i + 1}");
            errors.Need(from.Length > 0 || to.Length == 0, field, $"Enter the value of the source that becomes {to}.");
            errors.Need(from.Length == 0 || seen.Add(from), field, $"{from} stands in the map twice. Keep one of the rows.");
        }
    }

    private Dictionary<string, string> MapOfRows()
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (from, to) in Rows.Where(row => row.From.Length > 0))
        {
            map.TryAdd(from, to);
        }

        return map;
    }

    // Room to begin with, also without scripts.
    private PairForm WithRows()
    {
        while (Rows.Count < 3)
        {
            AddRow();
        }

        return this;
    }
}
