using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Rollbook.Testing;

namespace Rollbook.Web.Tests.Site;

/// <summary>What came back.</summary>
internal sealed record Answer(int Status, string Text, string? Location)
{
    /// <summary>The page's main part as a person reads it.</summary>
    internal string Main =>
        WebUtility.HtmlDecode(Regex.Replace(Regex.Match(Text, "<main.*</main>", RegexOptions.Singleline).Value, @"(<[^>]+>|\s)+", " "));
}

/// <summary>A browser without scripts: keeps cookies, fills in forms, follows nothing by itself.</summary>
internal sealed class Visitor : IDisposable
{
    private static int addresses = 1;

    private readonly HttpClient client;
    private readonly CookieContainer cookies = new();
    private readonly Uri site;

    internal Visitor(Uri site)
    {
        this.site = site;

        // Each from an address of its own, so that what slows one down does not slow down the others.
        var from = new IPAddress([127, 0, (byte)(Interlocked.Increment(ref addresses) / 250), (byte)(2 + (addresses % 250))]);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            CookieContainer = cookies,
            ConnectCallback = async (context, token) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(from, 0));
                await socket.ConnectAsync(context.DnsEndPoint, token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        client = new HttpClient(handler) { BaseAddress = site };
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        client.DefaultRequestHeaders.UserAgent.ParseAdd("Visitor/1");
    }

    /// <summary>The address of the page that a form is on, as a browser tells it; null for one that does not.</summary>
    internal string? Referer { get; set; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => client.Dispose();

    internal async Task<Answer> GetAsync(string path) => await ReadAsync(await client.GetAsync(path, Token));

    /// <summary>Begins to read what is at an address, no faster than it is asked for.</summary>
    internal async Task<Stream> OpenAsync(string path)
    {
        var response = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Token);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(Token);
    }

    internal async Task<Answer> SendAsync(HttpMethod method, string path, IEnumerable<KeyValuePair<string, string>>? fields = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Referrer = Referer is null ? null : new Uri(site, Referer);
        if (method != HttpMethod.Get && method != HttpMethod.Head)
        {
            request.Content = new FormUrlEncodedContent(fields ?? []);
        }

        return await ReadAsync(await client.SendAsync(request, Token));
    }

    internal Task<Answer> PostAsync(string path, params (string Name, string Value)[] fields) =>
        SendAsync(HttpMethod.Post, path, fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    /// <summary>Sends the form of this name, which the page at the address has, with these answers.</summary>
    internal async Task<Answer> SubmitAsync(string path, string form, params (string Name, string Value)[] fields)
    {
        var page = await GetAsync(path);
        return await PostAsync(path, [.. fields, ("_handler", form), (Field, TokenIn(page.Text, form))]);
    }

    internal const string Field = "__RequestVerificationToken";

    /// <summary>A token that is good for any form of this browser.</summary>
    internal async Task<string> TokenAsync(string path = "/sign-in") => TokenIn((await GetAsync(path)).Text, form: null);

    internal Task<Answer> SignInAsync(string email, string password) =>
        SubmitAsync("/sign-in", "sign-in", ("Input.Email", email), ("Input.Password", password));

    /// <summary>Sets an authenticator app up for whoever is signed in; the answer is its key and the recovery codes.</summary>
    internal async Task<(string Key, IReadOnlyList<string> Recovery)> AddAuthenticatorAsync()
    {
        var key = await AuthenticatorKeyAsync();
        var done = await SubmitAsync("/account/authenticator", "confirm", ("Input.Code", Totp.Code(key, TimeProvider.System.GetUtcNow())));
        done.Main.ShouldContain("Keep your recovery codes");
        return (key, [.. Regex.Matches(done.Text, "<li><code>([^<]+)</code>").Select(match => match.Groups[1].Value)]);
    }

    /// <summary>The key that the page of the authenticator app shows to be typed.</summary>
    internal async Task<string> AuthenticatorKeyAsync() =>
        Regex
            .Match((await GetAsync("/account/authenticator")).Text, "Type this key: <code>([^<]+)</code>")
            .Groups[1]
            .Value.Replace(" ", "", StringComparison.Ordinal);

    /// <summary>The cookie of the session, as a thief would copy it.</summary>
    internal Cookie Session => cookies.GetCookies(site)["rollbook"] ?? throw new InvalidOperationException("Nobody is signed in.");

    internal void Take(Cookie stolen) => cookies.Add(new Cookie(stolen.Name, stolen.Value, "/", site.Host));

    private static string TokenIn(string html, string? form)
    {
        var forms = Regex.Matches(html, "<form.*?</form>", RegexOptions.Singleline).Select(match => match.Value);
        var wanted = forms.FirstOrDefault(text =>
            text.Contains(Field, StringComparison.Ordinal) && (form is null || text.Contains($"value=\"{form}\"", StringComparison.Ordinal))
        );
        wanted.ShouldNotBeNull($"The page has no form {form}: {new Answer(0, html, null).Main}");
        return Regex.Match(wanted, $"name=\"{Field}\" value=\"([^\"]+)\"").Groups[1].Value;
    }

    // Razor's redirects name the whole address.
    private string? Here(Uri? location) => location?.ToString().Replace(site.GetLeftPart(UriPartial.Authority), "", StringComparison.Ordinal);

    private async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(Token), Here(response.Headers.Location));
        }
    }
}
