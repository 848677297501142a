using CsCheck;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Tests.Derive;
using Rollbook.Sync.WhatIf;

namespace Rollbook.Sync.Tests.WhatIf;

/// <summary>What a what-if says is what the import then does, and it leaves everything as it was.</summary>
public sealed class WhatIfPropertyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task From_the_kept_upload_it_says_what_an_import_with_the_draft_then_does() =>
        Gen.Int[0, int.MaxValue - 1].SampleAsync(seed => KeptAsync(seed), iter: 25, threads: 2);

    [Fact]
    public Task Of_a_first_import_it_says_from_the_source_what_the_import_then_does() =>
        Gen.Int[0, int.MaxValue - 1].SampleAsync(seed => FirstAsync(seed), iter: 15, threads: 2);

    [Fact]
    public Task A_rehearsal_says_from_the_source_as_it_is_now_what_the_import_then_does() =>
        Gen.Int[0, int.MaxValue - 1].SampleAsync(seed => KeptAsync(seed, readsSource: true), iter: 15, threads: 2);

    private static async Task KeptAsync(int seed, bool readsSource = false)
    {
        var random = new Random(seed);
        var source = GuardTests.Filled(seed);
        var small = new SmallDistrict(random);
        await using var district = await TestDistrict.StartAsync(source, bulk: random.Next(2) == 0);
        for (var imports = random.Next(1, 4); imports > 0; imports--)
        {
            await district.ImportAsync();
            for (var changes = random.Next(6); changes > 0; changes--)
            {
                var collection = Collections.InOrder[random.Next(Collections.InOrder.Count)];
                var id = small.Id(collection);
                source.Records[collection][id] = small.Record(collection, id);
            }
        }

        if (readsSource)
        {
            // Next year's: many come, go and change.
            foreach (var collection in Collections.InOrder.Where(collection => collection is not Collection.Orgs))
            {
                foreach (var id in source.Records[collection].Keys.Where(_ => random.Next(6) == 0).ToList())
                {
                    source.Records[collection].Remove(id);
                }
            }
        }
        else
        {
            await district.ImportAsync();
        }

        await CompareAsync(district, Draft(source.Type, random), readsSource ? WhatIfBasis.Source : WhatIfBasis.KeptUpload, seed);
    }

    private static async Task FirstAsync(int seed)
    {
        var random = new Random(seed);
        var source = GuardTests.Filled(seed);
        await using var district = await TestDistrict.StartAsync(source);
        await CompareAsync(district, Draft(source.Type, random), WhatIfBasis.Source, seed);
    }

    private static AppConfiguration Draft(string type, Random random) =>
        new()
        {
            Type = type,
            Advanced = new AdvancedSettings
            {
                BulkUploadMode = random.Next(2) == 0,
                SisIdPrefix = random.Next(2) == 0 ? "" : "N-",
                PreviewOfDataUpload = random.Next(5) == 0,
                Limits = random.Next(4) == 0 ? null : [.. Enum.GetValues<Operation>().SelectMany(operation => Limits(operation, random))],
            },
            Attributes =
                random.Next(2) == 0
                    ? AppConfiguration.NoAttributes
                    : new Dictionary<string, IReadOnlyList<AttributePair>>(StringComparer.Ordinal)
                    {
                        ["student"] = [new AttributePair { Target = "email", Template = "{{ familyName | downcase }}@x.example" }],
                        ["class"] = [new AttributePair { Target = "location", Source = "title" }],
                    },
        };

    private static IEnumerable<SyncLimit> Limits(Operation operation, Random random)
    {
        yield return new SyncLimit(operation, LimitScope.Source) { Count = random.Next(1, 12), Percent = random.Next(1, 101) };
        yield return new SyncLimit(operation, LimitScope.School) { Count = random.Next(2) == 0 ? null : random.Next(1, 6), Percent = 30 };
    }

    private static async Task CompareAsync(TestDistrict district, AppConfiguration draft, WhatIfBasis basis, int seed)
    {
        var before = await district.RecordsAsync();
        var stored = await StoredAsync(district);
        var question = await WhatIfQuestion.OfDraftAsync(district.Store, TestDistrict.App, draft, Token);
        var report = await district.WhatIfs.DeriveAsync(
            district.Store,
            question with
            {
                ReadsSource = basis == WhatIfBasis.Source,
            },
            progress: null,
            Token
        );
        (await StoredAsync(district)).ShouldBe(stored, $"seed {seed}");
        report.Basis.ShouldBe(basis);

        await district.ConfigureAsync(draft);
        var run = RunReport.FromJson((await district.ImportAsync()).Report);
        report.Changes.OrderBy(kind => kind.Key).ShouldBe(run.Changes.OrderBy(kind => kind.Key), $"seed {seed}");
        report.Skipped.OrderBy(kind => kind.Key).ShouldBe(run.Skipped.OrderBy(kind => kind.Key), $"seed {seed}");
        report.WaitsAs.ShouldBe(run.WaitsAs, $"seed {seed}");
        report.Holds.ShouldBe(run.Holds, $"seed {seed}");
        CheckSchools(report, before, await district.RecordsAsync());
        CheckSamples(report);
        WhatIfReport.FromJson(report.ToJson()).ToJson().ShouldBe(report.ToJson());
    }

    private static void CheckSchools(
        WhatIfReport report,
        Dictionary<(Kind Kind, RollbookId Id), Row> before,
        Dictionary<(Kind Kind, RollbookId Id), Row> after
    )
    {
        var expected = new Dictionary<(string School, Kind Kind, Operation Operation), long>();
        foreach (var key in before.Keys.Union(after.Keys))
        {
            var (old, now) = (Find(before, key), Find(after, key));
            if (old is { } was && now is { } isNow && was.Equals(isNow))
            {
                continue;
            }

            var operation =
                old is null ? Operation.Create
                : now is null ? Operation.Delete
                : Operation.Update;
            foreach (var school in SchoolsOf(key.Id, (now ?? old)!.Value))
            {
                var place = (school.ToString(), key.Kind, operation);
                expected[place] = expected.GetValueOrDefault(place) + 1;
            }
        }

        var actual = report.Schools.SelectMany(school =>
            school.Changes.SelectMany(kind =>
                new[]
                {
                    ((school.Id, kind.Key, Operation.Create), kind.Value.Create),
                    ((school.Id, kind.Key, Operation.Update), kind.Value.Update),
                    ((school.Id, kind.Key, Operation.Delete), kind.Value.Delete),
                }
            )
        );
        actual.Where(count => count.Item2 > 0).ShouldBe(expected.Select(count => (count.Key, count.Value)), ignoreOrder: true);
        report.Schools.ShouldAllBe(school => school.Name.Length > 0 && school.Name != school.Id);
    }

    private static IEnumerable<RollbookId> SchoolsOf(RollbookId id, Row row) =>
        row.Kind switch
        {
            Kind.School => [id],
            Kind.Calendar => [],
            Kind.Course or Kind.Class or Kind.Enrollment => row["school"] is RollbookId school ? [school] : [],
            _ => (RollbookId[]?)row["schools"] ?? [],
        };

    private static void CheckSamples(WhatIfReport report)
    {
        foreach (var (kind, counts) in report.Changes)
        {
            Count(kind, Operation.Create).ShouldBe((int)Math.Min(counts.Create, WhatIfReport.SamplesOfEach));
            Count(kind, Operation.Update).ShouldBe((int)Math.Min(counts.Update, WhatIfReport.SamplesOfEach));
            Count(kind, Operation.Delete).ShouldBe((int)Math.Min(counts.Delete, WhatIfReport.SamplesOfEach));
        }

        int Count(Kind kind, Operation operation) => report.Samples.Count(sample => sample.Kind == kind && sample.Operation == operation);
    }

    private static Row? Find(Dictionary<(Kind Kind, RollbookId Id), Row> roster, (Kind Kind, RollbookId Id) key) =>
        roster.TryGetValue(key, out var row) ? row : null;

    /// <summary>Whatever a what-if must leave alone, as a text.</summary>
    private static async Task<string> StoredAsync(TestDistrict district)
    {
        var segments = new List<int>();
        foreach (var collection in Collections.InOrder)
        {
            await foreach (var segment in district.Store.Uploads.ReadIndexAsync(TestDistrict.App, collection, Token))
            {
                segments.Add(segment.Number);
            }
        }

        var left = Directory.Exists(district.WorkFolder) ? Directory.GetFileSystemEntries(district.WorkFolder) : [];
        return string.Join(
            ' ',
            [
                .. segments,
                (await district.Store.Roster.LatestAsync(Token))?.Number ?? 0,
                (await district.Store.Runs.ListAsync(null, null, 100, Token)).Count,
                (await district.Store.Configuration.LatestAsync(Token))!.Number,
                left.Length,
            ]
        );
    }
}
