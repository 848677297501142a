using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;
using Rollbook.Model;
using Rollbook.Storage;

namespace Rollbook.Sync.WhatIf;

/// <summary>
/// The kept uploads of a district as they are, to which a what-if appends in a file of its own: what it reads is there to be derived once more, and goes with
/// the what-if.
/// </summary>
internal sealed class UnkeptUploads(IUploadStore kept, string folder) : IUploadStore, IDisposable
{
    // Far above any number that the store has given out, so that a number says whose segment it is.
    private const int FirstOwn = 1 << 30;

    private readonly SafeFileHandle file = File.OpenHandle(Path.Combine(folder, "segments"), FileMode.CreateNew, FileAccess.ReadWrite);
    private readonly ConcurrentDictionary<int, (long Start, int Length)> own = new();
    private int next = FirstOwn;
    private long end;

    /// <inheritdoc/>
    public Task<AcceptedUpload?> AcceptedAsync(string app, CancellationToken cancellationToken) => kept.AcceptedAsync(app, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<SegmentIndex> ReadIndexAsync(string app, Collection collection, CancellationToken cancellationToken) =>
        kept.ReadIndexAsync(app, collection, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<SegmentIndex> ReadIndexAsync(long run, Collection collection, CancellationToken cancellationToken) =>
        kept.ReadIndexAsync(run, collection, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<int>> SegmentsAsync(string app, Collection collection, CancellationToken cancellationToken) =>
        kept.SegmentsAsync(app, collection, cancellationToken);

    /// <inheritdoc/>
    public Task<byte[]?> ReadIndexAsync(int segment, CancellationToken cancellationToken) => kept.ReadIndexAsync(segment, cancellationToken);

    /// <inheritdoc/>
    public Task<SegmentOrigin?> OriginAsync(int segment, CancellationToken cancellationToken) => kept.OriginAsync(segment, cancellationToken);

    /// <inheritdoc/>
    public Task<int> NextSegmentsAsync(int count, CancellationToken cancellationToken) => Task.FromResult(Interlocked.Add(ref next, count) - count);

    /// <inheritdoc/>
    public async Task AppendAsync(string app, long run, Collection collection, IReadOnlyList<Segment> segments, CancellationToken cancellationToken)
    {
        foreach (var segment in segments.Where(segment => segment.Data.Length > 0))
        {
            var start = Interlocked.Add(ref end, segment.Data.Length) - segment.Data.Length;
            await RandomAccess.WriteAsync(file, segment.Data, start, cancellationToken);
            own[segment.Number] = (start, segment.Data.Length);
        }
    }

    /// <inheritdoc/>
    public async Task<byte[]?> ReadDataAsync(int segment, CancellationToken cancellationToken)
    {
        if (segment < FirstOwn)
        {
            return await kept.ReadDataAsync(segment, cancellationToken);
        }

        if (!own.TryGetValue(segment, out var place))
        {
            return null;
        }

        var data = new byte[place.Length];
        for (var read = 0; read < data.Length; )
        {
            var more = await RandomAccess.ReadAsync(file, data.AsMemory(read), place.Start + read, cancellationToken);
            read += more > 0 ? more : throw new EndOfStreamException("The spool of a what-if is shorter than what was written.");
        }

        return data;
    }

    /// <inheritdoc/>
    public Task DiscardAsync(long run, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task DiscardAsync(long run, int below, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task DiscardEndedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<IReadOnlyList<UnresolvedReference>> UnresolvedAsync(
        string app,
        IReadOnlyCollection<RollbookId> targets,
        CancellationToken cancellationToken
    ) => kept.UnresolvedAsync(app, targets, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
