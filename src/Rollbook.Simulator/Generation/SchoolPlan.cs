using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Generation;

/// <summary>A school to be opened and how many students it is for. <c>Org</c> is the row it will have.</summary>
internal sealed record PlannedSchool(int Org, SchoolLevel Level, int Students, bool Preschool);

/// <summary>How many schools of which level a number of students needs, and how they are spread over them.</summary>
internal static class SchoolPlan
{
    public static IReadOnlyList<PlannedSchool> For(int students)
    {
        var elementary = students * 46 / 100;
        var middle = students * 23 / 100;
        var schools = new List<PlannedSchool>();
        // Two elementary schools at least, so that even a tiny district has somewhere to transfer to.
        Spread(schools, SchoolLevel.Elementary, elementary, 300, atLeast: 2);
        Spread(schools, SchoolLevel.Middle, middle, 450, atLeast: 1);
        Spread(schools, SchoolLevel.High, students - elementary - middle, 700, atLeast: 1);
        return schools;
    }

    private static void Spread(List<PlannedSchool> schools, SchoolLevel level, int students, int size, int atLeast)
    {
        var count = Math.Max(atLeast, (int)Math.Round((double)students / size, MidpointRounding.AwayFromZero));
        for (var i = 0; i < count; i++)
        {
            var share = (int)(((long)students * (i + 1) / count) - ((long)students * i / count));
            schools.Add(new PlannedSchool(schools.Count + 1, level, share, level == SchoolLevel.Elementary && i % 3 == 0));
        }
    }
}
