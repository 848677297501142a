using System.Text.Json.Nodes;
using CsCheck;
using Rollbook.Model;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Tests.Derive;

/// <summary>
/// Whatever is mapped, in whatever order the source tells and however the mapping changes from import to import: the roster is what the slow reference derives
/// from what is kept and from the mapping in force.
/// </summary>
public sealed class SchoolsMappingPropertyTests
{
    [Fact]
    public Task Whatever_is_mapped_the_roster_is_what_the_slow_reference_derives() =>
        Gen.Int[0, int.MaxValue - 1].SampleAsync(seed => HistoryAsync(seed, bulk: true), iter: 30, threads: 2);

    [Fact]
    public Task The_same_without_bulk_mode() =>
        Gen.Int[0, int.MaxValue - 1].SampleAsync(seed => HistoryAsync(seed, bulk: false), iter: 30, threads: 2);

    /// <summary>Histories that once went wrong stay tests.</summary>
    [Theory]
    [InlineData(49469804, true)]
    [InlineData(233194471, true)]
    [InlineData(104442625, false)]
    public Task A_history_that_once_failed_gives_what_the_slow_reference_derives(int seed, bool bulk) => HistoryAsync(seed, bulk);

    private static async Task HistoryAsync(int seed, bool bulk)
    {
        var random = new Random(seed);
        var source = new ScriptedSource(random);
        var small = new SmallDistrict(random, mixedTypes: true);
        await using var district = await TestDistrict.StartAsync(source, bulk);
        foreach (var collection in Collections.InOrder)
        {
            foreach (var id in small.Ids(collection).Where(_ => random.Next(6) > 0))
            {
                source.Records[collection][id] = small.Record(collection, id);
            }
        }

        var kept = new SlowKeptSchools();
        var schools = SchoolsMapping.Automatic;
        var refreshTaken = 0;
        for (var import = 0; import < 5; import++)
        {
            var changed = import == 0 ? null : Change(source, small, random, bulk);
            source.Only = bulk || changed is null ? null : changed;
            schools = random.Next(3) == 0 || import == 0 ? Mapping(source, small, random, random.Next(3) == 0 ? 0 : schools.LastRefresh) : schools;
            schools =
                random.Next(5) == 0 ? schools.Refresh(refreshTaken)
                : random.Next(4) == 0 ? schools.Refresh(small.Id(Collection.Orgs))
                : schools;
            await district.ConfigureAsync(source.Type, bulk, "", schools);
            var mapping = new SlowMapping(schools, org => RollbookId.Derive(new IdScope(TestDistrict.Id, TestDistrict.App, Family.Org), org));
            var said = source
                .Records[Collection.Orgs]
                .Where(org => source.Only is null || source.Only.Contains((Collection.Orgs, org.Key)))
                .ToDictionary(StringComparer.Ordinal);
            kept.Take(said, bulk, mapping, org => Math.Max(schools.Refreshed, schools.RefreshedSchools.GetValueOrDefault(org)) > refreshTaken);
            refreshTaken = schools.LastRefresh;

            var run = await district.ImportAsync();

            run.State.ShouldBeOneOf(["published", "unchanged"], $"seed {seed}, import {import}: {run.Report}");
            var records = new Dictionary<Collection, SortedDictionary<string, JsonObject>>(source.Records) { [Collection.Orgs] = kept.Records };
            (await district.RosterAsync()).ShouldBe(
                SlowReference.Derive(records, TestDistrict.Id, TestDistrict.App, "", schools),
                ignoreOrder: true,
                $"seed {seed}, import {import}"
            );
            if (bulk)
            {
                (await district.ImportAsync()).State.ShouldBe("unchanged", $"seed {seed}, import {import} again");
            }
        }
    }

    /// <summary>Any mapping that can be carried out: what others become part of is created by it and is in the source.</summary>
    internal static SchoolsMapping Mapping(ScriptedSource source, SmallDistrict small, Random random, int refreshed)
    {
        var ids = small.Ids(Collection.Orgs).ToArray();
        random.Shuffle(ids);
        var mapped = new List<SchoolMapping>();
        var leftOut = new List<string>();
        foreach (var id in ids)
        {
            var host = mapped.Find(row =>
                row.Create is not null
                && source.Records[Collection.Orgs].TryGetValue(row.Source, out var org)
                && (string?)org["status"] is not "tobedeleted"
            );
            switch (random.Next(5))
            {
                case 0:
                    mapped.Add(new SchoolMapping { Source = id, Create = "" });
                    break;
                case 1:
                    mapped.Add(new SchoolMapping { Source = id, Create = "Our own " + id });
                    break;
                case 2 when host is not null:
                    var isById = host.Create!.Length == 0 || random.Next(2) == 0;
                    var key = RollbookId.Derive(new IdScope(TestDistrict.Id, TestDistrict.App, Family.Org), host.Source);
                    mapped.Add(new SchoolMapping { Source = id, School = isById ? key.ToString() : host.Create });
                    break;
                case 3:
                    leftOut.Add(id);
                    break;
            }
        }

        return new SchoolsMapping
        {
            Auto = random.Next(3) == 0,
            Mapped = mapped,
            LeftOut = leftOut,
            Refreshed = refreshed,
        };
    }

    private static HashSet<(Collection Collection, string SourcedId)> Change(ScriptedSource source, SmallDistrict small, Random random, bool bulk)
    {
        var changed = new HashSet<(Collection Collection, string SourcedId)>();
        for (var i = random.Next(1, 12); i > 0; i--)
        {
            var collection = random.Next(3) == 0 ? Collection.Orgs : Collections.InOrder[random.Next(Collections.InOrder.Count)];
            var id = small.Id(collection);
            var records = source.Records[collection];
            if (random.Next(3) > 0)
            {
                records[id] = small.Record(collection, id);
            }
            else if (!bulk || random.Next(2) == 0)
            {
                records[id] = new() { ["sourcedId"] = id, ["status"] = "tobedeleted" };
            }
            else if (records.Count > 1)
            {
                records.Remove(id);
                continue;
            }

            changed.Add((collection, id));
        }

        return changed;
    }
}
