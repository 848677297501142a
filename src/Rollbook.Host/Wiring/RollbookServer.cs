using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Sync.Runs;
using Rollbook.Web;
using Rollbook.Web.Features.Access;

namespace Rollbook.Host.Wiring;

/// <summary>The server: console, live progress, imports in the background.</summary>
internal sealed class RollbookServer : IAsyncDisposable
{
    internal const string DefaultUrl = "http://127.0.0.1:5080";

    private readonly WebApplication web;

    private RollbookServer(WebApplication application) => web = application;

    internal IServiceProvider Services => web.Services;

    /// <summary>Where it listens, once started.</summary>
    internal string Address => web.Urls.First();

    /// <summary>Puts the server together, migrated and with cut-off runs looked after; it does not listen yet.</summary>
    internal static async Task<RollbookServer> BuildAsync(string dataFolder, string urls, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { ApplicationName = typeof(RollbookServer).Assembly.GetName().Name }
        );
        builder.Logging.ClearProviders().Quiet();
        builder.Logging.AddFilter("Rollbook", LogLevel.Information);
        builder.WebHost.UseUrls(urls).UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddRollbook(dataFolder);
        builder.Services.AddRollbookServer(dataFolder);
        builder.Services.AddRollbookConsole(builder.Configuration);
        builder.Services.AddHealthChecks();
        var application = builder.Build();
        await application.Services.GetRequiredService<Imports>().RecoverAsync(cancellationToken);
        application.MapHealthChecks("/health").AllowAnonymous();
        application.MapRollbookConsole();
        return new RollbookServer(application);
    }

    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await web.StartAsync(cancellationToken);
        }
        catch (IOException exception) when (exception.Message.Contains("already in use", StringComparison.OrdinalIgnoreCase))
        {
            throw new Commands.CommandFailure(
                Commands.ExitStatus.Failed,
                "Another program listens at that address. Stop it, or choose another one with --urls http://127.0.0.1:5081"
            );
        }
        catch (Exception exception) when (exception is FormatException or System.Net.Sockets.SocketException)
        {
            throw Commands.CommandFailure.Usage(
                $"The server can't listen there: {exception.Message}. An address looks like this: --urls http://127.0.0.1:5081"
            );
        }
    }

    internal Task WaitAsync(CancellationToken cancellationToken) => web.WaitForShutdownAsync(cancellationToken);

    /// <summary>A one-time link for each district that has no Primary District Admin yet.</summary>
    internal async Task<IReadOnlyList<(DistrictInfo District, string Link)>> SetupLinksAsync(CancellationToken cancellationToken)
    {
        var links = new List<(DistrictInfo, string)>();
        await using var scope = Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<InstallationContext>();
        foreach (var district in await Services.GetRequiredService<IInstallationStore>().ListAsync(cancellationToken))
        {
            if (
                !await context
                    .Set<DistrictRole>()
                    .AnyAsync(role => role.DistrictId == district.Id && role.Role == Role.PrimaryDistrictAdmin, cancellationToken)
            )
            {
                var path = await scope
                    .ServiceProvider.GetRequiredService<SetupLinks>()
                    .CreateAsync(district.Id, Role.PrimaryDistrictAdmin, cancellationToken);
                links.Add((district, Address.TrimEnd('/') + path));
            }
        }

        return links;
    }

    /// <summary>A one-time link for the first Operator; null when there is one.</summary>
    private async Task<string?> OperatorLinkAsync(CancellationToken cancellationToken)
    {
        await using var scope = Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<InstallationContext>();
        return await context.Set<DistrictRole>().AnyAsync(role => role.Role == Role.Operator, cancellationToken)
            ? null
            : Address.TrimEnd('/') + await scope.ServiceProvider.GetRequiredService<SetupLinks>().CreateAsync("", Role.Operator, cancellationToken);
    }

    /// <summary>Says where the console is and how to sign in.</summary>
    internal async Task AnnounceAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"The console is at {Address}"));
        foreach (var (district, link) in await SetupLinksAsync(cancellationToken))
        {
            await output.WriteLineAsync($"{district.Name} has no Primary District Admin yet. Open this one-time link to become it:");
            await output.WriteLineAsync($"  {link}");
        }

        if (await OperatorLinkAsync(cancellationToken) is { } first)
        {
            await output.WriteLineAsync(
                "This installation has no Operator yet, who makes districts in the console. Open this one-time link to become it:"
            );
            await output.WriteLineAsync($"  {first}");
        }
    }

    public ValueTask DisposeAsync() => web.DisposeAsync();
}
