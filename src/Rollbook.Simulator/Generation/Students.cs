using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Generation;

/// <summary>
/// Admits the students, school by school and grade by grade, then gives them households: three in five households have two children of the
/// district, most have two guardians, and every student has demographics.
/// </summary>
internal static class Students
{
    public static void Admit(District district, IReadOnlyList<PlannedSchool> plan, InitialStamp stamp)
    {
        var first = district.Users.Count;
        var total = plan.Sum(school => school.Students);
        district.Users.EnsureCapacity(first + (total * 21 / 10) + 16);
        district.Demographics.EnsureCapacity(total);
        foreach (var school in plan)
        {
            var (low, high) = Grades.Of(school.Level, school.Preschool);
            for (var i = 0; i < school.Students; i++)
            {
                var student = People.Make(district, Role.Student, school.Org);
                student.Grade = (sbyte)(low + ((long)i * (high - low + 1) / school.Students));
                district.AddUser(student, stamp.Of(Kind.Users, district.Users.Count));
            }
        }

        House(district, first, total, stamp);
        for (var i = 0; i < total; i++)
        {
            district.AddDemographics(first + i, stamp.Of(Kind.Demographics, i));
        }
    }

    private static void House(District district, int first, int total, InitialStamp stamp)
    {
        // Student i and student i + households are siblings, so that siblings go to different schools, as they mostly do.
        var households = (total * 5 / 8) + 1;
        district.Agents.EnsureCapacity((total * 7 / 4) + 16);
        for (var household = 0; household < households && household < total; household++)
        {
            var family = district.Users[first + household].Family;
            for (var seat = 0; seat < (household % 4 == 3 ? 1 : 2); seat++)
            {
                var role = (household % 40 == 5, seat, household % 8 < 4) switch
                {
                    (true, 0, _) => Role.Relative,
                    (_, 0, true) => Role.Guardian,
                    _ => Role.Parent,
                };
                var guardian = People.Make(district, role, -1);
                guardian.Family = seat == 0 ? family : guardian.Family;
                var row = district.AddUser(guardian, stamp.Of(Kind.Users, district.Users.Count));
                for (var student = household; student < total; student += households)
                {
                    district.Users[first + student].Family = family;
                    district.Agents.Join(district, first + student, row);
                }
            }
        }
    }
}
