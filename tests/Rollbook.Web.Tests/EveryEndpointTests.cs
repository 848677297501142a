using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rollbook.Storage.Installation;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Tests.Site;

namespace Rollbook.Web.Tests;

/// <summary>What holds for every address of the console, found by asking the program itself, so that a new one can't be forgotten.</summary>
public abstract class EveryEndpointTests(ConsoleBed bed)
{
    /// <summary>All that anyone may ask for.</summary>
    private static readonly string[] ForEveryone =
    [
        "/assets/{version}/{name}",
        "/favicon.ico",
        "/new-password/{Id}/{Token}",
        "/privacy",
        "/setup/{Token}",
        "/setup/{token}/passkey-options",
        "/sign-in",
        "/sign-in/code",
        "/sign-in/passkey-options",
        "/sign-in/provider",
        "/sign-in/provider/back",
        "/sign-out",
        "/terms",
        "/theme",
    ];

    private IReadOnlyList<RouteEndpoint> All => [.. bed.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    private IEnumerable<RouteEndpoint> OfDistricts => All.Where(endpoint => Pattern(endpoint).StartsWith("/d/{", StringComparison.Ordinal));

    [Fact]
    public void Has_a_policy_or_is_one_of_the_few_for_everyone()
    {
        foreach (var endpoint in All)
        {
            if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            {
                ForEveryone.ShouldContain(Pattern(endpoint));
                continue;
            }

            endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().ShouldContain(data => data.Policy != null, Pattern(endpoint));
        }
    }

    [Fact]
    public void Of_a_district_has_a_policy_of_districts()
    {
        OfDistricts.Count().ShouldBeGreaterThan(10);
        foreach (var endpoint in OfDistricts)
        {
            endpoint
                .Metadata.GetOrderedMetadata<IAuthorizeData>()
                .ShouldContain(data => data.Policy != null && data.Policy.StartsWith("district:", StringComparison.Ordinal), Pattern(endpoint));
        }
    }

    [Fact]
    public async Task Of_a_district_refuses_whatever_a_viewer_sends()
    {
        using var viewer = await bed.SignInAsync(ConsoleBed.Riverside, Role.Viewer);
        var token = await viewer.TokenAsync("/d/riverside");
        foreach (var (endpoint, method) in Sendable(OfDistricts))
        {
            var answer = await viewer.SendAsync(method, Address(endpoint, ConsoleBed.Riverside), [new(Visitor.Field, token)]);
            answer.Status.ShouldBe(403, $"{method} {Pattern(endpoint)}");
        }
    }

    [Fact]
    public async Task That_needs_more_than_reading_does_not_open_for_a_viewer()
    {
        using var viewer = await bed.SignInAsync(ConsoleBed.Riverside, Role.Viewer);
        var pages = OfDistricts.Where(endpoint =>
            Methods(endpoint).Contains("GET")
            && endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(data => data.Policy is not (null or Policies.Read or Policies.SignedIn))
        );
        foreach (var endpoint in pages)
        {
            (await viewer.GetAsync(Address(endpoint, ConsoleBed.Riverside))).Status.ShouldBe(403, Pattern(endpoint));
        }
    }

    [Theory]
    [InlineData(Role.PrimaryDistrictAdmin)]
    [InlineData(Role.Viewer)]
    public async Task Of_another_district_does_not_exist(Role role)
    {
        using var stranger = await bed.SignInAsync(ConsoleBed.Riverside, role);
        var token = await stranger.TokenAsync("/d/riverside");
        foreach (var endpoint in OfDistricts)
        {
            (await stranger.GetAsync(Address(endpoint, ConsoleBed.Lakeside))).Status.ShouldBe(
                Methods(endpoint).Contains("GET") ? 404 : 405,
                Pattern(endpoint)
            );
        }

        foreach (var (endpoint, method) in Sendable(OfDistricts))
        {
            var answer = await stranger.SendAsync(method, Address(endpoint, ConsoleBed.Lakeside), [new(Visitor.Field, token)]);
            answer.Status.ShouldBe(404, $"{method} {Pattern(endpoint)}");
        }
    }

    [Fact]
    public async Task Of_a_district_does_not_exist_for_an_operator()
    {
        using var operating = await bed.SignInAsync("", Role.Operator);
        foreach (var endpoint in OfDistricts.Where(endpoint => Methods(endpoint).Contains("GET")))
        {
            (await operating.GetAsync(Address(endpoint, ConsoleBed.Riverside))).Status.ShouldBe(404, Pattern(endpoint));
        }
    }

    [Fact]
    public async Task Of_the_operator_is_for_operators()
    {
        using var admin = await bed.SignInAsync(ConsoleBed.Riverside, Role.PrimaryDistrictAdmin);
        var token = await admin.TokenAsync("/d/riverside");
        var theirs = All.Where(endpoint => Pattern(endpoint).StartsWith("/operator", StringComparison.Ordinal)).ToList();
        theirs.ShouldNotBeEmpty();
        foreach (var (endpoint, method) in Sendable(theirs).Concat(theirs.Select(endpoint => (endpoint, HttpMethod.Get))))
        {
            (await admin.SendAsync(method, Address(endpoint, ""), [new(Visitor.Field, token)])).Status.ShouldBe(403, Pattern(endpoint));
        }
    }

    [Fact]
    public async Task That_changes_how_one_signs_in_asks_whoever_signed_in_long_ago_to_do_so_again()
    {
        using var admin = await bed.SignInAsync(ConsoleBed.Riverside, Role.DistrictAdmin);
        var token = await admin.TokenAsync("/account");
        await ShouldLeadAsync(admin, token, "/sign-in?again=yes&return=", TimeSpan.FromMinutes(16));
    }

    [Fact]
    public async Task That_changes_how_one_signs_in_asks_for_the_passkey_of_whoever_has_one()
    {
        var email = await bed.AddPersonAsync(ConsoleBed.Riverside, Role.DistrictAdmin);
        using var admin = await bed.SignInAsync(email);
        await bed.AddPasskeyAsync(email);
        using var thief = await bed.SignInAsync(email);
        await ShouldLeadAsync(thief, await thief.TokenAsync("/account"), "/account/second-factor?return=", TimeSpan.Zero);
    }

    private async Task ShouldLeadAsync(Visitor visitor, string token, string where, TimeSpan later)
    {
        var recent = All.Where(endpoint =>
                endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(data => data.Policy == Policies.SignedInRecently)
            )
            .ToList();
        recent.Count.ShouldBeGreaterThanOrEqualTo(6);
        bed.Time.Pass(later);
        foreach (var endpoint in recent)
        {
            foreach (var method in Methods(endpoint))
            {
                var answer = await visitor.SendAsync(HttpMethod.Parse(method), Address(endpoint, ""), [new(Visitor.Field, token)]);
                answer.Status.ShouldBe(302, $"{method} {Pattern(endpoint)}");
                answer.Location.ShouldNotBeNull().ShouldStartWith(where, Case.Sensitive, $"{method} {Pattern(endpoint)}");
            }
        }
    }

    [Fact]
    public async Task Refuses_a_form_that_is_not_ours()
    {
        using var admin = await bed.SignInAsync(ConsoleBed.Riverside, Role.PrimaryDistrictAdmin);
        using var operating = await bed.SignInAsync("", Role.Operator);
        using var other = bed.Visit();
        var foreign = await other.TokenAsync();
        foreach (var (endpoint, method) in Sendable(All))
        {
            var visitor = Pattern(endpoint).StartsWith("/operator", StringComparison.Ordinal) ? operating : admin;
            var address = Address(endpoint, ConsoleBed.Riverside);
            foreach (var token in new[] { null, "made up", foreign })
            {
                var fields = token is null ? [] : new[] { KeyValuePair.Create(Visitor.Field, token) };

                // A page answers to a form alone; it says 400 as well where no form of it was meant.
                (await visitor.SendAsync(method, address, fields)).Status.ShouldBe(400, $"{method} {Pattern(endpoint)}");
            }
        }
    }

    [Fact]
    public async Task Answers_whoever_may_ask()
    {
        using var admin = await bed.SignInAsync(ConsoleBed.Riverside, Role.PrimaryDistrictAdmin);
        using var operating = await bed.SignInAsync("", Role.Operator);
        foreach (var endpoint in All.Where(endpoint => Methods(endpoint).Contains("GET")))
        {
            var visitor = Pattern(endpoint).StartsWith("/operator", StringComparison.Ordinal) ? operating : admin;
            var answer = await visitor.GetAsync(Address(endpoint, ConsoleBed.Riverside));
            answer.Status.ShouldBeLessThan(500, Pattern(endpoint));
        }
    }

    [Fact]
    public async Task Asks_to_sign_in()
    {
        using var nobody = bed.Visit();
        foreach (var endpoint in All.Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null && Methods(endpoint).Contains("GET")))
        {
            var answer = await nobody.GetAsync(Address(endpoint, ConsoleBed.Riverside));
            answer.Status.ShouldBe(302, Pattern(endpoint));
            answer.Location.ShouldNotBeNull().ShouldContain("/sign-in");
        }
    }

