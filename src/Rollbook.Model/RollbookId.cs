using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Rollbook.Model;

/// <summary>
/// The ID of a record in Rollbook: 128 bits, a UUID of version 8 (RFC 9562), derived from district, source, family and
/// prefixed SIS ID. No look-up is needed to find it, and the same inputs give it again on any machine
/// (architecture.md section 3). Ordered as its big-endian bytes, which is also how both databases order it.
/// </summary>
/// <param name="Value">The 128 bits, the first byte of the UUID being the most significant.</param>
public readonly record struct RollbookId(UInt128 Value) : IComparable<RollbookId>
{
    private static readonly UInt128 VersionAndVariant = ((UInt128)0xF000 << 64) | ((UInt128)0xC000_0000_0000_0000);
    private static readonly UInt128 Version8Variant10 = ((UInt128)0x8000 << 64) | ((UInt128)0x8000_0000_0000_0000);

    /// <summary>Derives the ID of a record.</summary>
    /// <param name="scope">District, source and family, from <see cref="IdScope"/>.</param>
    /// <param name="sisId">The source's ID in UTF-8, without the source's prefix.</param>
    public static RollbookId Derive(IdScope scope, ReadOnlySpan<byte> sisId)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return scope.Follow(Hash(scope, sisId));
    }

    /// <summary>Derives the ID of a record from a SIS ID given as text.</summary>
    public static RollbookId Derive(IdScope scope, string sisId) => Derive(scope, Encoding.UTF8.GetBytes(sisId));

    /// <summary>The ID that a SIS ID itself gives, whether or not its record goes on under that of another.</summary>
    internal static RollbookId Hash(IdScope scope, ReadOnlySpan<byte> sisId)
    {
        var length = scope.Preamble.Length + sisId.Length;
        byte[]? rented = null;
        Span<byte> buffer = length <= 512 ? stackalloc byte[512] : (rented = ArrayPool<byte>.Shared.Rent(length));
        scope.Preamble.CopyTo(buffer);
        sisId.CopyTo(buffer[scope.Preamble.Length..]);
        var hash = XxHash128.HashToUInt128(buffer[..length]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return new RollbookId((hash & ~VersionAndVariant) | Version8Variant10);
    }

    /// <summary>Reads the 16 big-endian bytes.</summary>
    public static RollbookId FromBytes(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    /// <summary>Writes the 16 big-endian bytes.</summary>
    public void WriteTo(Span<byte> bytes) => BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);

    /// <summary>The 16 big-endian bytes.</summary>
    public byte[] ToByteArray()
    {
        var bytes = new byte[16];
        WriteTo(bytes);
        return bytes;
    }

    /// <summary>The same bits as a <see cref="Guid"/>, printed alike.</summary>
    public Guid ToGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        WriteTo(bytes);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Takes the bits of a <see cref="Guid"/>.</summary>
    public static RollbookId FromGuid(Guid guid)
    {
        Span<byte> bytes = stackalloc byte[16];
        guid.TryWriteBytes(bytes, bigEndian: true, out _);
        return FromBytes(bytes);
    }

    /// <summary>Parses the printed form; false when it is not one.</summary>
    public static bool TryParse(string? text, out RollbookId id)
    {
        var parsed = Guid.TryParseExact(text, "D", out var guid);
        id = parsed ? FromGuid(guid) : default;
        return parsed;
    }

    /// <inheritdoc/>
    public int CompareTo(RollbookId other) => Value.CompareTo(other.Value);

    /// <summary>Lower-case UUID with hyphens.</summary>
    public override string ToString() => ToGuid().ToString("D");

    /// <summary>Whether <paramref name="left"/> comes first.</summary>
    public static bool operator <(RollbookId left, RollbookId right) => left.Value < right.Value;

    /// <summary>Whether <paramref name="left"/> comes last.</summary>
    public static bool operator >(RollbookId left, RollbookId right) => left.Value > right.Value;

    /// <summary>Whether <paramref name="left"/> does not come after.</summary>
    public static bool operator <=(RollbookId left, RollbookId right) => left.Value <= right.Value;

    /// <summary>Whether <paramref name="left"/> does not come before.</summary>
    public static bool operator >=(RollbookId left, RollbookId right) => left.Value >= right.Value;
}

/// <summary>What all Rollbook IDs of one family from one source have in common.</summary>
public sealed class IdScope
{
    private readonly IReadOnlyDictionary<RollbookId, RollbookId>? successors;

    /// <summary>Makes the scope.</summary>
    /// <param name="district">The district's short name.</param>
    /// <param name="source">The app's ID in the district.</param>
    /// <param name="family">The space of IDs.</param>
    /// <param name="prefix">The SIS ID prefix of the source; part of the SIS ID (product.md 3.1).</param>
    /// <param name="successors">
    /// Records that go on under the Rollbook ID of another: by the ID that the SIS ID gives, the one that is kept (a SIS that has given new IDs). Null for none.
    /// </param>
    public IdScope(string district, string source, Family family, string prefix = "", IReadOnlyDictionary<RollbookId, RollbookId>? successors = null)
    {
        this.successors = successors;
        Preamble = Encoding.UTF8.GetBytes($"rollbook\n{district}\n{source}\n{(int)family}\n{prefix}");
    }

    internal byte[] Preamble { get; }

    /// <summary>Whether an ID is the one that a SIS ID itself gives, and not that of another record as which it goes on.</summary>
    public bool IsOwn(RollbookId id, string sisId) => RollbookId.Hash(this, Encoding.UTF8.GetBytes(sisId)) == id;

    internal RollbookId Follow(RollbookId id) => successors is not null && successors.TryGetValue(id, out var kept) ? kept : id;
}
