using Rollbook.Simulator.Districts;
using Rollbook.Simulator.Generation;

namespace Rollbook.Simulator.Scenarios;

/// <summary>How students come to a school, and what changes for their guardians when they do.</summary>
internal static class Arrivals
{
    /// <summary>A new student with demographics, one guardian and a place in a section of each course of the grade.</summary>
    public static int Student(Alteration a, int school, sbyte grade)
    {
        var d = a.District;
        var person = People.Make(d, Role.Student, school);
        person.Grade = grade;
        var student = a.Created(Kind.Users, d.AddUser(person, a.Now));
        var guardian = People.Make(d, Role.Guardian, -1);
        guardian.Family = person.Family;
        d.Agents.Join(d, student, a.Created(Kind.Users, d.AddUser(guardian, a.Now)));
        a.Created(Kind.Demographics, d.AddDemographics(student, a.Now));
        IntoSections(a, student);
        return student;
    }

    /// <summary>Enrolls a student in one section of each course their school teaches in their grade.</summary>
    public static void IntoSections(Alteration a, int student)
    {
        var d = a.District;
        var (school, grade) = (d.Users[student].School, d.Users[student].Grade);
        var offered = Enumerable
            .Range(0, d.Classes.Count)
            .Where(section => d.Classes[section].School == school && d.Classes[section].Grade == grade && d.Classes.IsActive(section))
            .GroupBy(section => d.Classes[section].Period)
            .ToList();
        foreach (var period in offered)
        {
            var sections = period.ToList();
            a.Enroll(student, sections[student % sections.Count], Role.Student);
        }
    }

    /// <summary>Changes where a student belongs, and says of guardians whose orgs follow that they read differently now.</summary>
    public static void Move(Alteration a, int student, int school, int otherSchool, sbyte grade)
    {
        var d = a.District;
        var guardians = d.AgentsOf(student).ToList();
        var before = guardians.ConvertAll(d.OrgsOf);
        ref var row = ref d.Users[student];
        (row.School, row.OtherSchool, row.Grade) = (school, otherSchool, grade);
        a.Updated(Kind.Users, student);
        for (var i = 0; i < guardians.Count; i++)
        {
            if (!before[i].SequenceEqual(d.OrgsOf(guardians[i])))
            {
                a.Updated(Kind.Users, guardians[i]);
            }
        }
    }

    /// <summary>The next active school of the same level; −1 if there is none.</summary>
    public static int SisterSchool(District d, int school)
    {
        for (var step = 1; step < d.Orgs.Count; step++)
        {
            var candidate = ((school + step - 1) % (d.Orgs.Count - 1)) + 1;
            if (candidate != school && d.Orgs.IsActive(candidate) && d.Orgs[candidate].Level == d.Orgs[school].Level)
            {
                return candidate;
            }
        }

        return -1;
    }
}
