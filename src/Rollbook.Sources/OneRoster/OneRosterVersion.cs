namespace Rollbook.Sources.OneRoster;

/// <summary>A version of OneRoster's REST binding.</summary>
public enum OneRosterVersion
{
    /// <summary>1.1, which most servers speak.</summary>
    V11,

    /// <summary>1.2.</summary>
    V12,
}

/// <summary>What differs between the versions before a record is read (synergy-oneroster.md sections 2 and 3).</summary>
internal static class OneRosterVersions
{
    private static readonly string[] Roles11 = ["administrator", "aide", "guardian", "parent", "proctor", "relative"];

    private static readonly string[] Roles12 =
    [
        "aide",
        "counselor",
        "districtAdministrator",
        "guardian",
        "parent",
        "principal",
        "proctor",
        "relative",
        "siteAdministrator",
        "systemAdministrator",
    ];

    /// <summary>As people write it: <c>1.2</c>.</summary>
    public static string Name(this OneRosterVersion version) => version is OneRosterVersion.V12 ? "1.2" : "1.1";

    /// <summary>The path of the rostering service below the site or its folder.</summary>
    public static string Path(this OneRosterVersion version) =>
        version is OneRosterVersion.V12 ? "/ims/oneroster/rostering/v1p2" : "/ims/oneroster/v1p1";

    /// <summary>What the names of the scopes begin with.</summary>
    public static string Scopes(this OneRosterVersion version) =>
        $"https://purl.imsglobal.org/spec/or/{(version is OneRosterVersion.V12 ? "v1p2" : "v1p1")}/scope/";

    /// <summary>The filters that give the users whom <c>students</c> and <c>teachers</c> do not.</summary>
    public static IEnumerable<string> FiltersOfOtherUsers(this OneRosterVersion version) =>
        version is OneRosterVersion.V12
            ? Roles12.Select(role => $"&filter=roles.role%3D%27{role}%27")
            : Roles11.Select(role => $"&filter=role%3D%27{role}%27");
}
