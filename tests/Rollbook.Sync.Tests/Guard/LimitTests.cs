using System.Text.Json.Nodes;
using Rollbook.Model;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Tests.Derive;

namespace Rollbook.Sync.Tests.Guard;

/// <summary>Each limit and guard of sync-safety.md sections 2 and 3, one record below it and at it.</summary>
public sealed class LimitTests
{
    private static readonly AdvancedSettings Off = new() { SyncHoldThreshold = 0 };

    [Theory]
    [InlineData(300, 29, false)]
    [InlineData(300, 30, true)]
    [InlineData(100, 24, false)]
    [InlineData(100, 25, true)]
    [InlineData(1_000, 99, false)]
    [InlineData(1_000, 100, true)]
    public async Task Deletions_over_the_source_are_held_from_ten_percent_and_twenty_five_records(int pupils, int gone, bool holds)
    {
        // Ten schools, so that no school loses ten while the source loses less than a hundred, nor a fifth of more.
        var made = new Pupils(pupils, schools: 10);
        await using var district = await made.ImportedAsync();
        made.Remove(gone);
        await CheckAsync(district, holds, "delete", "source", gone, pupils);
    }

    [Theory]
    [InlineData(50, 9, false)]
    [InlineData(50, 10, true)]
    [InlineData(12, 9, false)]
    [InlineData(60, 11, false)]
    [InlineData(60, 12, true)]
    public async Task Deletions_in_one_school_are_held_from_twenty_percent_and_ten_records(int pupils, int gone, bool holds)
    {
        var made = new Pupils(pupils);
        for (var i = 0; i < 400; i++)
        {
            made.Source.Records[Collection.Orgs]["big"] = TwoSchools.Organisation("big", "Big", "school");
            made.Source.Records[Collection.Users][$"b{i:D4}"] = TwoSchools.Pupil($"b{i:D4}", "big");
        }

        await using var district = await made.ImportedAsync();
        made.Remove(gone);
        var hold = await CheckAsync(district, holds, "delete", "school", gone, pupils);
        hold?.Message.ShouldStartWith("School 0: ");
        hold?.School.ShouldBe(TwoSchools.IdOf("s0").ToString());
    }

    [Theory]
    [InlineData(74, false)]
    [InlineData(75, true)]
    public async Task Changes_are_held_from_three_quarters(int changed, bool holds)
    {
        var made = new Pupils(100);
        await using var district = await made.ImportedAsync();
        made.Each(changed, pupil => pupil["phone"] = "555");
        await CheckAsync(district, holds, "update", "source", changed, 100);
    }

    [Theory]
    [InlineData(49, false)]
    [InlineData(50, true)]
    public async Task New_records_are_held_from_half(int come, bool holds)
    {
        var made = new Pupils(100);
        await using var district = await made.ImportedAsync();
        for (var i = 0; i < come; i++)
        {
            made.Add(1_000 + i, school: 0);
        }

        await CheckAsync(district, holds, "create", "source", come, 100);
    }

    [Theory]
    [InlineData(500, 9, false)]
    [InlineData(500, 10, true)]
    [InlineData(600, 11, false)]
    [InlineData(600, 12, true)]
    public async Task The_same_people_under_other_IDs_are_held_from_two_percent_and_ten_records(int pupils, int rekeyed, bool holds)
    {
        var made = new Pupils(pupils);
        await using var district = await made.ImportedAsync();
        made.Remove(rekeyed);
        for (var i = 0; i < rekeyed; i++)
        {
            made.Add(i, school: 0, id: $"new{i}");
        }

        await CheckAsync(district, holds, "rekey", "source", rekeyed, pupils);
    }

    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    public async Task Others_under_the_same_IDs_are_re_keys(int others, bool holds)
    {
        var made = new Pupils(500);
        for (var i = 0; i < 500; i++)
        {
            Born(Pupils.IdOf(i), "2012-01-01");
        }

        await using var district = await made.ImportedAsync();
        made.Each(others, pupil => pupil["familyName"] = "Somebody Else");
        for (var i = 0; i < others; i++)
        {
            Born(Pupils.IdOf(i), "2014-02-02");
        }

        // A new name alone, or a birth date put right, makes nobody another.
        for (var i = 100; i < 120; i++)
        {
            made.Source.Records[Collection.Users][Pupils.IdOf(i)]["familyName"] = "Wed";
            Born(Pupils.IdOf(i + 20), "2012-01-02");
        }

        await CheckAsync(district, holds, "rekey", "source", others, 500);

        void Born(string id, string date) =>
            made.Source.Records[Collection.Demographics][id] = new JsonObject { ["sourcedId"] = id, ["birthDate"] = date };
    }

