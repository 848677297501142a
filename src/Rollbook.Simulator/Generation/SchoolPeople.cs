using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Generation;

/// <summary>Who is to be timetabled at one school: students by grade, teachers, proctors; user rows.</summary>
internal sealed class SchoolPeople
{
    private readonly List<int>[] students = [.. Enumerable.Range(0, Grades.Last + 1).Select(_ => new List<int>())];

    public List<int> Teachers { get; } = [];

    public List<int> Proctors { get; } = [];

    public IReadOnlyList<int> Students(sbyte grade) => students[grade];

    /// <summary>Everyone active, by the school they will be in, schools in row order.</summary>
    public static SortedDictionary<int, SchoolPeople> Gather(District district, Func<UserRow, (int School, sbyte Grade)?> place)
    {
        var schools = new SortedDictionary<int, SchoolPeople>();
        for (var user = 0; user < district.Users.Count; user++)
        {
            var person = district.Users[user];
            if (person.School <= 0 || !district.Users.IsActive(user) || place(person) is not var (school, grade) || !district.Orgs.IsActive(school))
            {
                continue;
            }

            if (!schools.TryGetValue(school, out var people))
            {
                schools[school] = people = new SchoolPeople();
            }

            var list = person.Role switch
            {
                Role.Student => people.students[grade],
                Role.Teacher => people.Teachers,
                Role.Proctor => people.Proctors,
                _ => null,
            };
            list?.Add(user);
        }

        return schools;
    }
}
