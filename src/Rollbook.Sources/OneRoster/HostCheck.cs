using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Rollbook.Sources.OneRoster;

/// <summary>Looks at the hosts of a connection below HTTP: name, port, certificate; that of the API URL first, then that of the token URL.</summary>
internal sealed class HostCheck(OneRosterSettings settings, OneRosterOptions options)
{
    private readonly AddressGuard guard = new(options.AllowPrivateNetworks);
    private readonly Uri[] hosts =
    [
        .. settings
            .TokenUrls.Take(1)
            .Prepend(new Uri(settings.Api.Effective))
            .DistinctBy(uri => uri.GetLeftPart(UriPartial.Authority), StringComparer.Ordinal),
    ];

    public async Task<string> ResolveAsync(CancellationToken cancellationToken)
    {
        foreach (var uri in hosts)
        {
            try
            {
                await guard.ResolveAsync(uri.IdnHost, cancellationToken);
            }
            catch (SocketException)
            {
                throw new CheckFailure(null, $"The name {uri.Host} in the {Label(uri)} does not resolve.", Remedies.For(CheckPart.Host));
            }
        }

        return $"{Names} can be found.";
    }

    public async Task<string> ConnectAsync(CancellationToken cancellationToken)
    {
        foreach (var uri in hosts)
        {
            try
            {
                await using var stream = await guard.ConnectAsync(new DnsEndPoint(uri.IdnHost, uri.Port), cancellationToken);
            }
            catch (SocketException e)
            {
                throw new CheckFailure(
                    null,
                    $"{uri.Host}, port {uri.Port}, of the {Label(uri)} {NetworkFailure.Describe(e)}.",
                    Remedies.For(CheckPart.Connection)
                );
            }
        }

        return $"{Names} take connections.";
    }

    public async Task<string> AgreeAsync(CancellationToken cancellationToken)
    {
        var secure = Array.FindAll(hosts, uri => uri.Scheme is "https");
        foreach (var uri in secure)
        {
            var trust = new CertificateTrust(settings.ExtraTrust);
            try
            {
                await using var stream = await guard.ConnectAsync(new DnsEndPoint(uri.IdnHost, uri.Port), cancellationToken);
                await using var tls = new SslStream(stream);
                await tls.AuthenticateAsClientAsync(
                    new SslClientAuthenticationOptions { TargetHost = uri.IdnHost, RemoteCertificateValidationCallback = trust.Accepts },
                    cancellationToken
                );
            }
            catch (Exception e) when (e is AuthenticationException or IOException or SocketException)
            {
                throw trust.Refusal is { } refusal
                    ? new CheckFailure(null, $"The certificate of {uri.Host} is not trusted: {refusal}.", NetworkFailure.Remedy(refusal))
                    : new CheckFailure(
                        null,
                        $"{uri.Host}, port {uri.Port}, does not speak TLS.",
                        "Check the port in the URL; https usually is at 443."
                    );
            }
        }

        return secure.Length > 0 ? "The certificate is trusted." : "Plain http on this machine: there is no certificate to look at.";
    }

    private string Names => string.Join(" and ", hosts.Select(uri => uri.Host).Distinct(StringComparer.OrdinalIgnoreCase));

    private string Label(Uri uri) => uri == hosts[0] ? "API URL" : "token URL";
}
