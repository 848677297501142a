using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Text;
using Rollbook.Sources.OneRoster;

namespace Rollbook.Sources.ActiveDirectory.Ldap;

/// <summary>
/// One connection to an LDAP server (RFC 4511), which only binds and searches. It is our own and not libldap's (docs/decisions/0015): so it goes only to addresses that a source
/// may have, trusts the certificates that the district gave, and ends as soon as it is cancelled.
/// </summary>
internal sealed class LdapClient : IAsyncDisposable
{
    /// <summary>The largest message that is taken: far more than an entry has, far less than a server's memory.</summary>
    private const int LargestMessage = 32 << 20;

    private const string PagedResults = "1.2.840.113556.1.4.319";
    private const string StartTls = "1.3.6.1.4.1.1466.20037";

    private static readonly Asn1Tag Disconnection = Application(24);

    private readonly TimeSpan timeout;
    private readonly TimeProvider time;
    private readonly string host;
    private Stream stream;
    private int messageId;

    private LdapClient(string host, Stream stream, OneRosterOptions options) =>
        (this.host, this.stream, timeout, time) = (host, stream, options.ReadTimeout, options.Time);

    private enum Scope
    {
        BaseObject = 0,
        WholeSubtree = 2,
    }

    private enum Aliases
    {
        Never = 0,
    }

