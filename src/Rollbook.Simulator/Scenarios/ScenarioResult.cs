namespace Rollbook.Simulator;

/// <summary>What a scenario did to the records of one collection, by sourcedId. A re-keyed record counts as deleted and created.</summary>
public sealed record Effects(IReadOnlyList<string> Created, IReadOnlyList<string> Updated, IReadOnlyList<string> Deleted)
{
    /// <summary>Nothing was done.</summary>
    public static Effects None { get; } = new([], [], []);
}

/// <summary>
/// Exactly what a scenario did: for each collection it touched (orgs, academicSessions, courses, classes, users, enrollments, demographics)
/// the records that came, that read differently now, and that went. A record in no list reads as before, to the byte.
/// </summary>
public sealed record ScenarioResult(string Scenario, IReadOnlyDictionary<string, Effects> Effects)
{
    /// <summary>The effects on one collection; none if it was not touched.</summary>
    public Effects On(Kind kind) => Effects.GetValueOrDefault(kind.CollectionName(), Simulator.Effects.None);

    /// <summary>The sourcedIds created in a collection.</summary>
    public IReadOnlyList<string> Created(Kind kind) => On(kind).Created;

    /// <summary>The sourcedIds updated in a collection.</summary>
    public IReadOnlyList<string> Updated(Kind kind) => On(kind).Updated;

    /// <summary>The sourcedIds deleted from a collection.</summary>
    public IReadOnlyList<string> Deleted(Kind kind) => On(kind).Deleted;
}
