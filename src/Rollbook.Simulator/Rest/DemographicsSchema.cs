using Rollbook.Simulator.Districts;
using Rollbook.Simulator.Generation;

namespace Rollbook.Simulator.Rest;

/// <summary>Demographics: drawn anew from seed and student at every reading, so they take no memory.</summary>
internal static class DemographicsSchema
{
    private static readonly string[] Races =
    [
        "americanIndianOrAlaskaNative",
        "asian",
        "blackOrAfricanAmerican",
        "nativeHawaiianOrOtherPacificIslander",
        "white",
    ];

    private static readonly string[] Towns = ["Copper Mesa", "Juniper Wells", "San Marcial", "Otter Falls", "Quartz Hill"];

    public static Schema Make() =>
        new(
            Kind.Demographics,
            [
                new DateField("birthDate", BirthDate),
                new WordField("sex", ["male", "female"], (d, row) => (int)(Draw(d, row) & 1)),
                .. Races.Select((race, place) => new FlagField(race, (d, row) => (RaceBits(d, row) & (1UL << place)) != 0)),
                new FlagField("demographicRaceTwoOrMoreRaces", (d, row) => ulong.PopCount(RaceBits(d, row)) > 1),
                new FlagField("hispanicOrLatinoEthnicity", (d, row) => (Draw(d, row) >> 20) % 4 == 0),
                new TextField("countryOfBirthCode", (d, row) => (Draw(d, row) >> 24) % 12 == 0 ? "MX" : "US"),
                new TextField("stateOfBirthAbbreviation", (d, row) => (Draw(d, row) >> 24) % 12 == 0 ? null : "AZ"),
                new TextField("cityOfBirth", (d, row) => Towns[(Draw(d, row) >> 32) % (ulong)Towns.Length]),
                new TextField("publicSchoolResidenceStatus", (d, row) => (Draw(d, row) >> 40) % 30 == 0 ? "01653" : "01652"),
            ]
        );

    private static ulong Draw(District district, int row) => Dice.For(district.Seed, Throw.Demographics, district.Demographics[row].User).Next();

    /// <summary>One race, or for one student in eight two; one in fifteen states none.</summary>
    private static ulong RaceBits(District district, int row)
    {
        var draw = Draw(district, row);
        var first = 1UL << (int)((draw >> 4) % (ulong)Races.Length);
        var second = (draw >> 8) % 8 == 0 ? 1UL << (int)((draw >> 12) % (ulong)Races.Length) : 0;
        return (draw >> 16) % 15 == 0 ? 0 : first | second;
    }

    private static Day BirthDate(District district, int row)
    {
        // Kindergarten begins at five; the generated year of birth does not move when a student is promoted, because the cohort does not.
        var grade = Math.Max((sbyte)0, district.Users[district.Demographics[row].User].Grade);
        var born = district.SchoolYearStart.Year - 4 - grade;
        return Day.Of(new DateOnly(Math.Max(2000, born), 1, 2).AddDays((int)((Draw(district, row) >> 48) % 360)));
    }
}
