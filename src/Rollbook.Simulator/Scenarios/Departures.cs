using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Scenarios;

/// <summary>How people, sections and schools leave, with all that leaves with them.</summary>
internal static class Departures
{
    /// <summary>A student goes: enrollments (unless left as orphans), demographics, and guardians nobody else has.</summary>
    public static void Student(Alteration a, int student, bool leaveOrphans)
    {
        var d = a.District;
        if (!leaveOrphans)
        {
            Enrollments(a, d.EnrollmentsOfUser(student));
        }

        if (d.Users[student].Demographics is >= 0 and var demographics)
        {
            a.Remove(Kind.Demographics, demographics);
        }

        foreach (var (link, guardian) in d.Agents.Of(student, d.Users[student]).ToList())
        {
            d.Agents.Cut(link);
            if (!d.Users.IsActive(guardian))
            {
                continue;
            }

            if (d.AgentsOf(guardian).Any())
            {
                a.Updated(Kind.Users, guardian);
            }
            else
            {
                a.Remove(Kind.Users, guardian);
            }
        }

        a.Remove(Kind.Users, student);
    }

    /// <summary>A guardian goes; the students' agents no longer name them.</summary>
    public static void Guardian(Alteration a, int guardian)
    {
        foreach (var (link, student) in a.District.Agents.Of(guardian, a.District.Users[guardian]).ToList())
        {
            a.District.Agents.Cut(link);
            a.Updated(Kind.Users, student);
        }

        a.Remove(Kind.Users, guardian);
    }

    /// <summary>A member of staff goes, with their enrollments unless those are left as orphans.</summary>
    public static void StaffMember(Alteration a, int user, bool leaveOrphans)
    {
        if (!leaveOrphans)
        {
            Enrollments(a, a.District.EnrollmentsOfUser(user));
        }

        a.Remove(Kind.Users, user);
    }

    /// <summary>A section goes, with its enrollments unless those are left as orphans.</summary>
    public static void Section(Alteration a, int section, bool leaveOrphans)
    {
        if (!leaveOrphans)
        {
            Enrollments(a, a.District.EnrollmentsOfClass(section));
        }

        a.Remove(Kind.Classes, section);
    }

    private static void Enrollments(Alteration a, IEnumerable<int> enrollments)
    {
        foreach (var enrollment in enrollments)
        {
            a.Remove(Kind.Enrollments, enrollment);
        }
    }
}
