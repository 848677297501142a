using System.Text.Json;
using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Rest;

/// <summary>One property of a record: how it is written to JSON and what filters see of it.</summary>
internal abstract class Field(string name)
{
    public string Name { get; } = name;

    protected JsonEncodedText Key { get; } = JsonEncodedText.Encode(name);

    public abstract void Write(RecordWriter to, int row);

    /// <summary>The value, or for nested data the part below it (<c>sourcedId</c> of <c>user.sourcedId</c>).</summary>
    public abstract FieldValue Value(District district, int row, string? part);

    /// <summary>Whether filters may name this part of the field; null is the field itself.</summary>
    public virtual bool HasPart(string? part) => part is null;
}

/// <summary>The record's own sourcedId.</summary>
internal sealed class SourcedIdField(Kind kind) : Field("sourcedId")
{
    public override void Write(RecordWriter to, int row) => to.SourcedId(Key, kind, row);

    public override FieldValue Value(District district, int row, string? part) => FieldValue.Of(district.SourcedId(kind, row));
}

/// <summary><c>active</c> or <c>tobedeleted</c>.</summary>
internal sealed class StatusField(Kind kind) : Field("status")
{
    private static readonly JsonEncodedText Active = JsonEncodedText.Encode("active");
    private static readonly JsonEncodedText ToBeDeleted = JsonEncodedText.Encode("tobedeleted");

    public override void Write(RecordWriter to, int row) => to.Json.WriteString(Key, to.District.Table(kind).IsActive(row) ? Active : ToBeDeleted);

    public override FieldValue Value(District district, int row, string? part) =>
        FieldValue.Of(district.Table(kind).IsActive(row) ? Active.Value : ToBeDeleted.Value);
}

/// <summary>When the record changed last, in UTC to the millisecond.</summary>
internal sealed class ModifiedField(Kind kind) : Field("dateLastModified")
{
    public override void Write(RecordWriter to, int row) => to.Instant(Key, to.District.Table(kind).Head(row).Modified);

    public override FieldValue Value(District district, int row, string? part) => FieldValue.Of(Instant.Text(Milliseconds(district, row)));

    public long Milliseconds(District district, int row) => district.Table(kind).Head(row).Modified;
}

/// <summary>A text; null is absent, which some SISs write as an empty text.</summary>
internal sealed class TextField(string name, Func<District, int, string?> read) : Field(name)
{
    public override void Write(RecordWriter to, int row)
    {
        if (Text(to.District, row) is { } text)
        {
            to.Json.WriteString(Key, text);
        }
    }

    public override FieldValue Value(District district, int row, string? part) => FieldValue.Of(Text(district, row));

    private string? Text(District district, int row) => read(district, row) ?? (district.Traits.BlanksForAbsent ? string.Empty : null);
}

/// <summary>A word of a closed vocabulary.</summary>
internal sealed class WordField(string name, string[] words, Func<District, int, int> read) : Field(name)
{
    private readonly JsonEncodedText[] encoded = [.. words.Select(word => JsonEncodedText.Encode(word))];

    public override void Write(RecordWriter to, int row) => to.Json.WriteString(Key, encoded[read(to.District, row)]);

    public override FieldValue Value(District district, int row, string? part) => FieldValue.Of(words[read(district, row)]);
}

/// <summary>A boolean, by the specification one of the texts <c>true</c> and <c>false</c>; null is absent.</summary>
internal sealed class FlagField(string name, Func<District, int, bool?> read) : Field(name)
{
    public override void Write(RecordWriter to, int row)
    {
        if (read(to.District, row) is { } value)
        {
            to.Flag(Key, value);
        }
    }

    public override FieldValue Value(District district, int row, string? part) =>
        FieldValue.Of(
            read(district, row) switch
            {
                true => "true",
                false => "false",
                null => null,
            }
        );
}

/// <summary>A calendar date without a zone.</summary>
internal sealed class DateField(string name, Func<District, int, Day> read) : Field(name)
{
    public override void Write(RecordWriter to, int row) => to.Date(Key, read(to.District, row));

    public override FieldValue Value(District district, int row, string? part) => FieldValue.Of(read(district, row).ToString());
}

/// <summary>A list of texts.</summary>
internal sealed class ListField(string name, Func<District, int, IReadOnlyList<string>> read) : Field(name)
{
    public override void Write(RecordWriter to, int row) => to.List(Key, read(to.District, row));

    public override FieldValue Value(District district, int row, string? part) => FieldValue.Of(read(district, row));
}
