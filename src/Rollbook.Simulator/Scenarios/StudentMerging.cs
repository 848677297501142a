using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Scenarios;

/// <summary>Two records of one student are merged: the duplicate vanishes, its enrollments and guardians become the survivor's.</summary>
internal static class StudentMerging
{
    public static void Play(Alteration a, int survivor, int duplicate)
    {
        var d = a.District;
        foreach (var enrollment in d.EnrollmentsOfUser(duplicate).ToList())
        {
            a.Updated(Kind.Enrollments, enrollment);
        }

        d.MoveEnrollments(duplicate, survivor);
        foreach (var (link, guardian) in d.Agents.Of(duplicate, d.Users[duplicate]).ToList())
        {
            d.Agents.Cut(link);
            a.Updated(Kind.Users, guardian);
            if (!d.AgentsOf(survivor).Contains(guardian))
            {
                d.Agents.Join(d, survivor, guardian);
                a.Updated(Kind.Users, survivor);
            }
        }

        Departures.Student(a, duplicate, leaveOrphans: false);
    }
}
