using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Rollbook.Sources.OneRoster;

/// <summary>
/// Gives users of OneRoster 1.2 the <c>role</c> and <c>orgs</c> that 1.1 has in place of <c>roles</c> and <c>primaryOrg</c>, which stay; and leaves passwords behind, for which
/// 1.1's users and 1.2's user profiles have a place. Everything else stays as it came, byte by byte.
/// </summary>
internal static class UserShape
{
    private static ReadOnlySpan<byte> Password => "\"password\""u8;

    /// <summary>Completes the records of a batch, and disposes of it.</summary>
    public static RawBatch Complete(RawBatch batch) => Rewrite(batch, keepsRoles: false);

    /// <summary>Leaves passwords behind for which 1.1's users have a place, and disposes of the batch; records without one stay as they came.</summary>
    public static RawBatch DropPasswords(RawBatch batch) => Rewrite(batch, keepsRoles: true);

    /// <summary>Whether there may be a password in some JSON, as a quick look tells.</summary>
    public static bool MayHoldPasswords(ReadOnlySpan<byte> json) => json.IndexOf(Password) >= 0;

    private static RawBatch Rewrite(RawBatch batch, bool keepsRoles)
    {
        using (batch)
        {
            using var json = new PooledJson();
            using var writer = new Utf8JsonWriter(json, new JsonWriterOptions { SkipValidation = true });
            var held = new List<HeldRole>();
            var records = ArrayPool<RawRecord>.Shared.Rent(batch.Records.Count);
            for (var i = 0; i < batch.Records.Count; i++)
            {
                var record = batch.Records[i];
                var start = json.Length;
                if (keepsRoles && !MayHoldPasswords(batch.Json(record).Span))
                {
                    json.Write(batch.Json(record).Span);
                    records[i] = record with { Start = start };
                    continue;
                }

                using (var user = JsonDocument.Parse(batch.Json(record)))
                {
                    held.Clear();
                    if (!keepsRoles)
                    {
                        Collect(user.RootElement, held);
                    }

                    Write(user.RootElement, held, json, writer);
                }

                records[i] = record with { Hash = XxHash128.HashToUInt128(json.From(start)), Start = start, Length = json.Length - start };
            }

            return new RawBatch(json.Take(), records, batch.Records.Count);
        }
    }

    private static void Write(JsonElement user, List<HeldRole> held, PooledJson json, Utf8JsonWriter writer)
    {
        json.Write("{"u8);
        var isFirst = true;
        foreach (var property in user.EnumerateObject())
        {
            if (!property.NameEquals("password"u8) && !(held.Count > 0 && (property.NameEquals("role"u8) || property.NameEquals("orgs"u8))))
            {
                WriteName(property, isFirst, json);
                WriteWithoutPasswords(property.Value, property.NameEquals("userProfiles"u8), json);
                isFirst = false;
            }
        }

        if (held.Count > 0)
        {
            json.Write(isFirst ? default : ","u8);
            writer.Reset(json);
            HeldRoles.Write(writer, held, IdOf(user, "primaryOrg"u8));
            writer.Flush();
        }

        json.Write("}"u8);
    }

    // One role without the list around it is met, too.
    private static void Collect(JsonElement user, List<HeldRole> held)
    {
        if (!user.TryGetProperty("roles"u8, out var roles))
        {
            return;
        }

        foreach (var role in roles.ValueKind is JsonValueKind.Array ? roles.EnumerateArray().ToArray() : [roles])
        {
            if (role.ValueKind is JsonValueKind.Object)
            {
                held.Add(new HeldRole(TextOf(role, "role"u8), TextOf(role, "roleType"u8), IdOf(role, "org"u8)));
            }
        }
    }

    private static void WriteWithoutPasswords(JsonElement value, bool mayHoldOne, PooledJson json)
    {
        var isFirst = true;
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when mayHoldOne:
                json.Write("{"u8);
                foreach (var property in value.EnumerateObject().Where(property => !property.NameEquals("password"u8)))
                {
                    WriteName(property, isFirst, json);
                    WriteWithoutPasswords(property.Value, mayHoldOne: true, json);
                    isFirst = false;
                }

                json.Write("}"u8);
                break;
            case JsonValueKind.Array when mayHoldOne:
                json.Write("["u8);
                foreach (var element in value.EnumerateArray())
                {
                    json.Write(isFirst ? default : ","u8);
                    WriteWithoutPasswords(element, mayHoldOne: true, json);
                    isFirst = false;
                }

                json.Write("]"u8);
                break;
            default:
                json.Write(JsonMarshal.GetRawUtf8Value(value));
                break;
        }
    }

    private static void WriteName(JsonProperty property, bool isFirst, PooledJson json)
    {
        json.Write(isFirst ? "\""u8 : ",\""u8);
        json.Write(JsonMarshal.GetRawUtf8PropertyName(property));
        json.Write("\":"u8);
    }

    // A bare ID in place of a reference is met, too.
    private static string? IdOf(JsonElement owner, ReadOnlySpan<byte> name) =>
        owner.TryGetProperty(name, out var reference) && reference.ValueKind is JsonValueKind.Object
            ? TextOf(reference, "sourcedId"u8)
            : TextOf(owner, name);

    private static string? TextOf(JsonElement owner, ReadOnlySpan<byte> name)
    {
        if (!owner.TryGetProperty(name, out var value))
        {
            return null;
        }

        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String when value.GetString() is { Length: > 0 } text => text,
                // An ID may be written as a number, and is taken as it is written.
                JsonValueKind.Number => value.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair is no text.
            return null;
        }
    }
}
