using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Rest;

/// <summary>A reference (GUIDRef) to one record; a row of −1 is absent.</summary>
internal sealed class ReferenceField(string name, ReferenceTarget target, Func<District, int, int> read) : Field(name)
{
    public override void Write(RecordWriter to, int row)
    {
        var referred = read(to.District, row);
        if (referred >= 0)
        {
            to.Json.WritePropertyName(Key);
            to.Reference(target, referred);
        }
    }

    public override bool HasPart(string? part) => part is "sourcedId" or "type";

    public override FieldValue Value(District district, int row, string? part)
    {
        var referred = read(district, row);
        return referred < 0 ? FieldValue.Absent : FieldValue.Of(part is "type" ? target.Type : district.SourcedId(target.Kind, referred));
    }
}

/// <summary>A list of references.</summary>
internal sealed class ReferencesField(string name, ReferenceTarget target, Func<District, int, IReadOnlyList<int>> read) : Field(name)
{
    public override void Write(RecordWriter to, int row) => to.References(Key, target, read(to.District, row));

    public override bool HasPart(string? part) => part is "sourcedId" or "type";

    public override FieldValue Value(District district, int row, string? part) =>
        FieldValue.Of([.. read(district, row).Select(referred => part is "type" ? target.Type : district.SourcedId(target.Kind, referred))]);
}

/// <summary>A list of objects of texts, such as <c>userIds</c>.</summary>
internal sealed class ObjectsField(string name, string[] parts, Func<District, int, IReadOnlyList<string[]>> read) : Field(name)
{
    public override void Write(RecordWriter to, int row)
    {
        to.Json.WriteStartArray(Key);
        foreach (var values in read(to.District, row))
        {
            to.Json.WriteStartObject();
            for (var i = 0; i < parts.Length; i++)
            {
                to.Json.WriteString(parts[i], values[i]);
            }

            to.Json.WriteEndObject();
        }

        to.Json.WriteEndArray();
    }

    public override bool HasPart(string? part) => part is not null && parts.Contains(part, StringComparer.Ordinal);

    public override FieldValue Value(District district, int row, string? part)
    {
        var at = Math.Max(0, Array.IndexOf(parts, part));
        return FieldValue.Of([.. read(district, row).Select(values => values[at])]);
    }
}

/// <summary>The free <c>metadata</c> object; a record for which every part is null has none.</summary>
internal sealed class MetadataField(params (string Part, Func<District, int, string?> Read)[] parts) : Field("metadata")
{
    public override void Write(RecordWriter to, int row)
    {
        var open = false;
        foreach (var (part, read) in parts)
        {
            if (read(to.District, row) is { } value)
            {
                if (!open)
                {
                    to.Json.WriteStartObject(Key);
                    open = true;
                }

                to.Json.WriteString(part, value);
            }
        }

        if (open)
        {
            to.Json.WriteEndObject();
        }
    }

    public override bool HasPart(string? part) => part is not null;

    public override FieldValue Value(District district, int row, string? part)
    {
        var read = Array.Find(parts, candidate => candidate.Part.Equals(part, StringComparison.Ordinal)).Read;
        return FieldValue.Of(read?.Invoke(district, row));
    }
}
