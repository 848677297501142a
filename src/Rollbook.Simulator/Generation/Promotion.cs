using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Generation;

/// <summary>Where a student will be next year: a grade higher, and after the highest grade of a level in the school its school feeds.</summary>
internal sealed class Promotion
{
    private readonly District district;
    private readonly List<int>[] schools;

    public Promotion(District district)
    {
        this.district = district;
        schools =
        [
            .. Enum.GetValues<SchoolLevel>().Select(level => district.Schools().Where(school => district.Orgs[school].Level == level).ToList()),
        ];
    }

    /// <summary>School and grade of next year; null for those who have finished.</summary>
    public (int School, sbyte Grade)? Next(UserRow user)
    {
        if (user.Role != Role.Student)
        {
            return (user.School, user.Grade);
        }

        var (level, grade) = (Grades.LevelOf(user.Grade), (sbyte)(user.Grade + 1));
        if (grade > Grades.Last)
        {
            return null;
        }

        var (from, to) = (schools[(int)level], schools[(int)Grades.LevelOf(grade)]);
        var place = from.IndexOf(user.School);
        return Grades.LevelOf(grade) == level || place < 0 || to.Count == 0 ? (user.School, grade) : (to[place * to.Count / from.Count], grade);
    }

    /// <summary>School and grade of this year.</summary>
    public static (int School, sbyte Grade)? Stay(UserRow user) => (user.School, user.Grade);
}
