using Rollbook.Simulator.Districts;
using Rollbook.Simulator.Generation;

namespace Rollbook.Simulator.Scenarios;

/// <summary>
/// The new-year rollover. In parallel, next year's sessions, sections and enrollments appear beside this year's, as they do from winter on.
/// Otherwise the year turns: this year's go, students are promoted, the highest grade leaves. Sections and sessions get new ids each year.
/// What a rollover in parallel made before is kept when the year turns.
/// </summary>
internal static class YearRollover
{
    public static void Play(Alteration a, bool parallel, int slots)
    {
        var d = a.District;
        var promotion = new Promotion(d);
        var next = d.SchoolYearStart.AddYears(1);
        if (!parallel)
        {
            EndYear(a, promotion, (short)(next.Year + 1));
            d.SchoolYearStart = next;
        }

        var session = FindYear(d, (short)(next.Year + 1)) ?? OpenYear(a, next, slots, parallel ? promotion.Next : Promotion.Stay);
        for (var course = 0; course < d.Courses.Count && !parallel; course++)
        {
            if (d.Courses.IsActive(course))
            {
                d.Courses[course].SchoolYear = session;
                a.Updated(Kind.Courses, course);
            }
        }
    }

    private static int OpenYear(Alteration a, DateOnly start, int slots, Func<UserRow, (int School, sbyte Grade)?> place)
    {
        var d = a.District;
        var (sessions, classes, enrollments) = (d.Sessions.Count, d.Classes.Count, d.Enrollments.Count);
        var year = SchoolYear.Open(d, start, (_, _) => a.Now);
        new Timetable(d, year, slots, (_, _) => a.Now).Fill(Math.Max(1, d.Demographics.ActiveCount), place);
        a.CreatedFrom(Kind.AcademicSessions, sessions);
        a.CreatedFrom(Kind.Classes, classes);
        a.CreatedFrom(Kind.Enrollments, enrollments);
        return year.Session;
    }

    /// <summary>The row of the active school-year session that ends in this year, as a rollover in parallel made it.</summary>
    private static int? FindYear(District d, short year)
    {
        for (var row = 0; row < d.Sessions.Count; row++)
        {
            if (d.Sessions.IsActive(row) && d.Sessions[row].Type == SessionType.SchoolYear && d.Sessions[row].Year == year)
            {
                return row;
            }
        }

        return null;
    }

    private static void EndYear(Alteration a, Promotion promotion, short nextYear)
    {
        var d = a.District;
        RemoveWhere(a, d.Enrollments, row => YearOf(d.Enrollments[row].Class) < nextYear);
        RemoveWhere(a, d.Classes, row => YearOf(row) < nextYear);
        RemoveWhere(a, d.Sessions, row => d.Sessions[row].Year < nextYear);
        for (var user = 0; user < d.Users.Count; user++)
        {
            if (!d.Users.IsActive(user) || d.Users[user].Role != Role.Student)
            {
                continue;
            }

            if (promotion.Next(d.Users[user]) is var (school, grade))
            {
                Arrivals.Move(a, user, school, -1, grade);
            }
            else
            {
                Departures.Student(a, user, leaveOrphans: false);
            }
        }

        short YearOf(int section) => d.Sessions[d.Classes[section].FirstTerm].Year;
    }

    private static void RemoveWhere(Alteration a, Table table, Func<int, bool> goes)
    {
        for (var row = 0; row < table.Count; row++)
        {
            if (goes(row))
            {
                a.Remove(table.Kind, row);
            }
        }
    }
}
