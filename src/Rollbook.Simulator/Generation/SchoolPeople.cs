using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Generation;

/// <summary>Who is to be timetabled at one school: students by grade, teachers, proctors; user rows.</summary>
internal sealed class SchoolPeople
{
    private readonly List<int>[] students = [.. Enumerable.Range(0, Grades.Last + 1).Select(_ => new List<int>())];

    public List<int> Teachers { get; } = [];

    public List<int> Proctors { get; } = [];

    public IReadOnlyList<int> Students(sbyte grade) => students[grade];

    /// <summary>Everyone active, by home school, schools in row order.</summary>
    public static SortedDictionary<int, SchoolPeople> Gather(District district)
    {
        var schools = new SortedDictionary<int, SchoolPeople>();
        for (var user = 0; user < district.Users.Count; user++)
        {
            ref readonly var person = ref district.Users[user];
            if (person.School <= 0 || !district.Users.IsActive(user) || !district.Orgs.IsActive(person.School))
            {
                continue;
            }

            if (!schools.TryGetValue(person.School, out var people))
            {
                schools[person.School] = people = new SchoolPeople();
            }

            var list = person.Role switch
            {
                Role.Student => people.students[person.Grade],
                Role.Teacher => people.Teachers,
                Role.Proctor => people.Proctors,
                _ => null,
            };
            list?.Add(user);
        }

        return schools;
    }
}
