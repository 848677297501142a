using System.Diagnostics;
using System.Globalization;

namespace Rollbook.Bench;

/// <summary>A .NET program run to its end, with what the kernel says it took.</summary>
/// <param name="Output">Its standard output.</param>
/// <param name="Wall">Seconds from its start to its end, the runtime's start included.</param>
/// <param name="Cpu">Seconds of CPU of all its threads; what a database server did for it is not in them.</param>
/// <param name="PeakMebibytes">Its peak resident memory (VmHWM).</param>
internal sealed record MeasuredProcess(string Output, double Wall, double Cpu, double PeakMebibytes)
{
    // USER_HZ, which Linux fixes at 100 for programs.
    private const double TicksPerSecond = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs <c>dotnet ASSEMBLY ARGUMENTS</c>.</summary>
    /// <exception cref="InvalidOperationException">It ended with an error; the message has what it said.</exception>
    internal static Task<MeasuredProcess> RunAsync(string assembly, IReadOnlyDictionary<string, string?> environment, params string[] arguments) =>
        RunAsync(assembly, environment, [0], arguments);

    /// <summary>Runs <c>dotnet ASSEMBLY ARGUMENTS</c>, which may end with any of these.</summary>
    /// <exception cref="InvalidOperationException">It ended with another; the message has what it said.</exception>
    internal static async Task<MeasuredProcess> RunAsync(
        string assembly,
        IReadOnlyDictionary<string, string?> environment,
        IReadOnlyCollection<int> ends,
        params string[] arguments
    )
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, assembly), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var (cpu, peak) = await WatchAsync(process);
        if (!ends.Contains(process.ExitCode))
        {
            throw new InvalidOperationException(
                $"{assembly} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await error}\n{await output}"
            );
        }

        return new MeasuredProcess(await output, watch.Elapsed.TotalSeconds, cpu, peak);
    }

    // Both figures only grow, so the last ones seen are short by what happened in the last interval at most.
    private static async Task<(double Cpu, double PeakMebibytes)> WatchAsync(Process process)
    {
        var (cpu, peak) = (0.0, 0.0);
        var end = process.WaitForExitAsync();
        while (!end.IsCompleted)
        {
            try
            {
                cpu = CpuOf(process.Id) ?? cpu;
                peak = PeakOf(process.Id) ?? peak;
            }
            catch (IOException)
            {
                // It has just ended.
            }

            await Task.WhenAny(end, Task.Delay(Interval));
        }

        await end;
        return (cpu, peak);
    }

    private static double? CpuOf(int id)
    {
        // proc_pid_stat(5): the program's name may hold blanks; after it, utime and stime are the 12th and 13th fields.
        var stat = File.ReadAllText($"/proc/{id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = Number(fields[11]) + Number(fields[12]);
        return ticks > 0 ? ticks / TicksPerSecond : null;
    }

    /// <summary>The peak resident memory of a process in mebibytes; null when it has ended.</summary>
    internal static double? PeakOf(int id) =>
        File.ReadLines($"/proc/{id}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) is { } line
            ? Number(line["VmHWM:".Length..^"kB".Length]) / 1024
            : null;

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
