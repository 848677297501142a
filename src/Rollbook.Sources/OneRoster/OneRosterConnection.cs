using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;

namespace Rollbook.Sources.OneRoster;

/// <summary>One connection to one SIS: its sockets, trust, cookies and token. Never follows an address found in an answer's body.</summary>
internal sealed class OneRosterConnection : IDisposable
{
    private const int MostRedirects = 3;
    private readonly HttpClient client;
    private readonly CookieJar cookies = new();
    private readonly CertificateTrust trust;

    public OneRosterConnection(OneRosterSettings settings, OneRosterOptions options)
    {
        Settings = settings;
        Options = options;
        trust = new CertificateTrust(settings.ExtraTrust);
        var guard = new AddressGuard(options.AllowPrivateNetworks);
        client = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
                AutomaticDecompression = DecompressionMethods.All,
                ConnectTimeout = options.ConnectTimeout,
                PooledConnectionLifetime = TimeSpan.FromMinutes(10),
                ConnectCallback = (context, cancellationToken) => guard.ConnectAsync(context.DnsEndPoint, cancellationToken),
                SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = trust.Accepts },
            }
        )
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("Rollbook", "0.1"));
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        SignIn = settings.Signs ? new SignatureSignIn(settings, options.Time) : new TokenSignIn(new TokenSource(settings, options, SendAsync));
    }

    public OneRosterSettings Settings { get; }

    public OneRosterOptions Options { get; }

    /// <summary>How requests show who asks.</summary>
    public ISignIn SignIn { get; }

    /// <summary>Asks the API; answers of every status but 401 and redirects come back as they are, the body still to be read.</summary>
    /// <exception cref="RequestFailure">No answer.</exception>
    /// <exception cref="SourceException">The settings are wrong.</exception>
    public Task<HttpResponseMessage> GetAsync(Uri uri, CancellationToken cancellationToken) =>
        SignIn.SendAsync(header => SendAsync(uri, at => Request(at, header(at)), CheckPart.ApiUrl, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        client.Dispose();
        SignIn.Dispose();
    }

    private static HttpRequestMessage Request(Uri uri, AuthenticationHeaderValue authorization)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, uri);
        request.Headers.Authorization = authorization;
        return request;
    }

    // Redirects are followed by hand, because the secret and the token may go to the host the person named and to no other.
    private async Task<HttpResponseMessage> SendAsync(
        Uri uri,
        Func<Uri, HttpRequestMessage> build,
        CheckPart part,
        CancellationToken cancellationToken
    )
    {
        var at = uri;
        for (var redirects = 0; ; redirects++)
        {
            var answer = await SendOnceAsync(build(at), part, cancellationToken);
            if ((int)answer.StatusCode is not (301 or 302 or 303 or 307 or 308) || answer.Headers.Location is not { } location)
            {
                return answer;
            }

            answer.Dispose();
            if (redirects == MostRedirects || !Uri.TryCreate(at, location, out var target) || !MayFollow(at, target))
            {
                throw new SourceException(
                    SourceFailure.Configuration,
                    part,
                    $"{at.Host} sends on to another address, where the credentials are not sent. Enter the address of the SIS itself."
                );
            }

            at = target;
        }
    }

    private static bool MayFollow(Uri from, Uri to) =>
        to.Host.Equals(from.Host, StringComparison.OrdinalIgnoreCase) && (to.Scheme is "https" || (to.Scheme is "http" && from.Scheme is "http"));

    private async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CheckPart part, CancellationToken cancellationToken)
    {
        using (request)
        {
            var host = request.RequestUri!.Host;
            cookies.Give(request, host);
            try
            {
                var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                cookies.Take(answer, host);
                return answer;
            }
            catch (HttpRequestException e)
            {
                throw NetworkFailure.Explain(e, host, part, trust.Refusal);
            }
            catch (OperationCanceledException e) when (e.InnerException is TimeoutException && !cancellationToken.IsCancellationRequested)
            {
                throw new RequestFailure(Fault.TooSlow, CheckPart.Connection, $"{host} did not take the connection in time.", inner: e);
            }
        }
    }
}
