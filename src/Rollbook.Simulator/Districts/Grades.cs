namespace Rollbook.Simulator.Districts;

/// <summary>The grades a generated district teaches, in CEDS Entry Grade Level codes.</summary>
internal static class Grades
{
    public const sbyte None = -1;
    public const sbyte First = 0;
    public const sbyte Last = 13;

    private static readonly string[] Codes = ["PK", "KG", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"];

    public static string Code(sbyte grade) => Codes[grade];

    /// <summary>The grade as people write it in a course title: 0 for kindergarten and before.</summary>
    public static int Number(sbyte grade) => Math.Max(0, grade - 1);

    public static (sbyte Low, sbyte High) Of(SchoolLevel level, bool preschool) =>
        level switch
        {
            SchoolLevel.Elementary => (preschool ? (sbyte)0 : (sbyte)1, 6),
            SchoolLevel.Middle => (7, 9),
            _ => (10, 13),
        };

    public static SchoolLevel LevelOf(sbyte grade) =>
        grade switch
        {
            <= 6 => SchoolLevel.Elementary,
            <= 9 => SchoolLevel.Middle,
            _ => SchoolLevel.High,
        };
}
