using System.Globalization;
using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Generation;

/// <summary>
/// The courses: one of the district for every grade and slot of the day, in row order, then one of each secondary school
/// (a local elective), which some sections of the last slot follow.
/// </summary>
internal static class Catalogue
{
    public static void Write(District district, int schoolYear, int slots, Func<Kind, int, long> stamp)
    {
        for (var grade = Grades.First; grade <= Grades.Last; grade++)
        {
            for (var slot = 0; slot < slots; slot++)
            {
                var subject = Subject.ForSlot(Grades.LevelOf(grade) == SchoolLevel.Elementary, slot);
                Add(0, subject, grade, Title(Subject.All[subject].Name, grade), Code(Subject.All[subject].Letters, grade, slot));
            }
        }

        for (var school = 1; school < district.Orgs.Count; school++)
        {
            if (district.Orgs[school].Level is SchoolLevel.Middle or SchoolLevel.High)
            {
                var subject = Subject.ForSlot(elementary: false, 11);
                Add(school, subject, Grades.None, "Advisory: " + district.Orgs[school].Name, "ADV-" + district.Orgs[school].Code);
            }
        }

        void Add(int org, byte subject, sbyte grade, string title, string code) =>
            district.Courses.Add(
                new CourseRow
                {
                    Org = org,
                    SchoolYear = schoolYear,
                    Subject = subject,
                    Grade = grade,
                    Title = title,
                    Code = code,
                },
                stamp(Kind.Courses, district.Courses.Count)
            );
    }

    /// <summary>The row of the district's course for a grade and slot.</summary>
    public static int CourseOf(sbyte grade, int slot, int slots) => (grade * slots) + slot;

    private static string Title(string subject, sbyte grade) =>
        grade switch
        {
            0 => subject + ", Preschool",
            1 => subject + ", Kindergarten",
            _ => string.Create(CultureInfo.InvariantCulture, $"{subject} {Grades.Number(grade)}"),
        };

    private static string Code(string letters, sbyte grade, int slot) =>
        string.Create(CultureInfo.InvariantCulture, $"{letters}{(grade * 20) + slot + 1:D3}");
}
