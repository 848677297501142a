using Microsoft.AspNetCore.Http;
using Rollbook.Model;
using Rollbook.Sources.OneRoster;
using Rollbook.Sources.Synergy;
using Rollbook.Sources.Tests.Contract;

namespace Rollbook.Sources.Tests.OneRoster;

/// <summary>Sources that misbehave: what passes is waited out, what does not fails, and nothing is called complete that is not.</summary>
public sealed class FaultTests
{
    public static TheoryData<string> Passing =>
        ["500", "502", "429", "503 wait", "html", "truncated", "error body", "empty object", "reset", "chunk reset", "empty page", "wrong json"];

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task A_fault_that_passes_is_waited_out(string fault)
    {
        await using var sis = await FakeSis.StartAsync();
        var left = 2;
        sis.Alter = page => page is { Endpoint: "users", Offset: 300 } && Interlocked.Decrement(ref left) >= 0 ? Spoil(page, fault) : page;
        ReadingTests.ShouldHaveAll(await ReadingTests.ReadAsync(sis), sis);
        left.ShouldBeLessThan(1);
    }

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task A_fault_that_stays_fails_the_read(string fault)
    {
        await using var sis = await FakeSis.StartAsync();
        sis.SendsTotal = false;
        sis.Alter = page =>
            page.Endpoint is "users" && page.Offset + page.Limit > 300 && page.Offset <= 300 && page.Offset % 100 == 0 ? Spoil(page, fault) : page;
        var reading = await ReadingTests.ReadAsync(sis);
        reading.SourceFailure.ShouldNotBeNull().Failure.ShouldBe(SourceFailure.Transient);
        reading.Complete(Collection.Users).ShouldBeNull();
        reading.Complete(Collection.Classes).ShouldNotBeNull();
    }

