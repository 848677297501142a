using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Generation;

/// <summary>Hires teachers (about one for 18 students), aides, proctors and administrators for each school, and two administrators for the district.</summary>
internal static class Staff
{
    public static void Hire(District district, IReadOnlyList<PlannedSchool> plan, InitialStamp stamp)
    {
        Add(Role.Administrator, 0, 2);
        foreach (var school in plan)
        {
            Add(Role.Teacher, school.Org, Math.Max(2, (school.Students + 17) / 18));
            Add(Role.Aide, school.Org, Math.Max(1, school.Students / 150));
            Add(Role.Proctor, school.Org, school.Level == SchoolLevel.Elementary ? 0 : 1 + (school.Students / 600));
            Add(Role.Administrator, school.Org, 1 + (school.Students / 500));
        }

        void Add(Role role, int school, int count)
        {
            for (var i = 0; i < count; i++)
            {
                var person = People.Make(district, role, school);
                // An itinerant teacher (music, speech) belongs to a second school too.
                if (role == Role.Teacher && i % 25 == 9)
                {
                    person.OtherSchool = school % (district.Orgs.Count - 1) + 1;
                }

                district.AddUser(person, stamp.Of(Kind.Users, district.Users.Count));
            }
        }
    }
}
