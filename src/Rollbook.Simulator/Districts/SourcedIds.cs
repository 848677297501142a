using System.Buffers.Binary;
using System.Globalization;
using Rollbook.Simulator.Generation;

namespace Rollbook.Simulator.Districts;

/// <summary>
/// Computes a record's sourcedId from its kind, row and generation, and finds the row back from the sourcedId, without a table of ids:
/// a keyed Feistel permutation of 122 bits, dressed as a version 4 GUID.
/// </summary>
internal sealed class SourcedIds(int seed, SourcedIdStyle style)
{
    public const int MaxLength = 36;
    private const int FirstNumber = 10_000_000;
    private const ulong Half = (1UL << 61) - 1;
    private const ulong LeftCheck = 0x0A5C_3B71_92E4;
    private const ulong RightCheck = 0x1D2C_5A37;
    private static readonly string[] Prefixes = ["ORG", "TRM", "CRS", "SEC", "", "ENR", ""];

    private readonly ulong[] roundKeys = [.. Enumerable.Range(0, 4).Select(round => Dice.For(seed, Throw.Key, round).Next())];

    public SourcedIdStyle Style { get; set; } = style;

    /// <summary>Sorting by this key is sorting by the sourcedId's characters.</summary>
    public (ulong High, ulong Low) SortKey(Kind kind, int row, byte generation) =>
        Style == SourcedIdStyle.SisNumber ? ((ulong)(FirstNumber + row), generation) : Encrypt(kind, row, generation);

    /// <summary>The SIS number of a row, eight digits; what <c>identifier</c> holds for students.</summary>
    public static string Number(int row) => (FirstNumber + row).ToString(CultureInfo.InvariantCulture);

    public string Text(Kind kind, int row, byte generation)
    {
        Span<byte> utf8 = stackalloc byte[MaxLength];
        return System.Text.Encoding.ASCII.GetString(utf8[..Format(kind, row, generation, utf8)]);
    }

    /// <summary>Writes the sourcedId as UTF-8 and returns its length.</summary>
    public int Format(Kind kind, int row, byte generation, Span<byte> utf8)
    {
        if (Style == SourcedIdStyle.SisNumber)
        {
            var text =
                Prefixes[(int)kind] + Number(row) + (generation == 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"-{generation}"));
            return System.Text.Encoding.ASCII.GetBytes(text, utf8);
        }

        var (high, low) = Encrypt(kind, row, generation);
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], low);
        new Guid(bytes, bigEndian: true).TryFormat(utf8, out var length);
        if (Style == SourcedIdStyle.UpperGuid)
        {
            System.Text.Ascii.ToUpperInPlace(utf8[..length], out _);
        }

        return length;
    }

    /// <summary>Finds what a sourcedId stands for; false for one this district never gave out. Ids are compared by case.</summary>
    public bool TryParse(string sourcedId, Kind kind, out int row, out byte generation)
    {
        (row, generation) = (0, 0);
        var parsed =
            Style == SourcedIdStyle.SisNumber
                ? TryParseNumber(sourcedId, kind, ref row, ref generation)
                : TryParseGuid(sourcedId, kind, ref row, ref generation);
        return parsed && Text(kind, row, generation).Equals(sourcedId, StringComparison.Ordinal);
    }

    private static bool TryParseNumber(string sourcedId, Kind kind, ref int row, ref byte generation)
    {
        var prefix = Prefixes[(int)kind];
        if (!sourcedId.StartsWith(prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var parts = sourcedId[prefix.Length..].Split('-');
        var valid =
            int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out row)
            && (parts.Length == 1 || byte.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out generation));
        row -= FirstNumber;
        return valid && row >= 0;
    }

    private bool TryParseGuid(string sourcedId, Kind kind, ref int row, ref byte generation)
    {
        if (!Guid.TryParseExact(sourcedId, "D", out var guid))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        guid.TryWriteBytes(bytes, bigEndian: true, out _);
        var high = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        var low = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        var value = ((UInt128)(((high >> 16) << 12) | (high & 0xFFF)) << 62) | (low & ((1UL << 62) - 1));
        var (left, right) = ((ulong)(value >> 61) & Half, (ulong)value & Half);
        for (var round = 3; round >= 0; round--)
        {
            (left, right) = (right ^ Scramble(left, roundKeys[round]), left);
        }

        row = (int)(right & uint.MaxValue);
        generation = (byte)left;
        return left >> 16 == LeftCheck && (Kind)((left >> 8) & 0xFF) == kind && right >> 32 == RightCheck && row >= 0;
    }

    private (ulong High, ulong Low) Encrypt(Kind kind, int row, byte generation)
    {
        var left = (LeftCheck << 16) | ((ulong)kind << 8) | generation;
        var right = (RightCheck << 32) | (uint)row;
        foreach (var key in roundKeys)
        {
            (left, right) = (right, left ^ Scramble(right, key));
        }

        var value = ((UInt128)left << 61) | right;
        var (top, rest) = ((ulong)(value >> 62), (ulong)value & ((1UL << 62) - 1));
        return (((top >> 12) << 16) | 0x4000 | (top & 0xFFF), 0x8000_0000_0000_0000 | rest);
    }

    private static ulong Scramble(ulong half, ulong key) => Dice.Mix(half ^ key) & Half;
}
