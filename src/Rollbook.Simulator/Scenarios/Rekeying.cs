using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Scenarios;

/// <summary>The SIS is migrated: records keep what they say but get new sourcedIds, and what refers to them reads differently.</summary>
internal static class Rekeying
{
    private static readonly Dictionary<Kind, Kind[]> ReferredToBy = new()
    {
        [Kind.Orgs] = [Kind.Orgs, Kind.AcademicSessions, Kind.Courses, Kind.Classes, Kind.Users, Kind.Enrollments],
        [Kind.AcademicSessions] = [Kind.AcademicSessions, Kind.Courses, Kind.Classes],
        [Kind.Courses] = [Kind.Classes],
        [Kind.Classes] = [Kind.Enrollments],
        [Kind.Users] = [Kind.Users, Kind.Enrollments],
        [Kind.Enrollments] = [],
        [Kind.Demographics] = [],
    };

    public static void Play(Alteration a, IReadOnlyCollection<Kind> kinds)
    {
        var moved = kinds.Contains(Kind.Users) ? kinds.Append(Kind.Demographics).Distinct() : kinds.Where(kind => kind != Kind.Demographics);
        var rekeyed = moved.OrderDescending().ToList();
        // Demographics come first, because their old ids are their users'.
        foreach (var kind in rekeyed)
        {
            ForEachActive(a.District, kind, row => a.Rekey(kind, row));
        }

        foreach (var kind in rekeyed.SelectMany(kind => ReferredToBy[kind]).Distinct().Except(rekeyed))
        {
            ForEachActive(a.District, kind, row => a.Updated(kind, row));
        }
    }

    private static void ForEachActive(District d, Kind kind, Action<int> act)
    {
        for (var row = 0; row < d.Table(kind).Count; row++)
        {
            if (d.Table(kind).IsActive(row))
            {
                act(row);
            }
        }
    }
}
