using System.Diagnostics;

namespace Rollbook.Host.Tests.Program;

/// <summary>Runs the program as a process of its own, as a person or a script does.</summary>
internal static class RollbookProcess
{
    // Compiled ahead, where that was done: it starts in half the time.
    private static readonly string Assembly =
        Environment.GetEnvironmentVariable("ROLLBOOK_TESTED_PROGRAM") ?? Path.Combine(AppContext.BaseDirectory, "rollbook.dll");

    /// <summary>Runs a command to its end.</summary>
    internal static async Task<Answer> RunAsync(IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        using var process = Start(environment, arguments);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new Answer(process.ExitCode, await output, await error);
    }

    /// <summary>Starts a command; the caller reads and ends it.</summary>
    internal static Process Start(IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Assembly, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>What a command answered.</summary>
    internal sealed record Answer(int Status, string Output, string Error);
}
