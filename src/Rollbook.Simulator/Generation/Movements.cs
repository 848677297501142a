using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Generation;

/// <summary>
/// What makes real rosters untidy: of the secondary students, one in 50 also attends a second school, one in 60 came from another school
/// this year, and one in 70 left and came back, so that two enrollments have the same student and class.
/// </summary>
internal static class Movements
{
    public static void Play(District district, SchoolYear year, InitialStamp stamp)
    {
        var homes = FirstClasses(district);
        for (var user = 0; user < district.Users.Count; user++)
        {
            if (district.Users[user].Role != Role.Student || district.Users[user].Grade <= 6)
            {
                continue;
            }

            var school = district.Users[user].School;
            var other = OtherSchool(district, homes, school);
            if (user % 50 == 7 && other > 0)
            {
                district.Users[user].OtherSchool = other;
                Add(user, homes[other], year.Start, year.End);
            }
            else if (user % 60 == 11 && other > 0)
            {
                Add(user, homes[other], year.Start, year.Start.Plus(30));
                foreach (var enrollment in district.EnrollmentsOfUser(user).Skip(1))
                {
                    Begin(enrollment, 30);
                }
            }
            else if (user % 70 == 13)
            {
                var enrollment = district.EnrollmentsOfUser(user).Last();
                Begin(enrollment, 40);
                Add(user, district.Enrollments[enrollment].Class, year.Start, year.Start.Plus(20));
            }
        }

        void Add(int user, int section, Day begin, Day end) =>
            district.Enroll(
                new EnrollmentRow
                {
                    User = user,
                    Class = section,
                    Role = Role.Student,
                    Begin = begin,
                    End = end,
                },
                stamp.Of(Kind.Enrollments, district.Enrollments.Count)
            );

        void Begin(int enrollment, int daysLater)
        {
            ref var row = ref district.Enrollments[enrollment];
            if (row.Begin == year.Start)
            {
                row.Begin = year.Start.Plus(daysLater);
            }
        }
    }

    private static Dictionary<int, int> FirstClasses(District district)
    {
        var first = new Dictionary<int, int>();
        for (var section = 0; section < district.Classes.Count; section++)
        {
            first.TryAdd(district.Classes[section].School, section);
        }

        return first;
    }

    /// <summary>A neighbouring school of the same level, else of the other secondary level; 0 for none.</summary>
    private static int OtherSchool(District district, Dictionary<int, int> homes, int school)
    {
        foreach (var near in (ReadOnlySpan<int>)[school + 1, school - 1])
        {
            if (homes.ContainsKey(near) && district.Orgs[near].Level != SchoolLevel.Elementary)
            {
                return near;
            }
        }

        return 0;
    }
}
