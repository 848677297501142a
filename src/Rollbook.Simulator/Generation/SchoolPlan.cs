using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Generation;

/// <summary>A school to be opened and how many students it is for. <c>Org</c> is the row it will have.</summary>
internal sealed record PlannedSchool(int Org, SchoolLevel Level, int Students, bool Preschool);

/// <summary>How many schools of which level a number of students needs, and how they are spread over them.</summary>
internal static class SchoolPlan
{
    /// <summary>How many schools a district has at least: two elementary schools, a middle school and a high school.</summary>
    public const int Fewest = 4;

    /// <summary>Plans the schools of a district.</summary>
    /// <param name="students">Students of the district.</param>
    /// <param name="wanted">Schools of the district; null for as many as schools of common sizes make.</param>
    public static IReadOnlyList<PlannedSchool> For(int students, int? wanted = null)
    {
        var elementary = students * 46 / 100;
        var middle = students * 23 / 100;
        var schools = new List<PlannedSchool>();
        // Two elementary schools at least, so that even a tiny district has somewhere to transfer to.
        var elementarySchools = Count(elementary, 300, atLeast: 2);
        var middleSchools = Count(middle, 450, atLeast: 1);
        var highSchools = Count(students - elementary - middle, 700, atLeast: 1);
        if (wanted is { } all)
        {
            var total = elementarySchools + middleSchools + highSchools;
            middleSchools = Math.Max(1, middleSchools * all / total);
            highSchools = Math.Max(1, highSchools * all / total);
            elementarySchools = all - middleSchools - highSchools;
        }

        Spread(schools, SchoolLevel.Elementary, elementary, elementarySchools);
        Spread(schools, SchoolLevel.Middle, middle, middleSchools);
        Spread(schools, SchoolLevel.High, students - elementary - middle, highSchools);
        return schools;
    }

    private static int Count(int students, int size, int atLeast) =>
        Math.Max(atLeast, (int)Math.Round((double)students / size, MidpointRounding.AwayFromZero));

    private static void Spread(List<PlannedSchool> schools, SchoolLevel level, int students, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var share = (int)(((long)students * (i + 1) / count) - ((long)students * i / count));
            schools.Add(new PlannedSchool(schools.Count + 1, level, share, level == SchoolLevel.Elementary && i % 3 == 0));
        }
    }
}
