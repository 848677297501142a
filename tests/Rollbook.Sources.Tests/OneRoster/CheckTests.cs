using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Rollbook.Sources.OneRoster;
using Rollbook.Sources.Synergy;
using Rollbook.Sources.Tests.Contract;

namespace Rollbook.Sources.Tests.OneRoster;

/// <summary>Test Connection: each thing that can be wrong is told apart from the others (product.md 3.1).</summary>
public sealed class CheckTests
{
    private static IConnector Connector { get; } = new SynergyConnector(SisSettings.Hurried);

    [Fact]
    public async Task Says_what_was_found_on_the_way_to_ok()
    {
        await using var sis = await FakeSis.StartAsync();
        var steps = await Connector.CheckAsync(SisSettings.Of(sis));
        steps
            .Select(step => step.Part)
            .Distinct()
            .ShouldBe([
                CheckPart.Settings,
                CheckPart.Host,
                CheckPart.Connection,
                CheckPart.Certificate,
                CheckPart.TokenUrl,
                CheckPart.Credentials,
                CheckPart.Scope,
                CheckPart.ApiUrl,
                CheckPart.Licence,
                CheckPart.Roster,
            ]);
        steps.ShouldContain(step => step.Text.StartsWith("users: 730 records; 200 of them came in", StringComparison.Ordinal));
        steps[^1].Text.ShouldBe(ConnectionCheck.Success);
    }

    [Theory]
    [InlineData("apiUrl", "", CheckPart.ApiUrl)]
    [InlineData("clientId", " ", CheckPart.Settings)]
    [InlineData("oauth", "1.0", CheckPart.Settings)]
    [InlineData("version", "1.0", CheckPart.Settings)]
    [InlineData("version", "1.2", CheckPart.ApiUrl)]
    [InlineData("pageSize", "99", CheckPart.Settings)]
    [InlineData("caCertificate", "not PEM", CheckPart.Certificate)]
    [InlineData("apiUrl", "http://sis.example.org", CheckPart.ApiUrl)]
    [InlineData("tokenUrl", "http://sis.example.org", CheckPart.TokenUrl)]
    [InlineData("apiUrl", "https://no-such-host.invalid", CheckPart.Host)]
    [InlineData("apiUrl", "http://127.0.0.1:1", CheckPart.Connection)]
    [InlineData("apiUrl", "https://169.254.169.254/latest", CheckPart.Host)]
    [InlineData("clientSecret", "another", CheckPart.Credentials)]
    public async Task Names_the_setting_that_is_wrong(string setting, string value, CheckPart part)
    {
        await using var sis = await FakeSis.StartAsync();
        await ShouldFailAtAsync(SisSettings.Of(sis, (setting, value)), part);
    }

    [Fact]
    public async Task Tells_a_token_url_of_something_else()
    {
        await using var sis = await FakeSis.StartAsync();
        await ShouldFailAtAsync(SisSettings.Of(sis, ("tokenUrl", sis.Address + "/nothing/here")), CheckPart.TokenUrl, "404");
        await ShouldFailAtAsync(SisSettings.Of(sis, ("tokenUrl", "")), CheckPart.TokenUrl, "none was found");
        sis.Intercept = context => Answer(context, "/login", 200, "<html><form>Sign in</form></html>");
        await ShouldFailAtAsync(SisSettings.Of(sis, ("tokenUrl", sis.Address + "/login")), CheckPart.TokenUrl, "not JSON");
    }

    [Fact]
    public async Task Tells_an_api_url_one_folder_off_and_where_it_answers()
    {
        await using var sis = await FakeSis.StartAsync();
        var step = await ShouldFailAtAsync(SisSettings.Of(sis, ("apiUrl", sis.Address + "/synergy")), CheckPart.ApiUrl);
        step.Remedy.ShouldBe($"It answers at {sis.ApiUrl}: enter that as the API URL.");
    }

