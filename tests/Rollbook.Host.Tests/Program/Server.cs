using System.Diagnostics;

namespace Rollbook.Host.Tests.Program;

/// <summary>A <c>rollbook serve</c> of its own process, with a data folder of its own where several share a database.</summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly Process process;
    private readonly string data;
    private readonly Task<string> error;

    private Server(Process process, string data)
    {
        (this.process, this.data) = (process, data);
        error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Whether an import is at work in it: its spool lies in the data folder.</summary>
    internal bool IsAtWork =>
        !process.HasExited && Directory.Exists(Path.Combine(data, "work")) && Directory.GetDirectories(Path.Combine(data, "work")).Length > 0;

    /// <summary>Starts one and waits until it serves.</summary>
    internal static async Task<Server> StartAsync(Installation installation, string? node)
    {
        var folder = node is null ? installation.Data : Path.Combine(installation.Folder, node);
        installation.Environment["ROLLBOOK_Schedule__ShortestInterval"] = "00:00:01";
        var server = new Server(RollbookProcess.Start(installation.Environment, "serve", "--urls", "http://127.0.0.1:0", "--data", folder), folder);
        while (await server.process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("Ctrl-C", StringComparison.Ordinal))
            {
                return server;
            }
        }

        throw new InvalidOperationException("The server did not start: " + await server.error);
    }

    /// <summary>Ends it without warning, as <c>kill -9</c> does.</summary>
    internal async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    internal static async Task UntilAsync(Func<Task<bool>> isSo, int seconds)
    {
        var clock = Stopwatch.StartNew();
        while (!await isSo())
        {
            clock.Elapsed.TotalSeconds.ShouldBeLessThan(seconds);
            await Task.Delay(100);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        await error;
        process.Dispose();
    }
}
