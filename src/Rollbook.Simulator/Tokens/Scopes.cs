using Rollbook.Simulator.Rest;

namespace Rollbook.Simulator.Tokens;

/// <summary>The scopes of each OneRoster version, and which of them a read needs.</summary>
internal static class Scopes
{
    private static readonly string[] Rostering = ["roster-core.readonly", "roster.readonly", "roster-demographics.readonly"];

    private static readonly string[] Others11 = ["resource.readonly", "gradebook.readonly", "gradebook.createput", "gradebook.delete"];

    private static readonly string[] Others12 =
    [
        "resource.readonly",
        "resource-core.readonly",
        "gradebook.readonly",
        "gradebook-core.readonly",
        "gradebook.createput",
        "gradebook.createpost",
        "gradebook.delete",
        "assessment.readonly",
        "assessment.createput",
        "assessment.delete",
    ];

    /// <summary>What a client gets that asks for none: the rostering scopes.</summary>
    public static IReadOnlyList<string> Granted(OneRosterVersion version) => [.. Rostering.Select(name => Name(version, name))];

    /// <summary>Whether a scope may be asked for.</summary>
    public static bool IsKnown(OneRosterVersion version, string scope) =>
        Rostering
            .Concat(version is OneRosterVersion.V12 ? Others12 : Others11)
            .Any(name => Name(version, name).Equals(scope, StringComparison.Ordinal));

    public static bool Allow(IReadOnlySet<string> scopes, OneRosterVersion version, Operation operation)
    {
        if (operation.Kind == Kind.Demographics)
        {
            return scopes.Contains(Name(version, "roster-demographics.readonly"));
        }

        return scopes.Contains(Name(version, "roster.readonly"))
            || (operation.Related is null && scopes.Contains(Name(version, "roster-core.readonly")));
    }

    private static string Name(OneRosterVersion version, string name) =>
        $"https://purl.imsglobal.org/spec/or/{(version is OneRosterVersion.V12 ? "v1p2" : "v1p1")}/scope/{name}";
}
