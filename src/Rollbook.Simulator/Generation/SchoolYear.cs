using System.Globalization;
using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Generation;

/// <summary>
/// One school year's sessions: the district's school year, and for each school three terms (elementary) or two semesters, with their grading
/// periods as children. Every school has its own sessions of the same titles, as the SIS keeps calendars by school.
/// </summary>
internal sealed class SchoolYear
{
    private readonly Dictionary<int, (int First, int Count)> terms = [];

    private SchoolYear(int session, Day start, Day end) => (Session, Start, End) = (session, start, end);

    /// <summary>The row of the school-year session.</summary>
    public int Session { get; }

    public Day Start { get; }

    /// <summary>The day after the last.</summary>
    public Day End { get; }

    /// <summary>The neighbouring rows of a school's terms, in order of time.</summary>
    public (int First, int Count) TermsOf(int school) => terms[school];

    public static SchoolYear Open(District district, DateOnly first, Func<Kind, int, long> stamp)
    {
        var (start, end) = (Day.Of(first), Day.Of(first.AddDays(300)));
        var year = (short)(first.Year + 1);
        var title = string.Create(CultureInfo.InvariantCulture, $"{first.Year}-{year}");
        var session = Add(
            new SessionRow
            {
                Type = SessionType.SchoolYear,
                School = 0,
                Parent = -1,
                Title = title,
                Start = start,
                End = end,
                Year = year,
            }
        );
        var result = new SchoolYear(session, start, end);
        for (var school = 1; school < district.Orgs.Count; school++)
        {
            if (district.Orgs.IsActive(school))
            {
                var elementary = district.Orgs[school].Level == SchoolLevel.Elementary;
                var count = elementary ? 3 : 2;
                var firstTerm = district.Sessions.Count;
                for (var i = 0; i < count; i++)
                {
                    Add(Part(elementary ? SessionType.Term : SessionType.Semester, elementary ? "Trimester" : "Semester", school, session, i, count));
                }

                var periods = elementary ? 3 : 4;
                for (var i = 0; i < periods; i++)
                {
                    var parent = firstTerm + (i * count / periods);
                    Add(Part(SessionType.GradingPeriod, elementary ? "Report Card" : "Quarter", school, parent, i, periods));
                }

                result.terms[school] = (firstTerm, count);
            }
        }

        return result;

        SessionRow Part(SessionType type, string word, int school, int parent, int index, int count) =>
            new()
            {
                Type = type,
                School = school,
                Parent = parent,
                Title = string.Create(CultureInfo.InvariantCulture, $"{word} {index + 1}"),
                Start = start.Plus((end.Number - start.Number) * index / count),
                End = start.Plus((end.Number - start.Number) * (index + 1) / count),
                Year = year,
            };

        int Add(SessionRow row) => district.Sessions.Add(row, stamp(Kind.AcademicSessions, district.Sessions.Count));
    }
}
