using Rollbook.Model;

namespace Rollbook.Sources.OneRoster;

/// <summary>Where records are read from.</summary>
/// <param name="Path">Below the API URL: <c>schools</c>.</param>
/// <param name="Key">The property that wraps the records: <c>orgs</c>.</param>
/// <param name="Filter">More of the query, from its <c>&amp;</c> on.</param>
internal sealed record Endpoint(string Path, string Key, string Filter = "");

/// <summary>The endpoints that together give a collection.</summary>
/// <param name="Parts">The endpoints, in reading order.</param>
/// <param name="IsWhole">Whether they give all of it when every one of them answers.</param>
internal sealed record EndpointPlan(IReadOnlyList<Endpoint> Parts, bool IsWhole)
{
    /// <summary>The collection's own endpoint.</summary>
    public static EndpointPlan Direct(Collection collection) =>
        new([new Endpoint(Collections.NameOf(collection), Collections.NameOf(collection))], IsWhole: true);

    /// <summary>
    /// What to read when the source does not have the collection's own endpoint (synergy-oneroster.md section 6); null when nothing else gives it.
    /// Schools are not all orgs and terms are not all sessions, so those readings never are the whole collection.
    /// </summary>
    public static EndpointPlan? Derived(Collection collection, OneRosterVersion version) =>
        collection switch
        {
            Collection.Orgs => new([new Endpoint("schools", "orgs")], IsWhole: false),
            Collection.AcademicSessions => new(
                [new Endpoint("terms", "academicSessions"), new Endpoint("gradingPeriods", "academicSessions")],
                IsWhole: false
            ),
            Collection.Users => new(
                [
                    new Endpoint("students", "users"),
                    new Endpoint("teachers", "users"),
                    .. version.FiltersOfOtherUsers().Select(filter => new Endpoint("users", "users", filter)),
                ],
                IsWhole: true
            ),
            _ => null,
        };
}
