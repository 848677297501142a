using System.Globalization;
using Rollbook.Simulator.Districts;
using Rollbook.Simulator.Generation;

namespace Rollbook.Simulator.Scenarios;

/// <summary>A school opens: students of a school of its level move to it, and leave their sections there.</summary>
internal static class SchoolOpening
{
    public static void Play(Alteration a, int beside, int students)
    {
        var d = a.District;
        var level = d.Orgs[beside].Level;
        var number = d.Orgs.Count;
        var row = d.Orgs.Add(
            new OrgRow
            {
                Type = OrgType.School,
                Level = level,
                Parent = 0,
                Name = SchoolNames.Of(number + 40, level),
                Code = number.ToString("D4", CultureInfo.InvariantCulture),
            },
            a.Now
        );
        a.Created(Kind.Orgs, row);
        a.Updated(Kind.Orgs, 0);
        var movers = Enumerable
            .Range(0, d.Users.Count)
            .Where(user => d.Users.IsActive(user) && d.Users[user].Role == Role.Student && d.Users[user].School == beside)
            .Take(students)
            .ToList();
        foreach (var user in movers)
        {
            foreach (var enrollment in d.EnrollmentsOfUser(user).ToList())
            {
                a.Remove(Kind.Enrollments, enrollment);
            }

            Arrivals.Move(a, user, row, -1, d.Users[user].Grade);
        }
    }
}