    [Theory]
    [InlineData(24, false)]
    [InlineData(25, true)]
    public async Task Enrollments_are_held_from_a_quarter_whatever_other_kinds_may_lose(int gone, bool holds)
    {
        var made = new Pupils(100);
        var enrollments = made.Source.Records[Collection.Enrollments];
        for (var i = 0; i < 100; i++)
        {
            enrollments[$"e{i:D3}"] = TwoSchools.Referring($"e{i:D3}", "role", ("user", Pupils.IdOf(i)), ("class", "k0"), ("school", "s0"));
        }

        await using var district = await made.ImportedAsync();
        for (var i = 0; i < gone; i++)
        {
            enrollments.Remove($"e{i:D3}");
        }

        await CheckAsync(district, holds, "delete", "source", gone, 100);
    }

    [Fact]
    public async Task A_limit_of_a_kind_takes_the_place_of_all_others_of_its_operation()
    {
        // A term that ends in one school of ten is a day like another.
        var made = new Pupils(200, schools: 10);
        var enrollments = made.Source.Records[Collection.Enrollments];
        for (var i = 0; i < 200; i++)
        {
            enrollments[$"e{i:D3}"] = TwoSchools.Referring(
                $"e{i:D3}",
                "role",
                ("user", Pupils.IdOf(i)),
                ("class", $"k{i % 10}"),
                ("school", $"s{i % 10}")
            );
        }

        await using var district = await made.ImportedAsync();
        for (var i = 0; i < 200; i += 10)
        {
            enrollments.Remove($"e{i:D3}");
        }

        (await district.ImportOnceAsync()).State.ShouldBe("published");
    }

    [Fact]
    public async Task Of_more_limits_than_anybody_reads_the_number_is_told_and_guards_come_first()
    {
        var made = new Pupils(1_200, schools: 120);
        made.Source.Records[Collection.Users]["boss"] = TwoSchools.Pupil("boss", "s0");
        made.Source.Records[Collection.Users]["boss"]["role"] = "administrator";
        made.Source.Records[Collection.Users]["chief"] = TwoSchools.Pupil("chief", "s0");
        made.Source.Records[Collection.Users]["chief"]["role"] = "administrator";
        await using var district = await made.ImportedAsync(Off with { Limits = [new SyncLimit(Operation.Delete, LimitScope.School) { Count = 1 }] });
        made.Remove(115);
        made.Source.Records[Collection.Users].Remove("chief");
        var holds = RunReport.FromJson((await district.ImportOnceAsync()).Report).Holds;
        holds.Count.ShouldBe(101);
        holds[0].Limit.ShouldBe("protected");
        holds[^1].Message.ShouldContain("reached like this");
    }

    [Fact]
    public async Task The_threshold_is_the_limit_of_deletions_and_off_switches_percentages_off()
    {
        var made = new Pupils(1_000, schools: 10);
        await using var district = await made.ImportedAsync(new AdvancedSettings { SyncHoldThreshold = 5 });
        made.Remove(50);
        await CheckAsync(district, holds: true, "delete", "source", 50, 1_000);

        await Pupils.ConfigureAsync(district, Off);
        (await district.ImportOnceAsync()).State.ShouldBe("published");
        for (var i = 50; i < 900; i++)
        {
            made.Source.Records[Collection.Users].Remove(Pupils.IdOf(i));
        }

        (await district.ImportOnceAsync()).State.ShouldBe("published");
    }

