using Rollbook.Model;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Map;

namespace Rollbook.Sync.Samples;

/// <summary>What a pair makes of real records, worked out by the code that an import runs.</summary>
public static class AttributePreview
{
    /// <summary>One line for each of the first samples.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="pair">A pair that <see cref="AttributeRules"/> accept.</param>
    /// <param name="samples">The records.</param>
    /// <param name="zone">The zone in which a moment becomes a date.</param>
    /// <param name="count">How many lines.</param>
    public static IReadOnlyList<AttributePreviewLine> Of(
        KindDefinition kind,
        AttributePair pair,
        IReadOnlyList<SampleRecord> samples,
        TimeZoneInfo zone,
        int count
    )
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(pair);
        ArgumentNullException.ThrowIfNull(samples);
        var mapped = new MappedAttribute(pair, zone);
        var inputs = mapped.Reads.Select(path => (Name: path, Path: new SourcePath(path))).ToList();
        var fields = new SourceFields(SourceAttributes.CollectionOf(kind.Kind), mapped.Names.Concat(inputs.Select(input => input.Path.First)));
        mapped.Bind(fields);
        inputs.ForEach(input => input.Path.Bind(fields));
        var parts = new PartMapper(zone);
        var attribute = kind.Find(pair.Target);
        var lines = new List<AttributePreviewLine>();
        foreach (var sample in samples)
        {
            ReadOnlyMemory<byte> part = sample.Demographics.IsEmpty ? default : parts.Map(sample.Demographics);
            if (fields.Read(sample.Json))
            {
                var values = inputs.Select(input => (input.Name, input.Path.Text(fields, part.Span, map: null))).ToList();
                lines.Add(Line(mapped, attribute, fields, part, zone, values));
            }
        }

        // What is the same is shown once, and records that have nothing to show come last: an attribute may be rare.
        return
        [
            .. lines
                .DistinctBy(line => string.Join("\n", line.Inputs.Select(input => input.Value)), StringComparer.Ordinal)
                .OrderBy(line => line.Inputs.Count > 0 && line.Inputs.All(input => input.Value is null))
                .Take(count),
        ];
    }

    private static AttributePreviewLine Line(
        MappedAttribute mapped,
        Model.Attribute? attribute,
        SourceFields fields,
        ReadOnlyMemory<byte> part,
        TimeZoneInfo zone,
        IReadOnlyList<(string, string?)> values
    )
    {
        var before = mapped.Failures;
        object? result;
        bool isValid;
        if (attribute is null)
        {
            isValid = mapped.TryText(fields, part, out var text);
            result = text;
        }
        else
        {
            var row = new RowWriter();
            isValid = mapped.Write(attribute, fields, part, row, zone);
            result = Decode(attribute.Type, row);
        }

        var problem =
            isValid ? null
            : mapped.Failures > before ? $"The template fails: {mapped.LastFailure}."
            : attribute!.Type == AttributeType.Date ? "Not a date."
            : "Neither yes nor no.";
        return new AttributePreviewLine(values, result, problem);
    }

    private static object? Decode(AttributeType type, RowWriter row)
    {
        var bytes = new RowReader(row.Written.Span).Next(out var missing);
        return missing ? null
            : type == AttributeType.TextList ? RowReader.Texts(bytes)
            : type == AttributeType.Boolean ? bytes[0] != 0
            : System.Text.Encoding.UTF8.GetString(bytes);
    }
}

/// <summary>What a pair makes of one record.</summary>
/// <param name="Inputs">The source attributes that it reads, with their values; null for one that is missing.</param>
/// <param name="Result">A text (dates as <c>YYYY-MM-DD</c>), true or false, or a list of texts; null for nothing.</param>
/// <param name="Problem">Why the result is left empty; null when it is as it should be.</param>
public sealed record AttributePreviewLine(IReadOnlyList<(string Name, string? Value)> Inputs, object? Result, string? Problem);
