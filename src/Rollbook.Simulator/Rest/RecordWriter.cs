using System.Text;
using System.Text.Json;
using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Rest;

/// <summary>Writes values of records as UTF-8 JSON straight from the tables, in one dialect.</summary>
internal sealed class RecordWriter(Utf8JsonWriter json, District district, Dialect dialect, HrefBase hrefs)
{
    private static readonly JsonEncodedText HrefKey = JsonEncodedText.Encode("href");
    private static readonly JsonEncodedText SourcedIdKey = JsonEncodedText.Encode("sourcedId");
    private static readonly JsonEncodedText TypeKey = JsonEncodedText.Encode("type");

    private readonly byte[] hrefBuffer = new byte[hrefs.Longest + SourcedIds.MaxLength];

    public Utf8JsonWriter Json => json;

    public District District => district;

    public void SourcedId(JsonEncodedText key, Kind kind, int row)
    {
        Span<byte> id = stackalloc byte[SourcedIds.MaxLength];
        json.WriteString(key, id[..Format(kind, row, id)]);
    }

    public void Instant(JsonEncodedText key, long unixMilliseconds)
    {
        Span<byte> text = stackalloc byte[Rest.Instant.Length];
        Rest.Instant.Write(unixMilliseconds, text);
        json.WriteString(key, text);
    }

    public void Flag(JsonEncodedText key, bool value)
    {
        switch (dialect.Booleans)
        {
            case BooleanStyle.Json:
                json.WriteBoolean(key, value);
                break;
            case BooleanStyle.UpperText:
                json.WriteString(key, value ? "TRUE"u8 : "FALSE"u8);
                break;
            case BooleanStyle.Number:
                json.WriteNumber(key, value ? 1 : 0);
                break;
            default:
                json.WriteString(key, value ? "true"u8 : "false"u8);
                break;
        }
    }

    public void Date(JsonEncodedText key, Day day)
    {
        if (day.IsNone)
        {
            return;
        }

        Span<byte> text = stackalloc byte[19];
        day.ToDate().TryFormat(text, out _, "O", System.Globalization.CultureInfo.InvariantCulture);
        "T00:00:00"u8.CopyTo(text[10..]);
        json.WriteString(key, dialect.Dates == DateStyle.Midnight ? text : text[..10]);
    }

    public void List(JsonEncodedText key, IReadOnlyList<string> values)
    {
        switch (dialect.Lists)
        {
            case ListStyle.NullWhenEmpty when values.Count == 0:
                json.WriteNull(key);
                return;
            case ListStyle.TextWhenSingle when values.Count == 1:
                json.WriteString(key, values[0]);
                return;
            case ListStyle.CommaJoined:
                json.WriteString(key, string.Join(',', values));
                return;
        }

        json.WriteStartArray(key);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    public void References(JsonEncodedText key, ReferenceTarget target, IReadOnlyList<int> rows)
    {
        if (rows.Count == 0 && dialect.Lists == ListStyle.NullWhenEmpty)
        {
            json.WriteNull(key);
            return;
        }

        if (rows.Count == 1 && dialect.Lists == ListStyle.TextWhenSingle)
        {
            json.WritePropertyName(key);
            Reference(target, rows[0]);
            return;
        }

        json.WriteStartArray(key);
        for (var i = 0; i < rows.Count; i++)
        {
            Reference(target, rows[i]);
        }

        json.WriteEndArray();
    }

    public void Reference(ReferenceTarget target, int row)
    {
        var start = hrefs.Of(target);
        var href = hrefBuffer.AsSpan();
        start.CopyTo(href);
        var length = Format(target.Kind, row, href[start.Length..]);
        json.WriteStartObject();
        json.WriteString(HrefKey, href[..(start.Length + length)]);
        json.WriteString(SourcedIdKey, href.Slice(start.Length, length));
        json.WriteString(TypeKey, target.EncodedType);
        json.WriteEndObject();
    }

    private int Format(Kind kind, int row, Span<byte> utf8)
    {
        var (idKind, idRow) = kind == Kind.Demographics ? (Kind.Users, district.Demographics[row].User) : (kind, row);
        return district.Ids.Format(idKind, idRow, district.Table(idKind).Head(idRow).Generation, utf8);
    }
}

/// <summary>The beginnings of <c>href</c> values, encoded once.</summary>
internal sealed class HrefBase(string apiUrl)
{
    private readonly byte[][] starts =
    [
        .. new[] { "orgs", "academicSessions", "courses", "classes", "users" }.Select(path =>
            Encoding.UTF8.GetBytes($"{apiUrl.TrimEnd('/')}/{path}/")
        ),
    ];

    public int Longest => starts.Max(start => start.Length);

    public ReadOnlySpan<byte> Of(ReferenceTarget target) => starts[target.Slot];
}
