using Rollbook.Model;
using Rollbook.Sources.Synergy;
using Rollbook.Sources.Tests.Contract;

namespace Rollbook.Sources.Tests.OneRoster;

/// <summary>Reading a source that does as it should, and the small ways in which right sources differ.</summary>
public sealed class ReadingTests
{
    [Fact]
    public async Task Reads_every_collection_in_order_and_says_so()
    {
        await using var sis = await FakeSis.StartAsync();
        var reading = await ReadAsync(sis);
        reading.Failure.ShouldBeNull();
        reading.Messages.OfType<SourceMessage.Complete>().Select(complete => complete.Collection).ShouldBe(Collections.InOrder);
        ShouldHaveAll(reading, sis);
        reading.Complete(Collection.Users).ShouldBe(new SourceMessage.Complete(Collection.Users, 730, 730));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_silent_cap_of_the_page_size_loses_nothing(bool sendsTotal)
    {
        await using var sis = await FakeSis.StartAsync();
        (sis.LargestPage, sis.SendsTotal) = (10, sendsTotal);
        ShouldHaveAll(await ReadAsync(sis), sis);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("404")]
    [InlineData("500")]
    [InlineData("last page")]
    [InlineData("null")]
    public async Task Whatever_stands_behind_the_last_record_the_end_is_found(string beyond)
    {
        await using var sis = await FakeSis.StartAsync();
        sis.SendsTotal = false;
        sis.Fill("users", 300);
        sis.Alter = page =>
            page.Offset < page.All.Count
                ? page
                : beyond switch
                {
                    "404" => page with { Status = 404, Body = "{}" },
                    "500" => page with { Status = 500, Body = "{}" },
                    "null" => page with { Body = $$"""{"{{page.Endpoint}}":null}""" },
                    "last page" => page with { Rows = page.All.Skip((page.All.Count - 1) / page.Limit * page.Limit).Take(page.Limit) },
                    _ => page,
                };
        ShouldHaveAll(await ReadAsync(sis), sis);
    }

    [Fact]
    public async Task A_wrong_wrapper_is_taken_when_it_is_the_only_array()
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Keys["users"] = "people";
        ShouldHaveAll(await ReadAsync(sis), sis);
    }

    [Fact]
    public async Task Unsorted_records_and_escaped_ids_are_read()
    {
        await using var sis = await FakeSis.StartAsync();
        var random = new Random(7);
        sis.Records["users"] = [.. sis.Records["users"].OrderBy(_ => random.Next())];
        sis.Records["users"][3] = """{"status":"ToBeDeleted","sourced\u0049d":"u\u0041/1","extra":[{"sourcedId":"inner"}]}""";
        var reading = await ReadAsync(sis);
        ShouldHaveAll(reading, sis, except: Collection.Users);
        reading.Records[Collection.Users].Count.ShouldBe(730);
        reading.Records[Collection.Users].ShouldContainKey(RollbookId.Derive(Reading.Ids(Family.Person), "uA/1"));
    }

    [Fact]
    public async Task Records_without_an_id_are_rejected_and_doubles_in_a_page_dropped()
    {
        await using var sis = await FakeSis.StartAsync();
        sis.SendsTotal = false;
        var orgs = sis.Records["orgs"];
        orgs.Add("""{"status":"active","name":"No ID"}""");
        orgs.Add("42");
        orgs.Add(orgs[24]);
        var reading = await ReadAsync(sis);
        reading.Complete(Collection.Orgs).ShouldBe(new SourceMessage.Complete(Collection.Orgs, 25, null));
        reading.Messages.OfType<SourceMessage.Rejected>().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Pages_full_of_records_that_can_not_be_taken_do_not_end_a_read()
    {
        await using var sis = await FakeSis.StartAsync();
        sis.SendsTotal = false;
        sis.Records["users"].InsertRange(200, Enumerable.Range(0, 300).Select(i => $$"""{"username":"nobody {{i}}"}"""));
        var reading = await ReadAsync(sis);
        reading.Complete(Collection.Users).ShouldBe(new SourceMessage.Complete(Collection.Users, 730, null));
        reading.Messages.OfType<SourceMessage.Rejected>().Count().ShouldBe(300);
    }

    [Fact]
    public async Task Deleted_records_are_marked()
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Records["orgs"] =
        [
            """{"sourcedId":"a","status":"tobedeleted"}""",
            """{"sourcedId":"b","status":"inactive"}""",
            """{"sourcedId":"c","status":"active"}""",
            """{"sourcedId":4,"status":null}""",
        ];
        var connector = new SynergyConnector(SisSettings.Hurried);
        await foreach (var message in connector.ReadAsync(new ReadRequest(SisSettings.Of(sis), Reading.Ids), TestContext.Current.CancellationToken))
        {
            if (message is SourceMessage.Batch { Collection: Collection.Orgs, Records: var batch })
            {
                batch.Records.Select(record => record.Deleted).ShouldBe([true, true, false, false]);
                return;
            }
        }
    }

    internal static Task<Reading> ReadAsync(FakeSis sis, params (string, string)[] settings) =>
        Reading.OfAsync(
            new SynergyConnector(SisSettings.Hurried),
            SisSettings.Of(sis, settings),
            cancellationToken: TestContext.Current.CancellationToken
        );

    internal static void ShouldHaveAll(Reading reading, FakeSis sis, Collection? except = null)
    {
        reading.Failure.ShouldBeNull(reading.Everything());
        foreach (var collection in Collections.InOrder)
        {
            if (collection != except)
            {
                var name = Collections.NameOf(collection);
                var scope = Reading.Ids(Collections.FamilyOf(collection));
                reading
                    .Records[collection]
                    .Keys.ShouldBe(
                        Enumerable.Range(0, sis.Records[name].Count).Select(i => RollbookId.Derive(scope, $"{name}-{i:000000}")),
                        ignoreOrder: true
                    );
            }

            reading.Complete(collection).ShouldNotBeNull().Read.ShouldBe(reading.Records[collection].Count);
        }
    }
}
