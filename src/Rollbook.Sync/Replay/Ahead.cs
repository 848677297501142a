using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Rollbook.Sources;

namespace Rollbook.Sync.Replay;

/// <summary>Reads a source on another thread than the one that takes what it says, a little ahead of it.</summary>
internal static class Ahead
{
    /// <summary>A batch is some hundred records, and what is said of progress comes between.</summary>
    private const int Messages = 8;

    /// <summary>The same messages in the same order.</summary>
    internal static async IAsyncEnumerable<SourceMessage> ReadAsync(
        IAsyncEnumerable<SourceMessage> source,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var channel = Channel.CreateBounded<SourceMessage>(new BoundedChannelOptions(Messages) { SingleReader = true, SingleWriter = true });
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = Task.Run(() => FillAsync(source, channel.Writer, stopping.Token), CancellationToken.None);
        try
        {
            await foreach (var message in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return message;
            }
        }
        finally
        {
            await stopping.CancelAsync();
            await reading;
            while (channel.Reader.TryRead(out var message))
            {
                (message as SourceMessage.Batch)?.Records.Dispose();
            }
        }
    }

    /// <summary>Fills the channel to the source's end; what goes wrong is told to the reader.</summary>
    private static async Task FillAsync(
        IAsyncEnumerable<SourceMessage> source,
        ChannelWriter<SourceMessage> writer,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await foreach (var message in source.WithCancellation(cancellationToken))
            {
                await writer.WriteAsync(message, cancellationToken);
            }

            writer.Complete();
        }
#pragma warning disable CA1031 // It is the reader's to handle.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            writer.Complete(exception);
        }
    }
}
