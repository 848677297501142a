using Rollbook.Simulator.Districts;
using Rollbook.Simulator.Generation;

namespace Rollbook.Simulator.Scenarios;

/// <summary>
/// The new-year rollover. In parallel, next year's sessions, sections and enrollments appear beside this year's, as they do from winter on.
/// Otherwise the year turns: this year's go, students are promoted, the highest grade leaves. Sections and sessions get new ids each year.
/// </summary>
internal static class YearRollover
{
    public static void Play(Alteration a, bool parallel, int slots)
    {
        var d = a.District;
        var promotion = new Promotion(d);
        if (!parallel)
        {
            EndYear(a, promotion);
            d.SchoolYearStart = d.SchoolYearStart.AddYears(1);
        }

        var (sessions, classes, enrollments) = (d.Sessions.Count, d.Classes.Count, d.Enrollments.Count);
        var start = parallel ? d.SchoolYearStart.AddYears(1) : d.SchoolYearStart;
        var year = SchoolYear.Open(d, start, (_, _) => a.Now);
        new Timetable(d, year, slots, (_, _) => a.Now).Fill(
            Math.Max(1, d.Demographics.ActiveCount), parallel ? promotion.Next : Promotion.Stay);
        a.CreatedFrom(Kind.AcademicSessions, sessions);
        a.CreatedFrom(Kind.Classes, classes);
        a.CreatedFrom(Kind.Enrollments, enrollments);
        if (!parallel)
        {
            for (var course = 0; course < d.Courses.Count; course++)
            {
                if (d.Courses.IsActive(course))
                {
                    d.Courses[course].SchoolYear = year.Session;
                    a.Updated(Kind.Courses, course);
                }
            }
        }
    }

    private static void EndYear(Alteration a, Promotion promotion)
    {
        var d = a.District;
        foreach (var kind in (Kind[])[Kind.Enrollments, Kind.Classes, Kind.AcademicSessions])
        {
            for (var row = 0; row < d.Table(kind).Count; row++)
            {
                a.Remove(kind, row);
            }
        }

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
    }
}
