using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Rollbook.Browser.Tests.RealProgram;

/// <summary><c>rollbook demo</c> as a process of its own: the program as people start it, and the simulated SIS that it reads.</summary>
internal sealed class DemoProgram : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rollbook-demo-").FullName;
    private readonly StringBuilder said = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HttpClient http = new();
    private readonly Process process;

    private DemoProgram(int students)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "rollbook.dll"),
                "demo",
                "--students",
                $"{students}",
                "--urls",
                "http://127.0.0.1:0",
                "--data",
                Path.Combine(folder, "data"),
            ]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };

        // A killed program can't remove its debugger's sockets from the temporary folder.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"rollbook demo ended before it was ready:\n{Log}"));
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

    private Uri Control => new(Find(@"takes scenarios at (\S+)\. ") + "/");

    internal static async Task<DemoProgram> StartAsync(int students = 300)
    {
        var program = new DemoProgram(students);
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

    /// <summary>Something happens in the SIS; the answer tells exactly which records came, changed and went.</summary>
    internal async Task<Effects> PlayAsync(string scenario, object? arguments = null)
    {
        var answer = await http.PostAsJsonAsync(new Uri(Control, $"scenarios/{scenario}"), arguments ?? new { });
        answer.EnsureSuccessStatusCode();
        return new Effects((await answer.Content.ReadFromJsonAsync<JsonObject>())!["effects"]!.AsObject());
    }

    /// <summary>The SIS behaves as the switches say; all others stand as at the start.</summary>
    internal async Task BehaveAsync(object switches) => (await http.PutAsJsonAsync(new Uri(Control, "faults"), switches)).EnsureSuccessStatusCode();

    /// <summary>What the SIS knows of its users, by sourcedId.</summary>
    internal async Task<Dictionary<string, SisUser>> UsersAsync() =>
        (await http.GetFromJsonAsync<Dictionary<string, SisUser>>(new Uri(Control, "truth/users/records")))!;

    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        http.Dispose();
        Directory.Delete(folder, recursive: true);
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

    private string Find(string pattern) =>
        Regex.Match(Log, pattern) is { Success: true } match
            ? match.Groups[1].Value
            : throw new InvalidOperationException($"The program did not write {pattern}:\n{Log}");

    /// <summary>A user of the SIS, as far as tests look.</summary>
    internal sealed record SisUser(string Role, string FamilyName, string GivenName);

    /// <summary>What a scenario did, by collection and word: <c>created</c>, <c>updated</c>, <c>deleted</c>.</summary>
    internal sealed class Effects(JsonObject collections)
    {
        internal string[] On(string collection, string word) =>
            [.. (collections[collection]?[word]?.AsArray() ?? []).Select(id => id!.GetValue<string>())];
    }
}