    [Theory]
    [InlineData(2, 100, false)]
    [InlineData(3, 100, true)]
    [InlineData(3, 200, false)]
    public async Task A_table_of_limits_takes_the_place_of_the_shipped_one(int come, int leastPopulation, bool holds)
    {
        var made = new Pupils(150);
        await using var district = await made.ImportedAsync(
            new AdvancedSettings
            {
                Limits =
                [
                    new SyncLimit(Operation.Create, LimitScope.School)
                    {
                        Kind = "student",
                        Percent = 2,
                        LeastPopulation = leastPopulation,
                    },
                ],
            }
        );
        for (var i = 0; i < come; i++)
        {
            made.Add(1_000 + i, school: 0);
        }

        await CheckAsync(district, holds, "create", "school", come, 150);
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, true)]
    public async Task A_count_holds_whatever_the_percentage_and_with_percentages_off(int gone, bool holds)
    {
        var made = new Pupils(1_000);
        await using var district = await made.ImportedAsync(
            Off with
            {
                Limits = [new SyncLimit(Operation.Delete, LimitScope.Source) { Percent = 1, Count = 5 }],
            }
        );
        made.Remove(gone);
        await CheckAsync(district, holds, "delete", "source", gone, 1_000);
    }

    [Fact]
    public async Task A_percentage_holds_below_the_count_of_the_same_limit()
    {
        var made = new Pupils(100);
        await using var district = await made.ImportedAsync(
            new AdvancedSettings
            {
                Limits =
                [
                    new SyncLimit(Operation.Delete, LimitScope.School)
                    {
                        Percent = 20,
                        Count = 500,
                        LeastRecords = 10,
                    },
                ],
            }
        );
        made.Remove(60);
        await CheckAsync(district, holds: true, "delete", "school", 60, 100);
    }

    [Theory]
    [InlineData(29, false)]
    [InlineData(30, true)]
    public async Task People_whom_another_source_has_too_are_deletions_to_the_source_that_loses_them(int gone, bool holds)
    {
        var made = new Pupils(300, schools: 10);
        var other = new ScriptedSource(new Random(2)) { Type = "other" };
        foreach (var (id, record) in made.Source.Records[Collection.Orgs])
        {
            other.Records[Collection.Orgs][id] = (JsonObject)record.DeepClone();
        }

        foreach (var (id, record) in made.Source.Records[Collection.Users])
        {
            other.Records[Collection.Users][id] = (JsonObject)record.DeepClone();
        }

        await using var district = await TestDistrict.StartAsync([made.Source, other]);
        var shared = new AdvancedSettings { MultipleDataSources = true, CompareByDomainsOfUniqueness = true };
        await district.ConfigureAsync(
            new Dictionary<string, AppConfiguration>
            {
                [TestDistrict.App] = new() { Type = "scripted", Advanced = shared },
                ["other"] = new() { Type = "other", Advanced = shared },
            }
        );
        await district.ImportAsync();
        await district.ImportAsync("other");
        (await district.ImportAsync()).State.ShouldBe("unchanged");
        (await TwoSchools.RowsAsync(district, Kind.Student)).ShouldAllBe(pupil => ((IEnumerable<string>)pupil["sources"]!).Count() == 2);

        made.Remove(gone);
        var hold = await CheckAsync(district, holds, "delete", "source", gone, 300);
        hold?.Message.ShouldEndWith($"{gone} of them stay in the roster for another source, as changed records.");
    }

    [Fact]
    public async Task Guards_hold_though_every_limit_is_off()
    {
        var made = new Pupils(3, schools: 2);
        foreach (var id in new[] { "boss", "chief" })
        {
            made.Source.Records[Collection.Users][id] = TwoSchools.Pupil(id, "s0");
            made.Source.Records[Collection.Users][id]["role"] = "administrator";
        }

        await using var district = await made.ImportedAsync(Off);
        made.Source.Records[Collection.Users].Remove("chief");
        (await HeldAsync(district)).ShouldBe([("protected", Kind.Admin)]);

        made.Source.Records[Collection.Users].Remove("boss");
        (await HeldAsync(district)).ShouldBe([("empty", Kind.Admin)]);

        made.Source.Records[Collection.Orgs].Remove("s1");
        var run = await district.ImportOnceAsync();
        var holds = RunReport.FromJson(run.Report).Holds;
        holds.Select(hold => (hold.Limit, hold.Kind)).ShouldBe([("empty", Kind.Admin), ("school", Kind.School)], ignoreOrder: true);
        holds.ShouldContain(hold => hold.Message.Contains("School 1", StringComparison.Ordinal));

        // Accepted once, they are what is so now.
        (await district.AcceptAsync(run)).State.ShouldBe("published");
        (await district.ImportOnceAsync()).State.ShouldBe("unchanged");
    }

    [Fact]
    public async Task A_first_import_is_held_by_nothing()
    {
        await using var district = await new Pupils(200).ImportedAsync();
        (await district.ImportOnceAsync()).State.ShouldBe("unchanged");
    }

    private static async Task<List<(string Limit, Kind Kind)>> HeldAsync(TestDistrict district)
    {
        var run = await district.ImportOnceAsync();
        run.State.ShouldBe("held");
        return [.. RunReport.FromJson(run.Report).Holds.Select(hold => (hold.Limit, hold.Kind))];
    }

    /// <summary>The next import is held by one limit with these figures, or published.</summary>
    private static async Task<RunHold?> CheckAsync(TestDistrict district, bool holds, string limit, string scope, long count, long population)
    {
        var before = await district.RosterAsync();
        var run = await district.ImportOnceAsync();
        var report = RunReport.FromJson(run.Report);
        run.State.ShouldBe(holds ? "held" : "published");
        if (!holds)
        {
            report.Holds.ShouldBeEmpty();
            return null;
        }

        (await district.RosterAsync()).ShouldBe(before, ignoreOrder: true);
        var hold = report.Holds.First(hold => hold.Limit == limit && hold.Scope == scope);
        (hold.Count, hold.Base).ShouldBe((count, population));
        hold.Message.ShouldContain(count.ToString("N0", System.Globalization.CultureInfo.InvariantCulture));
        return hold;
    }
}
