using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Scenarios;

/// <summary>A school closes: its sessions, courses and sections go, its people move to a sister school or, without one, leave.</summary>
internal static class SchoolClosing
{
    public static void Play(Alteration a, int school)
    {
        var d = a.District;
        var sister = Arrivals.SisterSchool(d, school);
        foreach (var section in Active(d.Classes, row => d.Classes[row].School == school))
        {
            Departures.Section(a, section, leaveOrphans: false);
        }

        foreach (var course in Active(d.Courses, row => d.Courses[row].Org == school))
        {
            a.Remove(Kind.Courses, course);
        }

        foreach (var session in Active(d.Sessions, row => d.Sessions[row].School == school))
        {
            a.Remove(Kind.AcademicSessions, session);
            if (d.Sessions[d.Sessions[session].Parent].School == 0)
            {
                a.Updated(Kind.AcademicSessions, d.Sessions[session].Parent);
            }
        }

        foreach (var user in Active(d.Users, row => d.Users[row].School == school || d.Users[row].OtherSchool == school))
        {
            Rehome(a, user, school, sister);
        }

        a.Remove(Kind.Orgs, school);
        a.Updated(Kind.Orgs, 0);
    }

    private static void Rehome(Alteration a, int user, int closed, int sister)
    {
        var d = a.District;
        ref readonly var person = ref d.Users[user];
        if (person.School != closed)
        {
            Arrivals.Move(a, user, person.School, -1, person.Grade);
        }
        else if (sister > 0)
        {
            Arrivals.Move(a, user, sister, person.OtherSchool == sister || person.OtherSchool == closed ? -1 : person.OtherSchool, person.Grade);
            if (person.Role == Role.Student)
            {
                Arrivals.IntoSections(a, user);
            }
        }
        else if (person.Role == Role.Student)
        {
            Departures.Student(a, user, leaveOrphans: false);
        }
        else
        {
            Departures.StaffMember(a, user, leaveOrphans: false);
        }
    }

    private static List<int> Active(Table table, Func<int, bool> fits) =>
        [.. Enumerable.Range(0, table.Count).Where(row => table.IsActive(row) && fits(row))];
}