    [Fact]
    public async Task Tells_a_web_page_instead_of_an_api()
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Intercept = context => Answer(context, "/orgs", 200, "<!DOCTYPE html><html></html>");
        await ShouldFailAtAsync(SisSettings.Of(sis), CheckPart.ApiUrl, "web page");
    }

    [Theory]
    [InlineData("""{"imsx_codeMinor":"forbidden"}""", CheckPart.Licence)]
    [InlineData("""{"imsx_description":"The scope roster-core.readonly is missing"}""", CheckPart.Scope)]
    public async Task Tells_a_licence_from_a_scope(string body, CheckPart part)
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Intercept = context => Answer(context, "/orgs", 403, body);
        await ShouldFailAtAsync(SisSettings.Of(sis), part);
    }

    [Fact]
    public async Task Tells_certificates_that_are_not_trusted_and_trusts_the_one_given()
    {
        using var authority = SisSettings.Certificate("CN=District CA", null, "ca");
        using var server = SisSettings.Certificate("CN=127.0.0.1", authority, "127.0.0.1");
        using var other = SisSettings.Certificate("CN=other", authority, "other.example.org");
        await using var sis = await FakeSis.StartAsync(server);
        var untrusted = await ShouldFailAtAsync(SisSettings.Of(sis), CheckPart.Certificate, "issuer is not trusted");
        untrusted.Remedy.ShouldNotBeNull().ShouldContain("CA certificate");
        var trusted = SisSettings.Of(sis, ("caCertificate", authority.ExportCertificatePem()));
        (await Connector.CheckAsync(trusted))[^1].Text.ShouldBe(ConnectionCheck.Success);
        (await ReadingTests.ReadAsync(sis)).SourceFailure.ShouldNotBeNull().Part.ShouldBe(CheckPart.Certificate);
        (await ReadingTests.ReadAsync(sis, ("caCertificate", authority.ExportCertificatePem()))).Failure.ShouldBeNull();

        await using var misnamed = await FakeSis.StartAsync(other);
        await ShouldFailAtAsync(
            SisSettings.Of(misnamed, ("caCertificate", authority.ExportCertificatePem())),
            CheckPart.Certificate,
            "another host name"
        );
        await using var plain = await FakeSis.StartAsync();
        await ShouldFailAtAsync(
            SisSettings.Of(plain, ("apiUrl", plain.Address.Replace("http:", "https:", StringComparison.Ordinal))),
            CheckPart.Certificate,
            "TLS"
        );
    }

    [Fact]
    public async Task Answers_in_seconds_when_the_source_does_not()
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Intercept = async context =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        var clock = Stopwatch.StartNew();
        await ShouldFailAtAsync(SisSettings.Of(sis), CheckPart.TokenUrl, "No answer within 2 seconds");
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Private_addresses_are_the_operators_choice_and_metadata_never_is()
    {
        var open = new AddressGuard(allowPrivateNetworks: true);
        var closed = new AddressGuard(allowPrivateNetworks: false);
        foreach (var address in new[] { "10.1.2.3", "192.168.1.1", "127.0.0.1", "::1", "fd12::1", "::ffff:10.0.0.1" })
        {
            open.Allows(IPAddress.Parse(address)).ShouldBeTrue(address);
            closed.Allows(IPAddress.Parse(address)).ShouldBeFalse(address);
        }

        foreach (var address in new[] { "169.254.169.254", "::ffff:169.254.169.254", "fe80::1", "0.0.0.0", "fd00:ec2::254" })
        {
            open.Allows(IPAddress.Parse(address)).ShouldBeFalse(address);
        }

        closed.Allows(IPAddress.Parse("93.184.216.34")).ShouldBeTrue();
    }

    private static async Task<CheckStep> ShouldFailAtAsync(SourceSettings settings, CheckPart part, string text = "")
    {
        var steps = await Connector.CheckAsync(settings);
        var failed = steps[^1];
        steps.SkipLast(1).ShouldAllBe(step => step.Ok);
        failed.Ok.ShouldBeFalse();
        failed.Part.ShouldBe(part, failed.Text);
        failed.Text.ShouldContain(text);
        failed.Remedy.ShouldNotBeNullOrEmpty();
        return failed;
    }

    private static async Task<bool> Answer(HttpContext context, string path, int status, string body)
    {
        if (!context.Request.Path.Value!.EndsWith(path, StringComparison.Ordinal))
        {
            return false;
        }

        context.Response.StatusCode = status;
        await context.Response.WriteAsync(body);
        return true;
    }
}
