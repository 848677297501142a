using System.Net.Sockets;

namespace Rollbook.Sources.OneRoster;

/// <summary>Says in the person's words why a request got no answer.</summary>
internal static class NetworkFailure
{
    /// <summary>A <see cref="SourceException"/> when a setting is wrong, else a <see cref="RequestFailure"/>.</summary>
    /// <param name="e">What was thrown.</param>
    /// <param name="host">The host that was asked.</param>
    /// <param name="part">The part that is at fault when the network is not.</param>
    /// <param name="refusal">Why the certificate was refused, if it was.</param>
    public static Exception Explain(HttpRequestException e, string host, CheckPart part, string? refusal)
    {
        for (Exception? inner = e; inner is not null; inner = inner.InnerException)
        {
            if (inner is SourceException known)
            {
                return known;
            }
        }

        return e.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => new RequestFailure(
                Fault.Unreachable,
                CheckPart.Host,
                $"The name {host} does not resolve.",
                inner: e
            ),
            HttpRequestError.SecureConnectionError when refusal is not null => new SourceException(
                SourceFailure.Configuration,
                CheckPart.Certificate,
                $"The certificate of {host} is not trusted: {refusal}. {Remedy(refusal)}",
                e
            ),
            HttpRequestError.SecureConnectionError => new RequestFailure(
                Fault.Unreachable,
                CheckPart.Certificate,
                $"No secure connection to {host} could be agreed on.",
                inner: e
            ),
            HttpRequestError.ConnectionError => new RequestFailure(Fault.Unreachable, CheckPart.Connection, $"{host} {Describe(e)}.", inner: e),
            _ => new RequestFailure(Fault.Unreachable, part, $"{host} broke off before its answer began.", inner: e),
        };
    }

    /// <summary>What to do about a certificate.</summary>
    public static string Remedy(string refusal) =>
        refusal switch
        {
            "it is for another host name" => "Enter the host name that the certificate is for.",
            "its issuer is not trusted here" => "If the SIS uses a private authority, paste its certificate as the CA certificate of this source.",
            _ => "Ask the SIS's administrator to renew it.",
        };

    /// <summary>How a connection failed, as a predicate.</summary>
    public static string Describe(Exception e) =>
        (e as SocketException ?? e.InnerException as SocketException)?.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => "refused the connection: nothing listens on that port",
            SocketError.TimedOut => "did not answer",
            SocketError.HostUnreachable or SocketError.NetworkUnreachable => "can't be reached from this server",
            _ => "broke the connection",
        };
}