    [Fact]
    public async Task Large_pages_that_time_out_are_halved_down_to_fifty()
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Alter = page => page.Limit > 60 ? page with { Status = 504, Body = "<html>gateway</html>" } : page;
        var reading = await ReadingTests.ReadAsync(sis, ("pageSize", "1000"));
        ReadingTests.ShouldHaveAll(reading, sis);
        reading.Notices.ShouldContain("The SIS answered slowly or not at all; pages of users were halved to 50.", StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_source_that_never_answers_is_given_up()
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Intercept = async context =>
        {
            if (context.Request.Path.Value!.EndsWith("/orgs", StringComparison.Ordinal))
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return true;
            }

            return false;
        };
        var hurried = SisSettings.Hurried with { ReadTimeout = TimeSpan.FromMilliseconds(100), Tries = 2 };
        var reading = await Reading.OfAsync(
            new SynergyConnector(hurried),
            SisSettings.Of(sis),
            cancellationToken: TestContext.Current.CancellationToken
        );
        reading.SourceFailure.ShouldNotBeNull().Failure.ShouldBe(SourceFailure.Transient);
    }

    [Fact]
    public async Task A_source_that_asks_to_wait_for_hours_is_left_for_the_next_run()
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Intercept = context => Refuse(context, "/orgs", 503, ("Retry-After", "86400"));
        (await ReadingTests.ReadAsync(sis)).SourceFailure.ShouldNotBeNull().Failure.ShouldBe(SourceFailure.Transient);
        sis.Requests.ShouldBe(2);
    }

    [Fact]
    public async Task Pages_in_an_order_that_moves_are_read_once_more_and_then_refused()
    {
        await using var sis = await FakeSis.StartAsync();
        sis.LargestPage = 100;
        var random = new Random(3);
        sis.Alter = page =>
            page.Endpoint is "users"
                ? page with
                {
                    Rows = [.. page.All.OrderBy(_ => random.Next()).Skip(page.Offset).Take(Math.Min(100, page.Limit))],
                }
                : page;
        var reading = await ReadingTests.ReadAsync(sis);
        var failure = reading.SourceFailure.ShouldNotBeNull();
        failure.Failure.ShouldBe(SourceFailure.Defect);
        failure.Message.ShouldStartWith("Pages overlap");
        reading.Notices.ShouldContain(notice => notice.Contains("read again, in pages of 5000", StringComparison.Ordinal));
        reading.Complete(Collection.Users).ShouldBeNull();
    }

    [Fact]
    public async Task An_order_that_moves_does_no_harm_to_a_source_that_can_give_all_at_once()
    {
        await using var sis = await FakeSis.StartAsync();
        var random = new Random(3);
        sis.Alter = page =>
            page.Endpoint is "users" ? page with { Rows = [.. page.All.OrderBy(_ => random.Next()).Skip(page.Offset).Take(page.Limit)] } : page;
        ReadingTests.ShouldHaveAll(await ReadingTests.ReadAsync(sis), sis);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_source_that_ignores_offsets_is_never_taken_for_whole(bool sendsTotal)
    {
        await using var sis = await FakeSis.StartAsync();
        sis.SendsTotal = sendsTotal;
        sis.Alter = page => page.Endpoint is "users" ? page with { Rows = page.All.Take(Math.Min(page.Limit, 100)) } : page;
        sis.LargestPage = 100;
        var reading = await ReadingTests.ReadAsync(sis);
        reading.SourceFailure.ShouldNotBeNull().Failure.ShouldBe(SourceFailure.Defect);
        reading.Complete(Collection.Users).ShouldBeNull();
    }

    [Fact]
    public async Task Offsets_that_count_pages_are_never_taken_for_whole()
    {
        await using var sis = await FakeSis.StartAsync();
        sis.SendsTotal = false;
        sis.Alter = page => page.Endpoint is "users" ? page with { Rows = page.All.Skip(page.Offset * page.Limit).Take(page.Limit) } : page;
        var reading = await ReadingTests.ReadAsync(sis);
        reading.SourceFailure.ShouldNotBeNull();
        reading.Complete(Collection.Users).ShouldBeNull();
    }

    [Theory]
    [InlineData(400L, null)]
    [InlineData(5000L, 5000L)]
    [InlineData(-1L, null)]
    public async Task A_total_is_passed_on_when_it_can_be_believed(long claimed, long? expected)
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Alter = page =>
            page with
            {
                Total =
                    claimed < 0 ? page.Total + page.Offset
                    : page.Endpoint is "users" ? claimed
                    : page.Total,
            };
        var reading = await ReadingTests.ReadAsync(sis);
        ReadingTests.ShouldHaveAll(reading, sis);
        reading.Complete(Collection.Users).ShouldNotBeNull().Expected.ShouldBe(expected);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(200)]
    public async Task Sorting_is_given_up_where_it_is_refused(int status)
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Intercept = context => context.Request.Query.ContainsKey("sort") && status == 400 ? Refuse(context, "", 400) : Task.FromResult(false);
        if (status == 200)
        {
            sis.Alter = page =>
                page with
                {
                    Body =
                        $$"""{"statusInfoSet":[{"imsx_codeMajor":"success","imsx_severity":"warning","imsx_codeMinor":"invalid_sort_field"}],"{{page.Endpoint}}":[{{string.Join(',', page.Rows)}}]}""",
                };
        }

        var reading = await ReadingTests.ReadAsync(sis);
        ReadingTests.ShouldHaveAll(reading, sis);
        reading.Notices.ShouldContain("The SIS does not sort users by sourcedId; its own order was taken.", StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(501)]
    public async Task Demographics_may_be_missing(int status)
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Intercept = context => Refuse(context, "/demographics", status);
        var reading = await ReadingTests.ReadAsync(sis);
        reading.Failure.ShouldBeNull();
        reading.Unavailable(Collection.Demographics).ShouldNotBeNull();
        reading.Complete(Collection.Enrollments).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_missing_licence_is_named()
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Intercept = context => Refuse(context, "/users", 403);
        var failure = (await ReadingTests.ReadAsync(sis)).SourceFailure.ShouldNotBeNull();
        (failure.Failure, failure.Part).ShouldBe((SourceFailure.Configuration, CheckPart.Licence));
        failure.Message.ShouldContain("licence");
    }

    [Fact]
    public async Task Missing_endpoints_are_made_up_for_and_never_deleted_from()
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Records.Remove("users");
        sis.Records.Remove("orgs");
        sis.Records.Remove("academicSessions");
        foreach (var (endpoint, key) in new[] { ("students", "users"), ("teachers", "users"), ("schools", "orgs"), ("terms", "academicSessions") })
        {
            sis.Fill(endpoint, 210);
            sis.Keys[endpoint] = key;
        }

        sis.Records["teachers"].AddRange(sis.Records["students"].Take(5));
        var reading = await ReadingTests.ReadAsync(sis);
        reading.Failure.ShouldBeNull();
        reading.Records[Collection.Users].Count.ShouldBe(420);
        reading.Records[Collection.Orgs].Count.ShouldBe(210);
        reading.Notices.ShouldContain("The SIS has no users; they were read from students and teachers and users instead.", StringComparer.Ordinal);
        foreach (var collection in new[] { Collection.Users, Collection.Orgs, Collection.AcademicSessions })
        {
            reading.Complete(collection).ShouldBeNull();
            reading.Unavailable(collection).ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task Users_by_role_are_whole_when_every_role_can_be_read()
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Intercept = context => context.Request.Query.ContainsKey("filter") ? Task.FromResult(false) : Refuse(context, "/users", 501);
        foreach (var endpoint in new[] { "students", "teachers" })
        {
            sis.Fill(endpoint, 30);
            sis.Keys[endpoint] = "users";
        }

        var reading = await ReadingTests.ReadAsync(sis);
        reading.Failure.ShouldBeNull();
        reading.Complete(Collection.Users).ShouldBe(new SourceMessage.Complete(Collection.Users, 790, null));
    }

    [Fact]
    public async Task A_checkpoint_whose_record_is_gone_starts_from_the_beginning()
    {
        await using var sis = await FakeSis.StartAsync();
        var token = new ResumePoint(500, 500, RollbookId.Derive(Reading.Ids(Family.Person), "users-000499")).ToToken();
        sis.Records["users"].RemoveRange(100, 400);
        var from = new Dictionary<Collection, string> { [Collection.Users] = token, [Collection.Classes] = "of another version" };
        var reading = await Reading.OfAsync(
            new SynergyConnector(SisSettings.Hurried),
            SisSettings.Of(sis),
            from,
            TestContext.Current.CancellationToken
        );
        reading.Failure.ShouldBeNull();
        reading.Complete(Collection.Users).ShouldBe(new SourceMessage.Complete(Collection.Users, 330, 330));
        reading.Records[Collection.Users].Count.ShouldBe(330);
        reading.Records[Collection.Classes].Count.ShouldBe(25);
    }

    private static SisPage Spoil(SisPage page, string fault) =>
        fault switch
        {
            "500" => page with { Status = 500, Body = "{}" },
            "502" => page with { Status = 502, Body = "<html>" },
            "429" => page with { Status = 429, Body = "{}" },
            "503 wait" => page with { Status = 503, Body = "{}" },
            "html" => page with { Body = "<!DOCTYPE html><html><body>We are working on it</body></html>" },
            "truncated" => page with { Body = $$"""{"users":[{{string.Join(",", page.Rows)}}""" },
            "error body" => page with
            {
                Body = """{"statusInfoSet":[{"imsx_codeMajor":"failure","imsx_severity":"error","imsx_codeMinor":"internal_server_error"}]}""",
            },
            "empty object" => page with { Body = "{}" },
            "reset" => page with { CutAt = 700 },
            "chunk reset" => page with { CutAt = 700, Chunked = true },
            "empty page" => page with { Rows = [] },
            _ => page with { Body = """{"message":"ok","errors":[{"text":"no"}],"users":[]}""" },
        };

    private static Task<bool> Refuse(HttpContext context, string endpoint, int status, params (string Name, string Value)[] headers)
    {
        if (!context.Request.Path.Value!.EndsWith(endpoint, StringComparison.Ordinal))
        {
            return Task.FromResult(false);
        }

        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
        {
            context.Response.Headers[name] = value;
        }

        return Task.FromResult(true);
    }
}