    /// <summary>Opens the connection.</summary>
    /// <exception cref="SourceException">The host is not found, is not allowed, or takes no connection.</exception>
    public static async Task<LdapClient> ConnectAsync(string host, int port, OneRosterOptions options, CancellationToken cancellationToken)
    {
        try
        {
            using var late = new CancellationTokenSource(options.ConnectTimeout, options.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
            return new LdapClient(
                host,
                await new AddressGuard(options.AllowPrivateNetworks).ConnectAsync(new DnsEndPoint(host, port), either.Token),
                options
            );
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain)
        {
            throw new SourceException(SourceFailure.Transient, CheckPart.Host, $"The name {host} does not resolve.", e);
        }
        catch (SocketException e)
        {
            throw new SourceException(SourceFailure.Transient, CheckPart.Connection, $"{host}, port {port}, {NetworkFailure.Describe(e)}.", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SourceException(SourceFailure.Transient, CheckPart.Connection, $"{host}, port {port}, did not answer.", e);
        }
    }

    /// <summary>Makes the connection a secure one; with StartTLS if the port begins in clear.</summary>
    /// <exception cref="SourceException">The server does not speak TLS, or its certificate is not trusted.</exception>
    public async Task SecureAsync(bool startTls, CertificateTrust trust, CancellationToken cancellationToken)
    {
        if (startTls)
        {
            await AskForTlsAsync(cancellationToken);
        }

        var tls = new SslStream(stream);
        stream = tls;
        try
        {
            await WithinAsync(
                async token =>
                {
                    await tls.AuthenticateAsClientAsync(
                        new SslClientAuthenticationOptions { TargetHost = host, RemoteCertificateValidationCallback = trust.Accepts },
                        token
                    );
                    return true;
                },
                cancellationToken
            );
        }
        catch (Exception e) when (e is AuthenticationException or IOException && trust.Refusal is { } refusal)
        {
            throw new SourceException(
                SourceFailure.Configuration,
                CheckPart.Certificate,
                $"The certificate of {host} is not trusted: {refusal}. {Remedy(refusal)}",
                e
            );
        }
        catch (AuthenticationException e)
        {
            throw new SourceException(SourceFailure.Configuration, CheckPart.Certificate, $"{host} does not speak TLS at this port.", e);
        }
        catch (IOException e)
        {
            throw Broken(CheckPart.Certificate, e);
        }

        stream = new BufferedStream(tls, 64 << 10);
    }

    /// <summary>Signs in with a name and a password.</summary>
    /// <exception cref="SourceException">The server refuses.</exception>
    public async Task BindAsync(string name, string password, CancellationToken cancellationToken)
    {
        var id = await SendAsync(
            writer =>
            {
                using (writer.PushSequence(Application(0)))
                {
                    writer.WriteInteger(3);
                    writer.WriteOctetString(Encoding.UTF8.GetBytes(name));
                    writer.WriteOctetString(Encoding.UTF8.GetBytes(password), new Asn1Tag(TagClass.ContextSpecific, 0));
                }
            },
            cancellationToken
        );
        var result = ResultOf(await ReceiveAsync(id, Application(1), cancellationToken));
        if (result.Code != LdapResult.Success)
        {
            throw LdapRefusal.OfBind(result);
        }
    }

    /// <summary>Whether an entry is there and may be read.</summary>
    /// <exception cref="SourceException">The server refuses for another reason.</exception>
    public async Task<bool> HasAsync(string name, CancellationToken cancellationToken)
    {
        var found = false;
        var id = await SendAsync(
            writer => WriteSearch(writer, name, Scope.BaseObject, LdapFilter.Encode("(objectClass=*)"), ["1.1"]),
            cancellationToken
        );
        while (true)
        {
            var (tag, body, _) = await ReceiveAsync(id, cancellationToken);
            found |= tag == Application(4);
            if (tag == Application(5))
            {
                var result = ResultOf(body);
                return result.Code switch
                {
                    LdapResult.Success => found,
                    LdapResult.NoSuchObject or LdapResult.Referral => false,
                    _ => throw LdapRefusal.OfSearch(result),
                };
            }
        }
    }

    /// <summary>Everything below a base that a filter lets through, page by page. References to other servers are not followed.</summary>
    /// <exception cref="SourceException">The search failed, or did not come to its end.</exception>
    public async IAsyncEnumerable<IReadOnlyList<LdapEntry>> SearchAsync(
        string baseName,
        byte[] filter,
        IReadOnlyList<string> attributes,
        int pageSize,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        byte[] cookie = [];
        do
        {
            var sent = cookie;
            var id = await SendAsync(
                writer =>
                {
                    WriteSearch(writer, baseName, Scope.WholeSubtree, filter, attributes);
                    WritePaging(writer, pageSize, sent);
                },
                cancellationToken
            );
            var page = new List<LdapEntry>();
            while (true)
            {
                var (tag, body, controls) = await ReceiveAsync(id, cancellationToken);
                if (tag == Application(4))
                {
                    page.Add(EntryOf(body));
                }
                else if (tag == Application(5))
                {
                    var result = ResultOf(body);
                    if (result.Code != LdapResult.Success)
                    {
                        throw LdapRefusal.OfSearch(result);
                    }

                    cookie = CookieOf(controls);
                    break;
                }
            }

            yield return page;
        } while (cookie.Length > 0);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await stream.DisposeAsync();

    private async Task AskForTlsAsync(CancellationToken cancellationToken)
    {
        var id = await SendAsync(
            writer =>
            {
                using (writer.PushSequence(Application(23)))
                {
                    writer.WriteOctetString(Encoding.ASCII.GetBytes(StartTls), new Asn1Tag(TagClass.ContextSpecific, 0));
                }
            },
            cancellationToken
        );
        var result = ResultOf(await ReceiveAsync(id, Application(24), cancellationToken));
        if (result.Code != LdapResult.Success)
        {
            throw new SourceException(
                SourceFailure.Configuration,
                CheckPart.Certificate,
                $"{host} does not take StartTLS (LDAP result {result.Code}). Set Security to ldaps, or have a certificate installed on the domain controller."
            );
        }
    }

    private static void WriteSearch(AsnWriter writer, string baseName, Scope scope, byte[] filter, IReadOnlyList<string> attributes)
    {
        using (writer.PushSequence(Application(3)))
        {
            writer.WriteOctetString(Encoding.UTF8.GetBytes(baseName));
            writer.WriteEnumeratedValue(scope);
            writer.WriteEnumeratedValue(Aliases.Never);
            writer.WriteInteger(0);
            writer.WriteInteger(0);
            writer.WriteBoolean(false);
            writer.WriteEncodedValue(filter);
            using (writer.PushSequence())
            {
                foreach (var attribute in attributes)
                {
                    writer.WriteOctetString(Encoding.ASCII.GetBytes(attribute));
                }
            }
        }
    }

    private static void WritePaging(AsnWriter writer, int pageSize, byte[] cookie)
    {
        var value = new AsnWriter(AsnEncodingRules.BER);
        using (value.PushSequence())
        {
            value.WriteInteger(pageSize);
            value.WriteOctetString(cookie);
        }

        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
        using (writer.PushSequence())
        {
            writer.WriteOctetString(Encoding.ASCII.GetBytes(PagedResults));
            writer.WriteBoolean(true);
            writer.WriteOctetString(value.Encode());
        }
    }

    private async Task<int> SendAsync(Action<AsnWriter> write, CancellationToken cancellationToken)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        var id = ++messageId;
        using (writer.PushSequence())
        {
            writer.WriteInteger(id);
            write(writer);
        }

        var message = writer.Encode();
        try
        {
            await WithinAsync(
                async token =>
                {
                    await stream.WriteAsync(message, token);
                    await stream.FlushAsync(token);
                    return true;
                },
                cancellationToken
            );
        }
        catch (IOException e)
        {
            throw Broken(CheckPart.Connection, e);
        }

        return id;
    }

    private async Task<byte[]> ReceiveAsync(int id, Asn1Tag expected, CancellationToken cancellationToken)
    {
        var (tag, body, _) = await ReceiveAsync(id, cancellationToken);
        return tag == expected ? body : throw Unreadable(inner: null);
    }

    /// <summary>The next answer to a message: its operation and its controls.</summary>
    private async Task<(Asn1Tag Tag, byte[] Operation, byte[]? Controls)> ReceiveAsync(int id, CancellationToken cancellationToken)
    {
        byte[] message;
        try
        {
            message = await WithinAsync(ReadMessageAsync, cancellationToken);
        }
        catch (IOException e)
        {
            throw Broken(CheckPart.Connection, e);
        }

        try
        {
            var reader = new AsnReader(message, AsnEncodingRules.BER).ReadSequence();
            if (!reader.TryReadInt32(out var answered))
            {
                throw Unreadable(inner: null);
            }

            var tag = reader.PeekTag();
            if (answered == 0 && tag.HasSameClassAndValue(Disconnection))
            {
                throw new SourceException(SourceFailure.Transient, CheckPart.Connection, $"{host} closed the connection of its own accord.");
            }

            var operation = reader.ReadEncodedValue().ToArray();
            return answered == id ? (tag, operation, reader.HasData ? reader.ReadEncodedValue().ToArray() : null) : throw Unreadable(inner: null);
        }
        catch (AsnContentException e)
        {
            throw Unreadable(e);
        }
    }

    private async Task<byte[]> ReadMessageAsync(CancellationToken cancellationToken)
    {
        var head = new byte[6];
        await stream.ReadExactlyAsync(head.AsMemory(0, 2), cancellationToken);
        var (headLength, length) = (2, (long)head[1]);
        if (head[1] >= 0x80)
        {
            var more = head[1] & 0x7f;
            if (more is 0 or > 4)
            {
                throw Unreadable(inner: null);
            }

            await stream.ReadExactlyAsync(head.AsMemory(2, more), cancellationToken);
            Span<byte> number = stackalloc byte[4];
            head.AsSpan(2, more).CopyTo(number[(4 - more)..]);
            (headLength, length) = (2 + more, BinaryPrimitives.ReadUInt32BigEndian(number));
        }

        if (head[0] != 0x30 || length > LargestMessage)
        {
            throw Unreadable(inner: null);
        }

        var message = new byte[headLength + length];
        head.AsSpan(0, headLength).CopyTo(message);
        await stream.ReadExactlyAsync(message.AsMemory(headLength), cancellationToken);
        return message;
    }

    private async Task<T> WithinAsync<T>(Func<CancellationToken, Task<T>> act, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await act(either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SourceException(
                SourceFailure.Transient,
                CheckPart.Connection,
                $"{host} did not answer within {timeout.TotalSeconds:0} seconds. Nothing was deleted; the next run tries again.",
                e
            );
        }
    }

    private LdapResult ResultOf(byte[] operation)
    {
        try
        {
            var whole = new AsnReader(operation, AsnEncodingRules.BER);
            var reader = whole.ReadSequence(whole.PeekTag());
            var code = reader.ReadEnumeratedBytes().Span;
            var number = code.Length == 1 ? code[0] : int.MaxValue;
            reader.ReadOctetString();
            return new LdapResult(number, Encoding.UTF8.GetString(reader.ReadOctetString()));
        }
        catch (AsnContentException e)
        {
            throw Unreadable(e);
        }
    }

    private LdapEntry EntryOf(byte[] operation)
    {
        try
        {
            var whole = new AsnReader(operation, AsnEncodingRules.BER);
            var reader = whole.ReadSequence(whole.PeekTag());
            var name = Encoding.UTF8.GetString(reader.ReadOctetString());
            var attributes = new Dictionary<string, IReadOnlyList<byte[]>>(StringComparer.OrdinalIgnoreCase);
            var list = reader.ReadSequence();
            while (list.HasData)
            {
                var attribute = list.ReadSequence();
                var type = Encoding.UTF8.GetString(attribute.ReadOctetString());
                var values = new List<byte[]>();
                var set = attribute.ReadSetOf(skipSortOrderValidation: true);
                while (set.HasData)
                {
                    values.Add(set.ReadOctetString());
                }

                // Options such as ;range=0-1499 are no part of the name.
                var option = type.IndexOf(';', StringComparison.Ordinal);
                attributes[option < 0 ? type : type[..option]] = values;
            }

            return new LdapEntry(name, attributes);
        }
        catch (AsnContentException e)
        {
            throw Unreadable(e);
        }
    }

    private byte[] CookieOf(byte[]? controls)
    {
        try
        {
            var list = controls is null ? null : new AsnReader(controls, AsnEncodingRules.BER);
            list = list?.ReadSequence(list.PeekTag());
            while (list is { HasData: true })
            {
                var control = list.ReadSequence();
                if (!control.ReadOctetString().AsSpan().SequenceEqual(Encoding.ASCII.GetBytes(PagedResults)))
                {
                    continue;
                }

                if (control.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean))
                {
                    control.ReadBoolean();
                }

                var value = new AsnReader(control.ReadOctetString(), AsnEncodingRules.BER).ReadSequence();
                value.ReadInteger();
                return value.ReadOctetString();
            }
        }
        catch (AsnContentException e)
        {
            throw Unreadable(e);
        }

        // A server that says nothing of pages may have left some out.
        throw new SourceException(
            SourceFailure.Configuration,
            CheckPart.Roster,
            $"{host} does not give its answer in pages, so that it can't be told whether it is whole. Rollbook needs a server with paged results (RFC 2696), as every domain controller is."
        );
    }

    private SourceException Broken(CheckPart part, Exception inner) =>
        new(SourceFailure.Transient, part, $"{host} broke off the connection. Nothing was deleted; the next run tries again.", inner);

    private SourceException Unreadable(Exception? inner) =>
        new(SourceFailure.Configuration, CheckPart.Connection, $"What {host} answers at this port is not LDAP. Check the port and Security.", inner);

    private static string Remedy(string refusal) => NetworkFailure.Remedy(refusal).Replace("SIS", "directory", StringComparison.Ordinal);

    private static Asn1Tag Application(int number) => new(TagClass.Application, number, isConstructed: true);
}
