using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Rollbook.Bench.Pages;

namespace Rollbook.Bench.Review;

/// <summary>The console of an installation, served by the real program, and somebody who is signed in.</summary>
internal sealed class ServedConsole : IAsyncDisposable
{
    private const string Program = "rollbook.dll";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Process process;
    private readonly HttpClientHandler handler;

    private ServedConsole(Process process, HttpClientHandler handler, HttpClient client) =>
        (this.process, this.handler, Client) = (process, handler, client);

    /// <summary>Who is signed in.</summary>
    internal HttpClient Client { get; }

    /// <summary>Its peak resident memory so far, in mebibytes.</summary>
    internal double PeakMebibytes => MeasuredProcess.PeakOf(process.Id) ?? 0;

    /// <summary>Starts it, and makes an account of a Primary District Admin.</summary>
    internal static async Task<ServedConsole> StartAsync(Installation installation)
    {
        var url = $"http://127.0.0.1:{FreePort()}";
        var start = new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, Program), "serve", "--urls", url, "--data", installation.Folder]
        )
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in installation.Environment)
        {
            start.Environment[name] = value;
        }

        var started = Process.Start(start)!;
        started.BeginOutputReadLine();
        var cookies = new HttpClientHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = true };
        var console = new ServedConsole(started, cookies, new HttpClient(cookies) { BaseAddress = new Uri(url), Timeout = Patience });
        await console.WaitAsync();
        var invited = await MeasuredProcess.RunAsync(
            Program,
            installation.Environment,
            "invite",
            "--district",
            Installation.District,
            "--role",
            "primary-district-admin",
            "--email",
            "ada@bench.example",
            "--url",
            url,
            "--json",
            "--data",
            installation.Folder
        );
        using var link = JsonDocument.Parse(invited.Output);
        await PageTimes.SignUpAsync(console.Client, new Uri(link.RootElement.GetProperty("link").GetString()!));
        return console;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        handler.Dispose();
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private async Task WaitAsync()
    {
        for (var watch = Stopwatch.StartNew(); ; )
        {
            try
            {
                using var answer = await Client.GetAsync(new Uri("/privacy", UriKind.Relative));
                answer.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException) when (watch.Elapsed < Patience && !process.HasExited)
            {
                await Task.Delay(Interval);
            }
        }
    }

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }
}
