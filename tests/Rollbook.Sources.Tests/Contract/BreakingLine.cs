using System.Net;
using System.Net.Sockets;

namespace Rollbook.Sources.Tests.Contract;

/// <summary>A TCP relay on this machine that breaks every connection after so many bytes came back, or never passes any on.</summary>
public sealed class BreakingLine : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly int target;
    private readonly int bytes;
    private readonly Task accepting;

    /// <param name="target">The port on this machine that it leads to.</param>
    /// <param name="bytes">How many come back on each connection; -1 for a line that is silent.</param>
    public BreakingLine(int target, int bytes)
    {
        (this.target, this.bytes) = (target, bytes);
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = RelayAsync(await listener.AcceptSocketAsync(stop.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
            return;
        }
    }

    private async Task RelayAsync(Socket near)
    {
        using var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (near)
        {
            try
            {
                if (bytes < 0)
                {
                    await Task.Delay(Timeout.Infinite, stop.Token);
                }

                await far.ConnectAsync(IPAddress.Loopback, target, stop.Token);
                var there = CopyAsync(near, far, int.MaxValue);
                await CopyAsync(far, near, bytes);
                near.Close(0);
                far.Close(0);
                await there;
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // A line that breaks does so without a word.
                return;
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to, int most)
    {
        var buffer = new byte[16 * 1024];
        while (most > 0 && await from.ReceiveAsync(buffer.AsMemory(0, Math.Min(most, buffer.Length)), stop.Token) is var read and > 0)
        {
            await to.SendAsync(buffer.AsMemory(0, read), stop.Token);
            most -= read;
        }
    }
}
