using System.Globalization;

namespace Rollbook.Simulator.Tests;

/// <summary>Signatures of OAuth 1.0a are looked at in earnest.</summary>
public sealed class SignatureTests(CleanDistrict district) : IClassFixture<CleanDistrict>
{
    [Theory]
    [InlineData("HMAC-SHA256")]
    [InlineData("HMAC-SHA1")]
    public async Task A_right_signature_opens_every_read(string method)
    {
        foreach (var path in new[] { "users?limit=1", "demographics?filter=sex%3D%27male%27&limit=2", "schools/x/students" })
        {
            using var answer = await SignedRequest.SendAsync(district.Simulator, path, all => all["oauth_signature_method"] = method);
            ((int)answer.StatusCode).ShouldBe(200, path);
        }
    }

    [Theory]
    [InlineData("oauth_consumer_key", "another", "consumer_key_unknown", 401)]
    [InlineData("oauth_signature_method", "PLAINTEXT", "signature_method_rejected", 400)]
    [InlineData("oauth_version", "2.0", "version_rejected", 401)]
    [InlineData("oauth_timestamp", "137131202", "timestamp_refused", 401)]
    [InlineData("oauth_nonce", null, "parameter_absent", 401)]
    public async Task A_wrong_part_is_named(string name, string? value, string problem, int status)
    {
        using var answer = await SignedRequest.SendAsync(
            district.Simulator,
            "users?limit=1",
            all =>
            {
                all.Remove(name);
                if (value is not null)
                {
                    all[name] = value;
                }
            }
        );
        await ShouldBeRefusedAsync(answer, status, problem);
    }

    [Fact]
    public async Task A_wrong_secret_and_a_query_that_was_changed_are_refused()
    {
        using var secret = await SignedRequest.SendAsync(district.Simulator, "users?limit=1", secret: "another");
        await ShouldBeRefusedAsync(secret, 401, "signature_invalid");
        using var query = await SignedRequest.SendAsync(district.Simulator, "users?limit=1", sentPath: "users?limit=2");
        await ShouldBeRefusedAsync(query, 401, "signature_invalid");
        using var path = await SignedRequest.SendAsync(district.Simulator, "users?limit=1", sentPath: "orgs?limit=1");
        await ShouldBeRefusedAsync(path, 401, "signature_invalid");
    }

    [Fact]
    public async Task A_nonce_is_taken_once_and_a_timestamp_for_five_minutes()
    {
        using var first = await SignedRequest.SendAsync(district.Simulator, "users?limit=1", all => all["oauth_nonce"] = "once");
        ((int)first.StatusCode).ShouldBe(200);
        var now = TimeProvider.System.GetUtcNow();
        foreach (var (seconds, status) in new[] { (-290, 200), (290, 200), (-320, 401), (320, 401) })
        {
            using var answer = await SignedRequest.SendAsync(
                district.Simulator,
                "users?limit=1",
                all => all["oauth_timestamp"] = now.AddSeconds(seconds).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)
            );
            ((int)answer.StatusCode).ShouldBe(status, $"{seconds} seconds");
        }

        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        foreach (var problem in new[] { null, "nonce_used" })
        {
            using var again = await SignedRequest.SendAsync(
                district.Simulator,
                "users?limit=1",
                all => (all["oauth_nonce"], all["oauth_timestamp"]) = ("twice", timestamp)
            );
            ((int)again.StatusCode).ShouldBe(problem is null ? 200 : 401);
        }
    }

    [Fact]
    public async Task A_switch_says_which_methods_are_taken()
    {
        await using var simulator = await SimulatedSynergy.StartAsync(
            new SimulatorOptions { Students = 20, Profile = Profile.SynergyLike },
            TestContext.Current.CancellationToken
        );
        foreach (
            var (support, sha1, sha256) in new[]
            {
                (SignatureSupport.Sha1, 200, 400),
                (SignatureSupport.Sha256, 400, 200),
                (SignatureSupport.None, 401, 401),
            }
        )
        {
            simulator.Faults = simulator.Faults with { Signatures = support };
            using var first = await SignedRequest.SendAsync(simulator, "orgs", all => all["oauth_signature_method"] = "HMAC-SHA1");
            using var second = await SignedRequest.SendAsync(simulator, "orgs");
            ((int)first.StatusCode, (int)second.StatusCode).ShouldBe((sha1, sha256));
        }
    }

    private static async Task ShouldBeRefusedAsync(HttpResponseMessage answer, int status, string problem)
    {
        ((int)answer.StatusCode).ShouldBe(status);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("oauth_problem=" + problem);
    }
}
