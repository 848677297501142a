using System.Buffers.Binary;
using System.IO.Hashing;
using Rollbook.Model;
using Rollbook.Storage;

namespace Rollbook.Sync.Guard;

/// <summary>What an approval is bound to: the same changes have the same hash, whenever and wherever they are computed.</summary>
internal static class ChangeHash
{
    /// <summary>The hash of a change set, 32 hexadecimal digits: of each change its operation, record and new values.</summary>
    internal static string Of(IChangeSet changes)
    {
        var hash = new XxHash128();
        Span<byte> head = stackalloc byte[22];
        foreach (var kind in Kinds.All)
        {
            foreach (var change in changes.Read(kind.Kind))
            {
                var row = change.Operation == Operation.Delete ? ReadOnlySpan<byte>.Empty : change.Row.Bytes.Span;
                head[0] = (byte)kind.Kind;
                head[1] = (byte)change.Operation;
                BinaryPrimitives.WriteUInt128BigEndian(head[2..], change.Id.Value);
                BinaryPrimitives.WriteInt32BigEndian(head[18..], row.Length);
                hash.Append(head);
                hash.Append(row);
            }
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
