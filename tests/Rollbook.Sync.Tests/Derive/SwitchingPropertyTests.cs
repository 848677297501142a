using System.Text.Json.Nodes;
using CsCheck;
using Rollbook.Model;

namespace Rollbook.Sync.Tests.Derive;

/// <summary>
/// The roster is a function of what the source last said and of the configuration, also while prefix and mode are switched to and fro and the source gives
/// now this collection, now that (sync-safety.md section 8, number 1).
/// </summary>
public sealed class SwitchingPropertyTests
{
    [Fact]
    public Task Whatever_is_switched_the_roster_is_what_the_slow_reference_derives_from_what_was_last_said() =>
        Gen.Int[0, int.MaxValue - 1].SampleAsync(HistoryAsync, iter: 50, threads: 2);

    private static async Task HistoryAsync(int seed)
    {
        var random = new Random(seed);
        var source = new ScriptedSource(random);
        var small = new SmallDistrict(random);
        await using var district = await TestDistrict.StartAsync(source);
        var said = Collections.InOrder.ToDictionary(collection => collection, _ => new SortedDictionary<string, JsonObject>(StringComparer.Ordinal));
        var schools = new SlowKeptSchools();
        var prefix = "";
        foreach (var collection in Collections.InOrder)
        {
            foreach (var id in small.Ids(collection))
            {
                source.Records[collection][id] = small.Record(collection, id);
            }
        }

        for (var import = 0; import < 6; import++)
        {
            var bulk = random.Next(2) == 0;
            var prefixBefore = prefix;
            prefix = random.Next(3) == 0 ? $"P{random.Next(3)}-" : prefix;
            await district.ConfigureAsync(source.Type, bulk, prefix);
            source.Missing.Clear();
            source.Missing.UnionWith(Collections.InOrder.Where(_ => import > 0 && random.Next(4) == 0));
            var changed = import == 0 ? null : Change(source, small, random);
            source.Only = bulk ? null : changed;
            await district.ImportAsync();

            foreach (var collection in Collections.InOrder.Where(collection => !source.Missing.Contains(collection)))
            {
                if (collection == Collection.Orgs)
                {
                    var orgs = source.Records[collection].Where(org => source.Only?.Contains((collection, org.Key)) is not false);
                    schools.Take(
                        orgs.ToDictionary(StringComparer.Ordinal),
                        bulk,
                        SlowKeptSchools.Everything,
                        isRefreshed: _ => false,
                        isOther: !string.Equals(prefix, prefixBefore, StringComparison.Ordinal)
                    );
                    said[collection] = schools.Records;
                    continue;
                }

                if (bulk)
                {
                    said[collection] = new(source.Records[collection], StringComparer.Ordinal);
                    continue;
                }

                foreach (var (id, record) in source.Records[collection].Where(record => changed?.Contains((collection, record.Key)) is not false))
                {
                    said[collection][id] = record;
                }
            }

            (await district.RosterAsync()).ShouldBe(
                SlowReference.Derive(said, TestDistrict.Id, TestDistrict.App, prefix),
                ignoreOrder: true,
                $"seed {seed}, import {import}"
            );
        }
    }

    // Nothing is ever left out of what the source has, so that an import in either mode says the same.
    private static HashSet<(Collection Collection, string SourcedId)> Change(ScriptedSource source, SmallDistrict small, Random random)
    {
        var changed = new HashSet<(Collection Collection, string SourcedId)>();
        for (var i = random.Next(1, 9); i > 0; i--)
        {
            var collection = Collections.InOrder[random.Next(Collections.InOrder.Count)];
            var id = small.Id(collection);
            source.Records[collection][id] =
                random.Next(3) > 0 ? small.Record(collection, id) : new() { ["sourcedId"] = id, ["status"] = "tobedeleted" };
            changed.Add((collection, id));
        }

        return changed;
    }
}
