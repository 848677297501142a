using CsCheck;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Tests.Rollbacks;

namespace Rollbook.Sync.Tests.Derive;

/// <summary>The properties of sync-safety.md section 8 that the derivation answers for, over random histories of a small district.</summary>
public sealed class DerivationPropertyTests
{
    [Fact]
    public Task In_bulk_mode_every_import_gives_what_the_slow_reference_derives_from_the_whole_upload() =>
        Gen.Int[0, int.MaxValue - 1].SampleAsync(seed => HistoryAsync(seed, bulk: true), iter: 30, threads: 2);

    [Fact]
    public Task Without_bulk_mode_only_what_the_source_marks_deleted_goes() =>
        Gen.Int[0, int.MaxValue - 1].SampleAsync(seed => HistoryAsync(seed, bulk: false), iter: 30, threads: 2);

    [Fact]
    public Task What_waits_for_a_person_is_published_as_if_it_had_not_waited_and_what_is_declined_never_was() =>
        Gen.Int[0, int.MaxValue - 1].SampleAsync(seed => HistoryAsync(seed, bulk: seed % 2 == 0, preview: true), iter: 25, threads: 2);

    [Fact]
    public Task Whatever_was_rolled_back_declined_and_purged_before_an_accepted_import_gives_what_the_slow_reference_derives() =>
        Gen.Int[0, int.MaxValue - 1]
            .SampleAsync(seed => HistoryAsync(seed, bulk: seed % 2 == 0, preview: seed % 3 == 0, rollbacks: true), iter: 20, threads: 2);

    /// <summary>A history that once went wrong stays a test.</summary>
    [Theory]
    [InlineData(122721043)]
    [InlineData(371069414)]
    public Task A_history_that_once_failed_gives_what_the_slow_reference_derives(int seed) => HistoryAsync(seed, bulk: false);

    private static async Task HistoryAsync(int seed, bool bulk, bool preview = false, bool rollbacks = false)
    {
        var random = new Random(seed);
        var source = new ScriptedSource(random);
        var small = new SmallDistrict(random);
        await using var district = await TestDistrict.StartAsync(source, bulk, prefix: random.Next(2) == 0 ? "" : "N-");
        var prefix = random.Next(2) == 0 ? "" : "N-";
        await district.ConfigureAsync(source.Type, bulk, prefix, preview: preview);
        small.Fill(source);

        var schools = new SlowKeptSchools();
        var before = new Dictionary<(Kind Kind, RollbookId Id), string>();
        var versions = new List<Dictionary<(Kind Kind, RollbookId Id), string>>();
        var rolling = new RandomRollbacks(random, versions);
        for (var import = 0; import < 4; import++)
        {
            var earlier = source.Records.ToDictionary(
                records => records.Key,
                records => new SortedDictionary<string, System.Text.Json.Nodes.JsonObject>(records.Value, StringComparer.Ordinal)
            );
            var changed = import == 0 ? null : Change(source, small, random, bulk);
            source.Earlier = import > 0 && random.Next(3) == 0 ? earlier : null;
            source.Only = bulk || changed is null ? null : changed;
            if (rollbacks && import > 0)
            {
                before = await rolling.RollAsync(district, $"seed {seed}, import {import}");
            }

            var waits = preview || await district.Store.SetAside.PendingAsync(CancellationToken.None) is not null;
            if (waits && random.Next(3) == 0)
            {
                await DeclineOneAsync(district, before, seed);
            }

            if (preview && random.Next(3) == 0 && await AcceptPartAsync(district, before, random, seed) is { } part)
            {
                versions.Add(part);
                before = part;
            }

            var run = await district.ImportAsync();
            var orgs = source.Records[Collection.Orgs].Where(org => source.Only is null || source.Only.Contains((Collection.Orgs, org.Key)));
            schools.Take(orgs.ToDictionary(StringComparer.Ordinal), bulk, SlowKeptSchools.Everything, isRefreshed: _ => false);
            var records = new Dictionary<Collection, SortedDictionary<string, System.Text.Json.Nodes.JsonObject>>(source.Records)
            {
                [Collection.Orgs] = schools.Records,
            };
            var expected = SlowReference.Derive(records, TestDistrict.Id, TestDistrict.App, prefix);
            var actual = await district.RosterAsync();

            actual.ShouldBe(expected, ignoreOrder: true, $"seed {seed}, import {import}");
            CheckCounts(run.Report, before, expected);
            if (run.Version is { } version)
            {
                version.ShouldBe(versions.Count + 1);
                versions.Add(actual);
            }
            else
            {
                run.State.ShouldBe("unchanged");
                before.ShouldBe(expected, ignoreOrder: true);
            }

            var again = await district.ImportAsync();
            again.State.ShouldBe("unchanged", $"seed {seed}, import {import} again");
            before = expected;
        }

        for (var version = rolling.OldestKept; version <= versions.Count; version++)
        {
            RandomRollbacks.ShouldBeWhole(await district.RecordsAsync(version));
            (await district.RosterAsync(version)).ShouldBe(versions[version - 1], ignoreOrder: true, $"seed {seed}, as of {version}");
        }
    }

