using System.Buffers;
using Rollbook.Model;

namespace Rollbook.Sources.OneRoster;

/// <summary>A page as received and scanned. Owns its buffers until they are handed over with <see cref="ToBatch"/>.</summary>
internal sealed class Page(byte[] body, int length) : IDisposable
{
    private byte[]? body = body;
    private RawRecord[]? records = ArrayPool<RawRecord>.Shared.Rent(1024);
    private List<string>? rejections;

    /// <summary>Records that can be taken.</summary>
    public int Count { get; private set; }

    /// <summary>Everything that was in the array: what the offset advances by.</summary>
    public int Rows { get; private set; }

    /// <summary>Why rows were not taken.</summary>
    public IReadOnlyList<string> Rejections => rejections ?? [];

    /// <summary>Whether the sourcedIds ascend strictly in ordinal order.</summary>
    public bool Ascending { get; set; } = true;

    public byte[] FirstId { get; set; } = [];

    public byte[] LastId { get; set; } = [];

    /// <summary>Whether its first record is known to come next after the last one read.</summary>
    public bool FollowsOn { get; private set; }

    /// <summary>Whether the source answered in its own order because it does not know the sort field.</summary>
    public bool SortWasRefused { get; set; }

    /// <summary>X-Total-Count.</summary>
    public long? Total { get; set; }

    /// <summary>A sum over the keys as they came: equal for pages of the same records in whatever order.</summary>
    public UInt128 Fingerprint { get; private set; }

    public ReadOnlySpan<byte> Body => body.AsSpan(0, length);

    public Span<RawRecord> Records => records.AsSpan(0, Count);

    public static RequestFailure NoRecords() => new(Fault.ErrorBody, CheckPart.ApiUrl, "Its answer holds no records.");

    /// <summary>The failure for an error in the body of an answer that says it is in order.</summary>
    public static RequestFailure Refused(string? minor) =>
        minor switch
        {
            "forbidden" => new(Fault.Forbidden, CheckPart.Licence, "It answered \"forbidden\"."),
            "serverbusy" => new(Fault.Busy, CheckPart.Roster, "It answered \"server busy\"."),
            "invalidsortfield" => new(Fault.BadRequest, CheckPart.Roster, "It answered \"invalid sort field\"."),
            _ => new(Fault.ErrorBody, CheckPart.ApiUrl, "It answered with an error instead of records."),
        };

    public void Add(RawRecord record)
    {
        if (Count == records!.Length)
        {
            var larger = ArrayPool<RawRecord>.Shared.Rent(Count * 2);
            Records.CopyTo(larger);
            ArrayPool<RawRecord>.Shared.Return(records);
            records = larger;
        }

        records[Count++] = record;
        Rows++;
        Fingerprint += record.Key.Value;
    }

    /// <summary>Counts a row that can't be taken.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="hash">The hash of its bytes, so that pages of such rows are told apart.</param>
    public void Reject(string reason, UInt128 hash)
    {
        Rows++;
        Fingerprint += hash;
        (rejections ??= []).Add(reason);
    }

    /// <summary>Takes out the records that a test names, keeping the order of the others.</summary>
    public void Drop(Func<RollbookId, bool> unwanted)
    {
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (!unwanted(records![i].Key))
            {
                records[kept++] = records[i];
            }
        }

        Count = kept;
    }

    /// <summary>Takes out a record and all before it; false, and nothing taken out, when it is not there.</summary>
    public bool DropThrough(RollbookId key)
    {
        for (var i = 0; i < Count; i++)
        {
            if (records![i].Key == key)
            {
                Records[(i + 1)..].CopyTo(records);
                Count -= i + 1;
                FollowsOn = true;
                return true;
            }
        }

        return false;
    }

    /// <summary>Hands the buffers over.</summary>
    public RawBatch ToBatch()
    {
        var batch = new RawBatch(body!, records!, Count);
        (body, records) = (null, null);
        return batch;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (body is not null)
        {
            ArrayPool<byte>.Shared.Return(body);
            ArrayPool<RawRecord>.Shared.Return(records!);
            (body, records) = (null, null);
        }
    }
}
