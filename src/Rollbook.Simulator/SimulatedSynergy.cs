using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rollbook.Simulator.Control;
using Rollbook.Simulator.Faults;
using Rollbook.Simulator.Generation;
using Rollbook.Simulator.Rest;
using Rollbook.Simulator.Tls;
using Rollbook.Simulator.Tokens;

namespace Rollbook.Simulator;

/// <summary>
/// A student information system as a OneRoster client sees it, with a generated district behind it: for tests and demonstrations.
/// It is no product of the SIS's vendor and shares nothing with it. Dispose it to stop listening.
/// </summary>
public sealed class SimulatedSynergy : IAsyncDisposable
{
    private const string ControlPath = "/control";

    private readonly WebApplication server;
    private readonly PrivateAuthority? authority;
    private readonly FaultBoard faults;
    private readonly HrefBase hrefs;
    private readonly RowOrders orders;
    private readonly PageCache? cache;

    private SimulatedSynergy(SimulatorOptions options, WebApplication server, District district, PrivateAuthority? authority, Uri host)
    {
        (Options, this.server, District, this.authority) = (options, server, district, authority);
        (ApiUrl, TokenUrl, ControlUrl) = (Below(district.Traits.ApiPath), Below(TokenEndpoint.Path), Below(ControlPath));
        hrefs = new HrefBase(options.HrefBase ?? (options.PageCache is null ? ApiUrl.ToString() : "http://sis.internal" + district.Traits.ApiPath));
        faults = new FaultBoard(FaultSwitches.For(options.Profile), options.Time);
        orders = new RowOrders(district, district.Traits.Tombstones);
        cache = options.PageCache is null ? null : new PageCache(district, orders, hrefs, options);
        Scenarios = new ScenarioPlayer(district, options, faults);

        Uri Below(string path) => new(host, options.PathPrefix.TrimEnd('/') + path);
    }

    /// <summary>What it was started with.</summary>
    public SimulatorOptions Options { get; }

    /// <summary>The API root, ending in <c>/ims/oneroster/v1p1</c> or <c>/ims/oneroster/rostering/v1p2</c>.</summary>
    public Uri ApiUrl { get; }

    /// <summary>Where tokens are asked for: not below the API root.</summary>
    public Uri TokenUrl { get; }

    /// <summary>Where scenarios and faults are set by HTTP, from the same machine only.</summary>
    public Uri ControlUrl { get; }

    /// <summary>The client's id.</summary>
    public string ClientId => Options.ClientId;

    /// <summary>The client's secret.</summary>
    public string ClientSecret => Options.ClientSecret;

    /// <summary>With <see cref="SimulatorOptions.Tls"/>, the authority's certificate in PEM, which a client must be told to trust; else null.</summary>
    public string? CertificateAuthority => authority?.Certificate.ExportCertificatePem();

    /// <summary>The district that is served.</summary>
    public District District { get; }

    /// <summary>What can happen in the SIS.</summary>
    public ScenarioPlayer Scenarios { get; }

    /// <summary>What went over the wire.</summary>
    public RequestLog Log { get; } = new();

    /// <summary>How the server misbehaves. Change it with <c>simulator.Faults = simulator.Faults with { … }</c>.</summary>
    public FaultSwitches Faults
    {
        get => faults.Current;
        set => faults.Current = value;
    }

    /// <summary>What exists in the SIS now.</summary>
    public Truth GetTruth() => District.Read(district => new Truth(district, hrefs));

    /// <summary>
    /// Generates the district and starts listening. Fails with <see cref="ArgumentException"/> for sizes it does not make, and with
    /// <see cref="IOException"/> when the address is taken.
    /// </summary>
    public static async Task<SimulatedSynergy> StartAsync(SimulatorOptions options, CancellationToken cancellationToken = default)
    {
        var district = await Task.Run(() => DistrictGenerator.Generate(options), cancellationToken);
        var issuer = options.Tls ? new PrivateAuthority(options.Time) : null;
        var application = Listener(options, issuer);
        try
        {
            RequestDelegate handle = context =>
            {
                context.Response.StatusCode = 503;
                return Task.CompletedTask;
            };
            application.Run(context => handle(context));
            await application.StartAsync(cancellationToken);

            // The address, and with it every href, is known only once the server listens.
            var address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            var simulator = new SimulatedSynergy(options, application, district, issuer, Reachable(new Uri(address)));
            await simulator.PrerenderAsync(cancellationToken);
            handle = simulator.Wire();
            return simulator;
        }
        catch
        {
            await application.DisposeAsync();
            issuer?.Dispose();
            district.Dispose();
            throw;
        }
    }

    /// <summary>
    /// With <see cref="SimulatorOptions.PageCache"/>, renders the pages of all collections that changed since the last time; done at the start
    /// by itself, and worth calling after a scenario when speed is measured. Else does nothing.
    /// </summary>
    public Task PrerenderAsync(CancellationToken cancellationToken = default) => cache?.RenderAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await server.StopAsync(new CancellationToken(canceled: true));
        await server.DisposeAsync();
        authority?.Dispose();
        cache?.Dispose();
        District.Dispose();
    }

    /// <summary>An address that listens on every interface is reached by the loopback one.</summary>
    private static Uri Reachable(Uri address) => address.Host is "0.0.0.0" or "[::]" ? new UriBuilder(address) { Host = "127.0.0.1" }.Uri : address;

    private static WebApplication Listener(SimulatorOptions options, PrivateAuthority? authority)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = authority?.ServerCertificate);
            });
        if (authority is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        builder.WebHost.UseUrls(options.Url ?? (authority is null ? "http://127.0.0.1:0" : "https://127.0.0.1:0"));
        builder.Services.AddLogging(logging => logging.ClearProviders());
        return builder.Build();
    }

    private RequestDelegate Wire()
    {
        var tokens = new TokenStore(Options.Time);
        var control = new ControlApi(this, tokens);
        var token = new TokenEndpoint(Options, District.Traits, faults, tokens, Log);
        var read = new ReadEndpoint(
            District,
            orders,
            new Gatekeeper(District.Traits, tokens, new SignatureCheck(Options)),
            faults,
            cache,
            Log,
            Options.Time,
            ApiUrl,
            hrefs
        );
        return async context =>
        {
            if (context.Request.Path.StartsWithSegments(ApiUrl.AbsolutePath, StringComparison.OrdinalIgnoreCase, out var below))
            {
                await read.HandleAsync(context, below.Value!.Trim('/'));
            }
            else if (context.Request.Path.Equals(TokenUrl.AbsolutePath, StringComparison.OrdinalIgnoreCase))
            {
                await token.HandleAsync(context);
            }
            else if (context.Request.Path.StartsWithSegments(ControlUrl.AbsolutePath, StringComparison.OrdinalIgnoreCase, out var call))
            {
                await control.HandleAsync(context, call.Value!);
            }
            else
            {
                context.Response.StatusCode = 404;
            }
        };
    }
}
