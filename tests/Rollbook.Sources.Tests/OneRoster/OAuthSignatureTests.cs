using Rollbook.Sources.OneRoster;

namespace Rollbook.Sources.Tests.OneRoster;

/// <summary>Signatures of OAuth 1.0a, held against the examples of RFC 5849.</summary>
public sealed class OAuthSignatureTests
{
    // Section 3.4.1.1: parameters of the query, of a form and of the header, some of them twice.
    private static readonly KeyValuePair<string, string>[] ExampleParameters =
    [
        new("c2", ""),
        new("a3", "2 q"),
        new("oauth_consumer_key", "9djdj82h48djs9d2"),
        new("oauth_token", "kkk9d7dh3k39sjv7"),
        new("oauth_signature_method", "HMAC-SHA1"),
        new("oauth_timestamp", "137131201"),
        new("oauth_nonce", "7d8f3e4a"),
    ];

    [Fact]
    public void The_base_string_is_that_of_the_rfc() =>
        OAuthSignature
            .BaseString(HttpMethod.Post, new Uri("http://EXAMPLE.com:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b"), ExampleParameters)
            .ShouldBe(
                "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
            );

    [Fact]
    public void The_signature_is_that_of_the_rfc()
    {
        // Section 1.2, the request for the photograph.
        var text = OAuthSignature.BaseString(
            HttpMethod.Get,
            new Uri("http://photos.example.net/photos?file=vacation.jpg&size=original"),
            [
                new("oauth_consumer_key", "dpf43f3p2l4k3l03"),
                new("oauth_token", "nnch734d00sl2jdk"),
                new("oauth_signature_method", "HMAC-SHA1"),
                new("oauth_timestamp", "137131202"),
                new("oauth_nonce", "chapoH"),
            ]
        );
        OAuthSignature.Sign(SignatureMethod.Sha1, "kd94hf93k423kf44&pfkkdhi9sl3r4s00", text).ShouldBe("MdpQcU8iPSUjWoN/UDMsK2sui9I=");
    }

    [Fact]
    public void HMAC_SHA256_is_that_of_RFC_4231() =>
        Convert
            .ToHexStringLower(Convert.FromBase64String(OAuthSignature.Sign(SignatureMethod.Sha256, "Jefe", "what do ya want for nothing?")))
            .ShouldBe("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");

    [Theory]
    [InlineData("role='student'", "role%3D%27student%27")]
    [InlineData("a b+c", "a%20b%2Bc")]
    [InlineData("~-._", "~-._")]
    [InlineData("(!*)", "%28%21%2A%29")]
    [InlineData("é>", "%C3%A9%3E")]
    public void Signs_are_encoded_as_RFC_3986_says(string text, string encoded) => OAuthSignature.Encode(text).ShouldBe(encoded);

    [Theory]
    [InlineData("https://sis.example.org:443/a", "https%3A%2F%2Fsis.example.org%2Fa")]
    [InlineData("https://sis.example.org:8443/a/", "https%3A%2F%2Fsis.example.org%3A8443%2Fa%2F")]
    [InlineData("http://127.0.0.1:5005/a%20b", "http%3A%2F%2F127.0.0.1%3A5005%2Fa%2520b")]
    public void The_address_is_without_the_usual_port_and_as_it_is_sent(string address, string encoded) =>
        OAuthSignature.BaseString(HttpMethod.Get, new Uri(address), []).ShouldBe($"GET&{encoded}&");
}