    private static async Task DeclineOneAsync(TestDistrict district, Dictionary<(Kind Kind, RollbookId Id), string> before, int seed)
    {
        var waiting = await district.ImportOnceAsync();
        if (RunStates.IsUndecided(waiting))
        {
            (await district.DeclineAsync(waiting)).State.ShouldBe("declined");
        }

        (await district.RosterAsync()).ShouldBe(before, ignoreOrder: true, $"seed {seed}, declined");
    }

    /// <summary>
    /// Leaves some of the changes out and accepts the rest: what is left out stays as it was, unless it goes with what it belongs to, nothing else came than was shown, and all
    /// references lead somewhere. Answers the roster where it is another.
    /// </summary>
    private static async Task<Dictionary<(Kind Kind, RollbookId Id), string>?> AcceptPartAsync(
        TestDistrict district,
        Dictionary<(Kind Kind, RollbookId Id), string> before,
        Random random,
        int seed
    )
    {
        var waiting = await district.ImportOnceAsync();
        if (!RunStates.IsUndecided(waiting))
        {
            return null;
        }

        var shown = new Dictionary<(Kind Kind, RollbookId Id), Row?>();
        var choices = new List<PartChoice>();
        foreach (var kind in Kinds.All.Select(definition => definition.Kind))
        {
            await foreach (var change in district.Store.Staged.ReadAsync(waiting.Number, kind, default))
            {
                shown[(kind, change.Id)] = change.Operation == Operation.Delete ? null : change.Row.Copy();
                if (random.Next(3) == 0)
                {
                    choices.Add(new PartChoice(new StagedSelection(kind, Id: change.Id), IsLeft: true));
                }
            }
        }

        (await district.Imports.ChooseAsync(TestDistrict.Id, waiting.Number, null, choices, default)).ShouldBeNull();
        var decided = await district.AcceptAsync(waiting);
        var records = await district.RecordsAsync();
        var after = records.ToDictionary(record => record.Key, record => SlowReference.Text(record.Value));
        if (RunStates.IsUndecided(decided))
        {
            // Something would have come otherwise than it was shown, or in spite of being left out.
            after.ShouldBe(before, ignoreOrder: true, $"seed {seed}, asked again");
            (await district.DeclineAsync(decided)).State.ShouldBe("declined");
            return null;
        }

        var left = choices.Select(choice => (choice.Which.Kind!.Value, choice.Which.Id!.Value)).ToHashSet();
        foreach (var key in before.Keys.Union(after.Keys))
        {
            var (old, now) = (before.GetValueOrDefault(key), after.GetValueOrDefault(key));
            if (!string.Equals(old, now, StringComparison.Ordinal))
            {
                now.ShouldBe(
                    shown.TryGetValue(key, out var said)
                        ? said is { } row
                            ? SlowReference.Text(Without(row, left, records.GetValueOrDefault(key)))
                            : null
                        : "not shown",
                    $"seed {seed}, {key}"
                );
                (left.Contains(key) && now is not null).ShouldBeFalse($"seed {seed}, {key} was left out");
            }
        }

        foreach (var record in records.Values)
        {
            foreach (var attribute in Kinds.Of(record.Kind).Attributes.Where(attribute => attribute.IsReference))
            {
                foreach (var target in RowReader.Ids(record.Get(attribute, out _)))
                {
                    after.Keys.ShouldContain(
                        key => key.Id == target && Kinds.Of(key.Kind).Family == attribute.Target,
                        $"seed {seed}, {attribute.Name}"
                    );
                }
            }
        }

        return decided.Version is null ? null : after;
    }

