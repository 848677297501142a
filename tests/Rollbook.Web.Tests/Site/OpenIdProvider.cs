using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Rollbook.Web.Tests.Site;

/// <summary>A small OpenID Connect provider: whoever is <see cref="Person"/> is signed in there without being asked. Code flow with PKCE alone.</summary>
internal sealed class OpenIdProvider : IAsyncDisposable
{
    internal const string Client = "rollbook";
    internal const string Secret = "the client's secret";

    private readonly RSA key = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, (string Nonce, string Challenge, JsonObject Person)> codes = new(StringComparer.Ordinal);
    private readonly WebApplication app;

    internal OpenIdProvider()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.MapGet("/.well-known/openid-configuration", Discovery);
        app.MapGet("/keys", Keys);
        app.MapGet("/authorize", Authorize);
        app.MapPost("/token", (Delegate)TokenAsync);
    }

    /// <summary>The claims of the person who sits in front of it.</summary>
    internal JsonObject Person { get; set; } = [];

    internal string Issuer => app.Urls.First();

    internal Task StartAsync() => app.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        key.Dispose();
    }

    private IResult Discovery() =>
        Results.Text(
            new JsonObject
            {
                ["issuer"] = Issuer,
                ["authorization_endpoint"] = $"{Issuer}/authorize",
                ["token_endpoint"] = $"{Issuer}/token",
                ["jwks_uri"] = $"{Issuer}/keys",
                ["response_types_supported"] = new JsonArray("code"),
                ["subject_types_supported"] = new JsonArray("public"),
                ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
            }.ToJsonString(),
            "application/json"
        );

    private IResult Keys()
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        return Results.Text(
            new JsonObject
            {
                ["keys"] = new JsonArray(
                    new JsonObject
                    {
                        ["kty"] = "RSA",
                        ["use"] = "sig",
                        ["kid"] = "1",
                        ["alg"] = "RS256",
                        ["n"] = Base64Url.EncodeToString(parameters.Modulus),
                        ["e"] = Base64Url.EncodeToString(parameters.Exponent),
                    }
                ),
            }.ToJsonString(),
            "application/json"
        );
    }

    private IResult Authorize(HttpContext http)
    {
        string Asked(string name) => http.Request.Query[name].ToString();
        Asked("client_id").ShouldBe(Client);
        Asked("code_challenge_method").ShouldBe("S256");
        var code = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        codes[code] = (Asked("nonce"), Asked("code_challenge"), (JsonObject)Person.DeepClone());
        return Results.Redirect(
            QueryHelpers.AddQueryString(Asked("redirect_uri"), new Dictionary<string, string?> { ["code"] = code, ["state"] = Asked("state") })
        );
    }

    private async Task<IResult> TokenAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync();
        if (
            form["client_secret"] != Secret
            || !codes.TryRemove(form["code"].ToString(), out var given)
            || Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) != given.Challenge
        )
        {
            return Results.BadRequest(new { error = "invalid_grant" });
        }

        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = given.Person;
        claims["iss"] = Issuer;
        claims["aud"] = Client;
        claims["iat"] = now;
        claims["exp"] = now + 300;
        claims["nonce"] = given.Nonce;
        return Results.Text(
            new JsonObject
            {
                ["access_token"] = "unused",
                ["token_type"] = "Bearer",
                ["id_token"] = Sign(claims),
            }.ToJsonString(),
            "application/json"
        );
    }

    private string Sign(JsonObject claims)
    {
        var head = Base64Url.EncodeToString(
            JsonSerializer.SerializeToUtf8Bytes(
                new
                {
                    alg = "RS256",
                    typ = "JWT",
                    kid = "1",
                }
            )
        );
        var body = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()));
        var signature = key.SignData(Encoding.ASCII.GetBytes($"{head}.{body}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{head}.{body}.{Base64Url.EncodeToString(signature)}";
    }
}
