using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.WhatIf;

/// <summary>What applying a configuration file would change.</summary>
/// <param name="District">The district's ID.</param>
/// <param name="IsNew">Whether the district is not there yet.</param>
/// <param name="Configuration">The settings that differ.</param>
/// <param name="Roster">For each app concerned, what its next import would do because of it.</param>
public sealed record ConfigurationDiff(
    string District,
    bool IsNew,
    IReadOnlyList<ConfigurationChange> Configuration,
    IReadOnlyList<RosterDiff> Roster
)
{
    /// <summary>Whether anything would change.</summary>
    public bool Any => Configuration.Count > 0;
}

/// <summary>What a configuration would change in the roster through one app.</summary>
public abstract record RosterDiff
{
    private RosterDiff(string app) => App = app;

    /// <summary>The app.</summary>
    public string App { get; }

    /// <summary>It was derived.</summary>
    public sealed record Derived(WhatIfReport Report) : RosterDiff(Report.App);

    /// <summary>It can't be told, and why; a sentence for a person.</summary>
    public sealed record Untold(string Of, string Reason) : RosterDiff(Of);
}