    /// <summary>A row that was shown, less the references to records that are left out which the row of now does not have.</summary>
    private static Row Without(Row shown, HashSet<(Kind Kind, RollbookId Id)> left, Row now)
    {
        var writer = new RowWriter();
        writer.Clear();
        var reader = shown.Read();
        foreach (var attribute in Kinds.Of(shown.Kind).Attributes)
        {
            var bytes = reader.Next(out var missing);
            if (missing)
            {
                writer.Missing();
            }
            else if (!attribute.IsReference)
            {
                writer.Value(bytes);
            }
            else
            {
                var there = RowReader.Ids(now.Get(attribute, out _));
                RollbookId[] kept =
                [
                    .. RowReader
                        .Ids(bytes)
                        .Where(id => there.Contains(id) || !left.Any(record => record.Id == id && Kinds.Of(record.Kind).Family == attribute.Target)),
                ];
                if (attribute.Type == AttributeType.Reference)
                {
                    writer.Reference(kept.Length == 0 ? null : kept[0]);
                }
                else
                {
                    writer.References(kept);
                }
            }
        }

        return writer.ToRow(shown.Kind).Copy();
    }

    private static void CheckCounts(
        string? report,
        Dictionary<(Kind Kind, RollbookId Id), string> before,
        Dictionary<(Kind Kind, RollbookId Id), string> after
    )
    {
        var changes = RunReport.FromJson(report).Changes;
        foreach (var kind in Kinds.All.Select(definition => definition.Kind))
        {
            var counts = changes.GetValueOrDefault(kind) ?? new ChangeCounts();
            counts.Create.ShouldBe(after.Keys.Count(key => key.Kind == kind && !before.ContainsKey(key)), $"{kind} created");
            counts.Delete.ShouldBe(before.Keys.Count(key => key.Kind == kind && !after.ContainsKey(key)), $"{kind} deleted");
            counts.Update.ShouldBe(
                after.Count(record =>
                    record.Key.Kind == kind
                    && before.TryGetValue(record.Key, out var old)
                    && !string.Equals(old, record.Value, StringComparison.Ordinal)
                ),
                $"{kind} updated"
            );
            counts.Unchanged.ShouldBe(
                after.Count(record =>
                    record.Key.Kind == kind
                    && before.TryGetValue(record.Key, out var old)
                    && string.Equals(old, record.Value, StringComparison.Ordinal)
                ),
                $"{kind} unchanged"
            );
        }
    }

    /// <summary>Changes some of what a source says. Answers what it says of it.</summary>
    internal static HashSet<(Collection Collection, string SourcedId)> Change(ScriptedSource source, SmallDistrict small, Random random, bool bulk)
    {
        var changed = new HashSet<(Collection Collection, string SourcedId)>();
        for (var i = random.Next(1, 9); i > 0; i--)
        {
            var collection = Collections.InOrder[random.Next(Collections.InOrder.Count)];
            var id = small.Id(collection);
            var records = source.Records[collection];
            if (random.Next(3) > 0)
            {
                records[id] = small.Record(collection, id);
                changed.Add((collection, id));
            }
            else if (!bulk)
            {
                records[id] = new() { ["sourcedId"] = id, ["status"] = "tobedeleted" };
                changed.Add((collection, id));
            }
            else if (records.Count > 1)
            {
                // A collection that empties altogether is the guard's business.
                records.Remove(id);
            }
        }

        return changed;
    }
}
