using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Rollbook.Sources;

/// <summary>Reads some messages ahead of the receiver, so that the source and the run work at the same time.</summary>
public static class Prefetch
{
    // A page is a batch, a progress and a checkpoint: three pages.
    private const int Messages = 9;

    /// <summary>The same messages in the same order, or the same exception. Batches nobody took are disposed of.</summary>
    /// <param name="read">Begins to read, on another thread.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async IAsyncEnumerable<SourceMessage> AheadAsync(
        Func<CancellationToken, IAsyncEnumerable<SourceMessage>> read,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(read);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var channel = Channel.CreateBounded<SourceMessage>(new BoundedChannelOptions(Messages) { SingleReader = true, SingleWriter = true });
        var pump = Task.Run(() => PumpAsync(read, channel.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var message in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return message;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await pump;
            while (channel.Reader.TryRead(out var left))
            {
                Discard(left);
            }
        }
    }

    private static async Task PumpAsync(
        Func<CancellationToken, IAsyncEnumerable<SourceMessage>> read,
        ChannelWriter<SourceMessage> writer,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await foreach (var message in read(cancellationToken).WithCancellation(cancellationToken))
            {
                if (!writer.TryWrite(message))
                {
                    await WriteAsync(writer, message, cancellationToken);
                }
            }

            writer.TryComplete();
        }
        catch (Exception e)
        {
            writer.TryComplete(e);
        }
    }

    private static async Task WriteAsync(ChannelWriter<SourceMessage> writer, SourceMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await writer.WriteAsync(message, cancellationToken);
        }
        catch
        {
            Discard(message);
            throw;
        }
    }

    private static void Discard(SourceMessage message) => (message as SourceMessage.Batch)?.Records.Dispose();
}
