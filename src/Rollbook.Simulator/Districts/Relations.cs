namespace Rollbook.Simulator.Districts;

/// <summary>Which active records belong to which, found by walking the small tables.</summary>
internal static class Relations
{
    /// <summary>The district's schools.</summary>
    public static List<int> Schools(this District district) => [.. Enumerable.Range(1, district.Orgs.Count - 1).Where(district.Orgs.IsActive)];

    /// <summary>The sessions a session is the parent of.</summary>
    public static List<int> ChildSessions(this District district, int session)
    {
        var children = new List<int>();
        if (district.Sessions[session].Type == SessionType.GradingPeriod)
        {
            return children;
        }

        // A year's sessions stand together, a school's terms before their grading periods.
        var limit =
            district.Sessions[session].Type == SessionType.SchoolYear ? district.Sessions.Count : Math.Min(district.Sessions.Count, session + 8);
        for (var row = session + 1; row < limit; row++)
        {
            if (district.Sessions[row].Parent == session && district.Sessions.IsActive(row))
            {
                children.Add(row);
            }
        }

        return children;
    }
}
