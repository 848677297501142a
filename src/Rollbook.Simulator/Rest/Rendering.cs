using System.Text.Encodings.Web;
using System.Text.Json;
using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Rest;

/// <summary>Writes answers as JSON. Letters of every script are written as they are, not escaped.</summary>
internal static class Rendering
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>A collection: the rows under a key, and warnings beside them.</summary>
    public static PooledBody Collection(
        District district,
        Schema schema,
        string key,
        ReadOnlySpan<int> rows,
        Field[]? selection,
        IReadOnlyList<StatusInfo> warnings,
        Dialect dialect,
        HrefBase hrefs
    )
    {
        var body = new PooledBody();
        using var json = new Utf8JsonWriter(body, Options);
        var writer = new RecordWriter(json, district, dialect, hrefs);
        json.WriteStartObject();
        json.WriteStartArray(key);
        foreach (var row in rows)
        {
            schema.Write(writer, row, selection);
        }

        json.WriteEndArray();
        WriteWarnings(json, warnings);
        json.WriteEndObject();
        json.Flush();
        return body;
    }

    /// <summary>One record under a key.</summary>
    public static PooledBody Single(
        District district,
        Schema schema,
        string key,
        int row,
        Field[]? selection,
        IReadOnlyList<StatusInfo> warnings,
        Dialect dialect,
        HrefBase hrefs
    )
    {
        var body = new PooledBody();
        using var json = new Utf8JsonWriter(body, Options);
        json.WriteStartObject();
        json.WritePropertyName(key);
        schema.Write(new RecordWriter(json, district, dialect, hrefs), row, selection);
        WriteWarnings(json, warnings);
        json.WriteEndObject();
        json.Flush();
        return body;
    }

    /// <summary>One record alone, as text.</summary>
    public static string Record(District district, Schema schema, int row, Dialect dialect, HrefBase hrefs)
    {
        using var body = new PooledBody();
        using var json = new Utf8JsonWriter(body, Options);
        schema.Write(new RecordWriter(json, district, dialect, hrefs), row, null);
        json.Flush();
        return System.Text.Encoding.UTF8.GetString(body.Written.Span);
    }

    /// <summary>An error in one of the shapes seen of servers.</summary>
    public static PooledBody Error(StatusInfo info, ErrorStyle style)
    {
        var body = new PooledBody();
        using var json = new Utf8JsonWriter(body, Options);
        if (style == ErrorStyle.Bare)
        {
            info.Write(json);
        }
        else if (style == ErrorStyle.CodeMinorFields)
        {
            info.WriteFields(json);
        }
        else
        {
            json.WriteStartObject();
            json.WriteStartArray(style == ErrorStyle.ErrorsList ? "errors" : "statusInfoSet");
            info.Write(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.Flush();
        return body;
    }

    private static void WriteWarnings(Utf8JsonWriter json, IReadOnlyList<StatusInfo> warnings)
    {
        if (warnings.Count == 0)
        {
            return;
        }

        json.WriteStartArray("statusInfoSet");
        foreach (var warning in warnings)
        {
            warning.Write(json);
        }

        json.WriteEndArray();
    }
}
