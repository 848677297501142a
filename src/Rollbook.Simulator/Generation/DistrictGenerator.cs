using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Generation;

/// <summary>Makes a district from options, step by step: schools, calendar, courses, staff, students and their households, timetable, movements.</summary>
internal static class DistrictGenerator
{
    public static District Generate(SimulatorOptions options)
    {
        options.Validate();
        var start = options.SchoolYearStart ?? SchoolYearBefore(options.Time);
        var district = new District(options, start);
        var stamp = new InitialStamp(district.Seed, start);
        var plan = SchoolPlan.For(options.Students, options.Schools);
        Schools.Open(district, plan, stamp);
        var year = SchoolYear.Open(district, start, stamp.Of);
        Catalogue.Write(district, year.Session, options.EnrollmentsPerStudent, stamp.Of);
        Staff.Hire(district, plan, stamp);
        Students.Admit(district, plan, stamp);
        new Timetable(district, year, options.EnrollmentsPerStudent, stamp.Of).Fill(options.Students, Promotion.Stay);
        Movements.Play(district, year, stamp);
        return district;
    }

    private static DateOnly SchoolYearBefore(TimeProvider time)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var start = new DateOnly(today.Year, 8, 10);
        return today < start ? start.AddYears(-1) : start;
    }
}