    private static string Pattern(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.TrimStart('/');

    // A page of Razor takes GET and POST, and says so by metadata like the others.
    private static IReadOnlyList<string> Methods(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"];

    private static IEnumerable<(RouteEndpoint Endpoint, HttpMethod Method)> Sendable(IEnumerable<RouteEndpoint> endpoints) =>
        from endpoint in endpoints
        from method in Methods(endpoint)
        where method is not ("GET" or "HEAD")
        select (endpoint, HttpMethod.Parse(method));

    private static string Address(RouteEndpoint endpoint, string district)
    {
        var values = endpoint.RoutePattern.Parameters.Aggregate(
            Pattern(endpoint),
            (path, parameter) =>
                System.Text.RegularExpressions.Regex.Replace(
                    path,
                    @"\{\*{0,2}" + parameter.Name + @"(:[^}]*)?\??\}",
                    parameter.Name.ToLowerInvariant() switch
                    {
                        "district" => district,
                        "kind" => "student",
                        _ => "1",
                    }
                )
        );
        return values;
    }
}

public sealed class EveryEndpointTestsOnSqlite(ConsoleBed bed) : EveryEndpointTests(bed), IClassFixture<ConsoleBed>;

public sealed class EveryEndpointTestsOnPostgres(PostgresBed bed) : EveryEndpointTests(bed), IClassFixture<PostgresBed>;
