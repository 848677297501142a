using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Rollbook.Browser.Tests.RealProgram;

/// <summary><c>rollbook</c> as a process of its own, serving its console until it is disposed of, with a data folder that is new.</summary>
internal abstract class RollbookProgram : IAsyncDisposable
{
    private static readonly string Program =
        Environment.GetEnvironmentVariable("ROLLBOOK_TESTED_PROGRAM") ?? Path.Combine(AppContext.BaseDirectory, "rollbook.dll");

    private readonly StringBuilder said = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process process;

    /// <summary>Starts a command that serves, on a folder that is removed with it.</summary>
    protected RollbookProgram(string folder, params string[] command)
    {
        Folder = folder;
        process = new Process { StartInfo = Start(folder, [.. command, "--urls", "http://127.0.0.1:0"]), EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"rollbook {command[0]} ended before it was ready:\n{Log}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The console.</summary>
    internal Uri Address => new(Find(@"The console is at (\S+)"));

    /// <summary>The one-time link for the first account.</summary>
    internal string SetupLink => Find(@"(http\S+/setup/\S+)");

    /// <summary>All that the program has written to its console.</summary>
    internal string Log
    {
        get
        {
            lock (said)
            {
                return said.ToString();
            }
        }
    }

    /// <summary>Where everything of this program is.</summary>
    protected string Folder { get; }

    /// <summary>Runs a command on the same data folder to its end and returns what it wrote.</summary>
    internal Task<(int Status, string Output)> RunAsync(params string[] command) => RunAsync(Folder, command);

    protected static string NewFolder() => Directory.CreateTempSubdirectory("rollbook-program-").FullName;

    protected static async Task<(int Status, string Output)> RunAsync(string folder, string[] command)
    {
        using var run = Process.Start(Start(folder, command))!;
        var output = run.StandardOutput.ReadToEndAsync();
        var errors = run.StandardError.ReadToEndAsync();
        await run.WaitForExitAsync();
        return (run.ExitCode, await output + await errors);
    }

    public virtual async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Ends when the program serves.</summary>
    protected static async Task<TProgram> ReadyAsync<TProgram>(TProgram program)
        where TProgram : RollbookProgram
    {
        try
        {
            await program.ready.Task.WaitAsync(TimeSpan.FromSeconds(60));
            return program;
        }
        catch
        {
            await program.DisposeAsync();
            throw;
        }
    }

    protected string Find(string pattern) =>
        Regex.Match(Log, pattern) is { Success: true } match
            ? match.Groups[1].Value
            : throw new InvalidOperationException($"The program did not write {pattern}:\n{Log}");

    private static ProcessStartInfo Start(string folder, IEnumerable<string> command)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. command, "--data", Path.Combine(folder, "data")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };

        // A killed program can't remove its debugger's sockets from the temporary folder.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        return start;
    }

    private void Hear(string? line)
    {
        lock (said)
        {
            said.AppendLine(line);
        }

        if (line?.Contains("Ctrl-C ends", StringComparison.Ordinal) == true)
        {
            ready.TrySetResult();
        }
    }
}
