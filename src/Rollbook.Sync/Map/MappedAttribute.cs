using Fluid.Values;
using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Map.Templates;

namespace Rollbook.Sync.Map;

/// <summary>A pair of the district's, ready to be carried out for one collection's records; used by one thread at a time.</summary>
internal sealed class MappedAttribute
{
    private readonly SourcePath? path;
    private readonly ValueMap? map;
    private readonly Template? template;
    private readonly Dictionary<string, int> slots = new(StringComparer.Ordinal);

    /// <summary>Makes it ready; a template is parsed here, once.</summary>
    /// <exception cref="SourceException">The pair can't be carried out; <see cref="AttributeRules"/> would have said so.</exception>
    internal MappedAttribute(AttributePair pair, TimeZoneInfo zone)
    {
        Target = pair.Target;
        map = pair.Map is { Count: > 0 } ? new ValueMap(pair.Map) : null;
        if (pair.Template is { } text)
        {
            template = Template.Parse(text, zone, out var error) ?? throw Refusal($"The template of {Target} can't be used: {error}");
            Names = template.Names;
            Reads = template.Reads;
        }
        else
        {
            path = new SourcePath(pair.Source ?? "");
            Names = [path.First];
            Reads = [pair.Source ?? ""];
        }
    }

    /// <summary>A configuration that this edition does not carry out, though it was saved once.</summary>
    internal static SourceException Refusal(string reason) =>
        new(SourceFailure.Configuration, CheckPart.Settings, $"{reason} Correct it in Attributes Mapping.");

    /// <summary>The Rollbook attribute that it feeds.</summary>
    internal string Target { get; }

    /// <summary>The attributes of the raw record that it reads.</summary>
    internal IReadOnlyCollection<string> Names { get; }

    /// <summary>The same with what is nested in them, dotted, as a person would name them.</summary>
    internal IReadOnlyCollection<string> Reads { get; }

    /// <summary>For how many records its template has failed.</summary>
    internal long Failures { get; private set; }

    /// <summary>Why it failed the first time; nothing of the record.</summary>
    internal string? Failure { get; private set; }

    /// <summary>Why it failed the last time.</summary>
    internal string? LastFailure { get; private set; }

    /// <summary>Finds the attributes' places among the fields of a collection.</summary>
    internal void Bind(SourceFields fields)
    {
        path?.Bind(fields);
        foreach (var name in Names)
        {
            slots[name] = fields.Slot(name);
        }
    }

    /// <summary>Writes the value; false when there is something that is not valid and was left out.</summary>
    internal bool Write(Model.Attribute attribute, SourceFields fields, ReadOnlyMemory<byte> part, RowWriter row, TimeZoneInfo zone)
    {
        if (attribute.Type == AttributeType.TextList)
        {
            var ends = TryList(fields, part, out var list);
            row.Texts(list);
            return ends;
        }

        var succeeded = TryText(fields, part, out var text);
        switch (attribute.Type)
        {
            case AttributeType.Date:
                var date = text is null ? null : SourceDate.Parse(text, zone);
                row.Date(date);
                return succeeded && (text is null || date is not null);
            case AttributeType.Boolean:
                var flag = text is null ? null : Value.Flag(text);
                row.Boolean(flag);
                return succeeded && (text is null || flag is not null);
            default:
                // A role is kept in lower case, whatever it comes from.
                row.Text(attribute.Name is "role" ? text?.ToLowerInvariant() : text);
                return succeeded;
        }
    }

    /// <summary>The value as text; false when its template failed.</summary>
    internal bool TryText(SourceFields fields, ReadOnlyMemory<byte> part, out string? text)
    {
        if (template is null)
        {
            text = path!.Text(fields, part.Span, map);
            return true;
        }

        var rendered = template.Render(name => Source(name, fields, part), out var failure);
        text = rendered is null ? null : Value.Clean(rendered);
        if (failure is null)
        {
            return true;
        }

        Failures++;
        Failure ??= failure;
        LastFailure = failure;
        return false;
    }

    private bool TryList(SourceFields fields, ReadOnlyMemory<byte> part, out List<string> list)
    {
        if (template is null)
        {
            list = path!.List(fields, part.Span, map);
            return true;
        }

        var succeeded = TryText(fields, part, out var text);
        list = Value.Split(text);
        return succeeded;
    }

    private FluidValue? Source(string name, SourceFields fields, ReadOnlyMemory<byte> part) =>
        name is SourcePath.Demographics ? SourceModel.OfDemographics(part.Span) : SourceModel.Of(fields[slots[name]], name);
}
