using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Rollbook.Testing;

/// <summary>An authenticator app: RFC 6238 with what all apps take, SHA-1, six digits and 30 seconds.</summary>
public static class Totp
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>The code of the key (Base32) at that time.</summary>
    public static string Code(string key, DateTimeOffset at)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, at.ToUnixTimeSeconds() / 30);
#pragma warning disable CA5350 // The standard's, and what every app computes.
        var hash = HMACSHA1.HashData(Decode(key), counter);
#pragma warning restore CA5350
        var offset = hash[^1] & 0xf;
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(offset)) & 0x7fffffff;
        return (number % 1_000_000).ToString("000000", CultureInfo.InvariantCulture);
    }

    private static byte[] Decode(string key)
    {
        var bits = key.Where(char.IsLetterOrDigit)
            .SelectMany(sign => Convert.ToString(Base32.IndexOf(char.ToUpperInvariant(sign)), 2).PadLeft(5, '0'));
        return [.. bits.Chunk(8).Where(chunk => chunk.Length == 8).Select(chunk => Convert.ToByte(new string(chunk), 2))];
    }
}
