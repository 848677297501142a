using System.Globalization;
using Rollbook.Simulator.Districts;
using Rollbook.Simulator.Generation;

namespace Rollbook.Simulator.Rest;

/// <summary>What follows from a person's row: user name, numbers, mail and phone, all invented.</summary>
internal static class Persons
{
    /// <summary>Unique in the district and never an e-mail address; blank for one person in 97 where the SIS does not insist on one.</summary>
    public static string Username(District district, int row) =>
        district.Traits.BlankUsernames && row % 97 == 5 ? string.Empty : Login(district, row);

    public static IReadOnlyList<string[]> UserIds(District district, int row) =>
        district.Users[row].Role switch
        {
            Role.Student =>
            [
                ["stateID", "AZ" + SourcedIds.Number(row)[1..]],
            ],
            < Role.Guardian =>
            [
                ["badge", Badge(row)],
            ],
            _ => [],
        };

    /// <summary>A student's SIS number or a member of staff's badge number; guardians have none in most districts, here their SIS number.</summary>
    public static string Identifier(District district, int row) =>
        district.Users[row].Role switch
        {
            Role.Student or >= Role.Guardian => SourcedIds.Number(row),
            _ => Badge(row),
        };

    public static string? Email(District district, int row)
    {
        if (district.Users[row].NoEmail)
        {
            return null;
        }

        var host = district.Users[row].Role switch
        {
            Role.Student => "students.juniper-valley.example",
            >= Role.Guardian => "mail.example",
            _ => "juniper-valley.example",
        };
        return $"{Login(district, row)}@{host}";
    }

    /// <summary>Numbers of the 555-01xx range, which nobody has.</summary>
    public static string? Phone(District district, int row) =>
        district.Users[row].Role < Role.Guardian ? null : string.Create(CultureInfo.InvariantCulture, $"+1-602-555-01{row % 100:D2}");

    public static string? GraduationYear(District district, int row)
    {
        ref readonly var user = ref district.Users[row];
        return user.Role != Role.Student || user.Grade <= 6
            ? null
            : (district.SchoolYearStart.Year + 1 + Grades.Last - user.Grade).ToString(CultureInfo.InvariantCulture);
    }

    private static string Login(District district, int row)
    {
        ref readonly var user = ref district.Users[row];
        return string.Create(CultureInfo.InvariantCulture, $"{Names.GivenLogin(user.Given)}.{Names.FamilyLogin(user.Family)}.{row + 1}");
    }

    private static string Badge(int row) => string.Create(CultureInfo.InvariantCulture, $"B{row + 1:D6}");
}
