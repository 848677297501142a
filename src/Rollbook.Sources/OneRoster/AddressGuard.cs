using System.Net;
using System.Net.Sockets;

namespace Rollbook.Sources.OneRoster;

/// <summary>
/// Opens connections only to addresses a source may have, so that a district's settings can't make this server talk to the metadata service of its
/// cloud or, where the operator forbids it, to its own network. It looks at the address that is connected to: a name may resolve differently each time.
/// </summary>
/// <param name="allowPrivateNetworks">Whether addresses of private networks are among them.</param>
public sealed class AddressGuard(bool allowPrivateNetworks)
{
    private static readonly IPNetwork[] Never =
    [
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("fe80::/10"),
        IPNetwork.Parse("fd00:ec2::254/128"),
        IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("224.0.0.0/3"),
        IPNetwork.Parse("ff00::/8"),
        IPNetwork.Parse("::/128"),
    ];

    private static readonly IPNetwork[] Private =
    [
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("::1/128"),
        IPNetwork.Parse("fc00::/7"),
    ];

    /// <summary>Whether a source may have this address.</summary>
    public bool Allows(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return !Never.Any(network => network.Contains(plain)) && (allowPrivateNetworks || !Private.Any(network => network.Contains(plain)));
    }

    /// <summary>The addresses of a host.</summary>
    /// <exception cref="SourceException">They are addresses a source may not have.</exception>
    /// <exception cref="SocketException">The name does not resolve.</exception>
    public async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(host.Trim('[', ']'), cancellationToken).WaitAsync(cancellationToken);
        return Array.TrueForAll(addresses, Allows)
            ? addresses
            : throw new SourceException(
                SourceFailure.Configuration,
                CheckPart.Host,
                $"{host} has an address that sources may not have (link-local, or private on a server whose operator does not allow it). Check the host in the URL, or ask the operator of Rollbook."
            );
    }

    /// <summary>Connects to a host; for <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint endPoint, CancellationToken cancellationToken)
    {
        var addresses = await ResolveAsync(endPoint.Host, cancellationToken);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, endPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
