using Rollbook.Model;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Unite;

/// <summary>The order in which what the sources say of one record counts.</summary>
internal static class MemberOrder
{
    /// <summary>By the order of the apps, those that are no longer set up last; of one app's records those first that a person did not put behind another, then by ID.</summary>
    internal static IEnumerable<T> InOrder<T>(
        this IReadOnlyCollection<T> members,
        DistrictConfiguration configuration,
        Func<T, (string App, RollbookId Key)> sourceOf,
        Func<T, bool> isAbsorbed
    )
    {
        if (members.Count < 2)
        {
            // As of most people.
            return members;
        }

        var order = configuration.AppsInOrder.Select(app => app.Key).ToList();
        return members
            .OrderBy(member => order.IndexOf(sourceOf(member).App) is >= 0 and var place ? place : int.MaxValue)
            .ThenBy(member => sourceOf(member).App, StringComparer.Ordinal)
            .ThenBy(isAbsorbed)
            .ThenBy(member => sourceOf(member).Key);
    }
}
