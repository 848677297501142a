using Rollbook.Host.Commands;
using Rollbook.Model;
using Rollbook.Simulator;
using Kind = Rollbook.Model.Kind;

namespace Rollbook.Host.Tests.Imports;

/// <summary>The app for any SIS: what is published is what the SIS has, whichever version it speaks and however one signs in.</summary>
public sealed class OneRosterVersionTests
{
    /// <summary>What only OneRoster 1.2 says of people, and how it words roles.</summary>
    private static readonly string[] OnlyIn12 = ["preferredGivenName", "preferredMiddleName", "preferredFamilyName", "pronouns", "role"];

    [Theory]
    [InlineData(Engine.Sqlite, Profile.Clean11, "2.0", "auto")]
    [InlineData(Engine.Sqlite, Profile.Clean11, "1.0a", "auto")]
    [InlineData(Engine.Sqlite, Profile.SynergyLike, "1.0a", "1.1")]
    [InlineData(Engine.Sqlite, Profile.Hostile, "2.0", "auto")]
    [InlineData(Engine.Sqlite, Profile.Hostile, "1.0a", "auto")]
    [InlineData(Engine.Sqlite, Profile.Clean12, "2.0", "auto")]
    [InlineData(Engine.Sqlite, Profile.Clean12, "2.0", "1.2")]
    [InlineData(Engine.Postgres, Profile.Clean12, "2.0", "auto")]
    public async Task The_roster_is_the_truth_kind_by_kind(Engine engine, Profile profile, string oauth, string version)
    {
        await using var bed = await ImportBed.StartOneRosterAsync(
            engine,
            new SimulatorOptions
            {
                Students = 120,
                Seed = 4,
                Profile = profile,
            },
            ("oauth", oauth),
            ("version", version)
        );
        (await bed.ImportAsync()).State.ShouldBe("published");
        await ShouldBeTheTruthAsync(bed);
        (await bed.ImportAsync()).State.ShouldBe("unchanged");

        bed.Sis.Scenarios.NewStudent(2);
        var gone = bed.Sis.Scenarios.Withdrawal().Deleted(Simulator.Kind.Users);
        (await bed.ImportAsync()).State.ShouldBe("published");
        var roster = await ShouldBeTheTruthAsync(bed);
        gone.ShouldNotBeEmpty();
        gone.Any(id => roster.ContainsKey((Kind.Student, ImportBed.IdOf(Family.Person, id)))).ShouldBeFalse();
    }

    [Fact]
    public async Task Both_versions_of_one_district_give_the_same_roster_but_for_what_1_1_can_not_say()
    {
        var older = await RosterAsync(Profile.Clean11);
        var newer = await RosterAsync(Profile.Clean12);
        newer.Keys.ShouldBe(older.Keys, ignoreOrder: true);
        var more = 0;
        foreach (var (key, row) in older)
        {
            foreach (var attribute in Rollbook.Model.Kinds.Of(key.Kind).Attributes.Select(attribute => attribute.Name))
            {
                var (before, after) = (row[attribute], newer[key][attribute]);
                if (OnlyIn12.Contains(attribute, StringComparer.Ordinal))
                {
                    more += Equals(before, after) ? 0 : 1;
                }
                else if (before is System.Collections.IEnumerable and not string)
                {
                    // The order of schools beyond the primary one is the source's.
                    ((System.Collections.IEnumerable)after!)
                        .Cast<object>()
                        .ShouldBe(((System.Collections.IEnumerable)before).Cast<object>(), ignoreOrder: true, $"{key.Kind} {attribute}");
                }
                else
                {
                    after.ShouldBe(before, $"{key.Kind} {attribute}");
                }
            }
        }

        more.ShouldBeGreaterThan(50);
        newer.ShouldContain(record => record.Key.Kind == Kind.Admin && Equals(record.Value["role"], "siteadministrator"));
        newer.ShouldContain(record => record.Key.Kind == Kind.Student && record.Value["preferredGivenName"] != null);
    }

    private static async Task<IReadOnlyDictionary<(Kind Kind, RollbookId Id), Row>> RosterAsync(Profile profile)
    {
        await using var bed = await ImportBed.StartOneRosterAsync(
            Engine.Sqlite,
            new SimulatorOptions
            {
                Students = 150,
                Seed = 5,
                Profile = profile,
            }
        );
        (await bed.ImportAsync()).State.ShouldBe("published");
        return await bed.RosterAsync();
    }

    private static async Task<IReadOnlyDictionary<(Kind Kind, RollbookId Id), Row>> ShouldBeTheTruthAsync(ImportBed bed)
    {
        var roster = await bed.RosterAsync();
        var counts = roster.GroupBy(record => record.Key.Kind).ToDictionary(kind => kind.Key, kind => (long)kind.Count());
        foreach (var (kind, count) in SimulatedTruth.ByKind(bed.Sis.GetTruth()))
        {
            counts.GetValueOrDefault(kind).ShouldBe(count, $"{kind}");
        }

        return roster;
    }
}
