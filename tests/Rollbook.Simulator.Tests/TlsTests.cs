using System.Security.Cryptography.X509Certificates;

namespace Rollbook.Simulator.Tests;

/// <summary>HTTPS with a certificate of a private authority: refused unless the authority is trusted.</summary>
public sealed class TlsTests
{
    [Fact]
    public async Task A_client_that_does_not_know_the_authority_refuses()
    {
        await using var simulator = await StartAsync();
        using var http = new HttpClient();

        simulator.ApiUrl.Scheme.ShouldBe("https");
        await Should.ThrowAsync<HttpRequestException>(() => http.GetAsync($"{simulator.ApiUrl}/orgs", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_client_that_trusts_the_authority_is_answered()
    {
        await using var simulator = await StartAsync();
        using var authority = X509Certificate2.CreateFromPem(simulator.CertificateAuthority);
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { authority },
        };
        using var http = new HttpClient(handler);

        using var answer = await http.GetAsync($"{simulator.ApiUrl}/orgs", TestContext.Current.CancellationToken);

        ((int)answer.StatusCode).ShouldBe(401);
    }

    private static Task<SimulatedSynergy> StartAsync() =>
        SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 20, Tls = true }, TestContext.Current.CancellationToken);
}
