using Rollbook.Simulator.Rest;

namespace Rollbook.Simulator.Tokens;

/// <summary>The OneRoster 1.1 scopes, and which of them a read needs.</summary>
internal static class Scopes
{
    private const string Prefix = "https://purl.imsglobal.org/spec/or/v1p1/scope/";
    private const string Core = Prefix + "roster-core.readonly";
    private const string Roster = Prefix + "roster.readonly";
    private const string Demographics = Prefix + "roster-demographics.readonly";

    /// <summary>What a client gets that asks for none: the rostering scopes.</summary>
    public static IReadOnlyList<string> Granted { get; } = [Core, Roster, Demographics];

    /// <summary>Every scope that may be asked for.</summary>
    public static IReadOnlyList<string> Known { get; } =
    [.. Granted, Prefix + "resource.readonly", Prefix + "gradebook.readonly", Prefix + "gradebook.createput", Prefix + "gradebook.delete"];

    public static bool Allow(IReadOnlySet<string> scopes, Operation operation)
    {
        if (operation.Kind == Kind.Demographics)
        {
            return scopes.Contains(Demographics);
        }

        return scopes.Contains(Roster) || (operation.Related is null && scopes.Contains(Core));
    }
}
