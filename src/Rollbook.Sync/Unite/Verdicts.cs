using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Unite;

/// <summary>
/// What persons decided about records of one kind: which belong together, in clusters, and which clusters are kept separate. A merge that contradicts what is kept
/// separate does not hold. Whether the records are there makes no difference: who was said to be one with somebody who has left, is still one with the others.
/// </summary>
internal sealed class Verdicts
{
    private static readonly RollbookId[] Nobody = [];

    private readonly Dictionary<RollbookId, int> clusters = [];
    private readonly List<List<RollbookId>> members = [];
    private readonly Dictionary<int, HashSet<int>> apart = [];
    private readonly HashSet<RollbookId> absorbed = [];
    private readonly Dictionary<RollbookId, string> apps = [];

    private Verdicts() { }

    /// <summary>No decision.</summary>
    internal static Verdicts None { get; } = new();

    /// <summary>The records that are named.</summary>
    internal IEnumerable<RollbookId> Named => clusters.Keys;

    /// <summary>
    /// Reads the decisions about a kind that count for the roster: those about one source always, since a run may make a record anew that only another source has still;
    /// those across sources where both feed the same people.
    /// </summary>
    internal static Verdicts Of(Kind kind, IEnumerable<DuplicateDecision> decisions, DistrictConfiguration configuration) =>
        Of(
            kind,
            decisions.Where(decision =>
                string.Equals(decision.First.App, decision.Second.App, StringComparison.Ordinal)
                || (Shares(configuration, decision.First.App) && Shares(configuration, decision.Second.App))
            )
        );

    /// <summary>Whether an app's people may be another's too.</summary>
    internal static bool Shares(DistrictConfiguration configuration, string app) =>
        configuration.Apps.GetValueOrDefault(app) is { Advanced.MultipleDataSources: true };

    /// <summary>Reads all decisions about a kind, whether they count at present or not.</summary>
    internal static Verdicts Of(Kind kind, IEnumerable<DuplicateDecision> decisions)
    {
        var verdicts = new Verdicts();
        var ofKind = decisions
            .Where(decision => decision.Kind == kind)
            .OrderBy(decision => decision.DecidedAt)
            .ThenBy(decision => decision.First.Key);
        foreach (var decision in ofKind.OrderBy(decision => decision.Verdict == DuplicateVerdict.Merge))
        {
            verdicts.Take(decision);
        }

        foreach (var cluster in verdicts.members)
        {
            cluster.Sort((one, other) => (verdicts.IsAbsorbed(one), one).CompareTo((verdicts.IsAbsorbed(other), other)));
        }

        return verdicts;
    }

    /// <summary>The cluster of a record; null for one about which nothing is decided.</summary>
    internal int? ClusterOf(RollbookId key) => clusters.TryGetValue(key, out var cluster) ? cluster : null;

    /// <summary>The records of a cluster, the one that comes first in front.</summary>
    internal IReadOnlyList<RollbookId> MembersOf(int cluster) => members[cluster];

    /// <summary>The records that are kept separate from a cluster's.</summary>
    internal IEnumerable<RollbookId> ApartFrom(int cluster) =>
        apart.TryGetValue(cluster, out var others) ? others.SelectMany(other => members[other]) : Nobody;

    /// <summary>Whether a record comes after another one of its source with which it was merged.</summary>
    internal bool IsAbsorbed(RollbookId key) => absorbed.Contains(key);

    /// <summary>Whether two records were said to be one, be it by way of others.</summary>
    internal bool AreOne(RollbookId one, RollbookId other) => ClusterOf(one) is { } cluster && ClusterOf(other) == cluster;

    /// <summary>Whether two records are kept separate, be it by way of others that are one with them.</summary>
    internal bool AreApart(RollbookId one, RollbookId other) =>
        ClusterOf(one) is { } cluster && ClusterOf(other) is { } second && apart.TryGetValue(cluster, out var others) && others.Contains(second);

    /// <summary>
    /// The ID of a record that several records of one source make, the first of which is given: that of the one that was said to come first, even when it has left.
    /// </summary>
    internal RollbookId IdOf(RollbookId first, Func<RollbookId, bool> isElsewhere) =>
        ClusterOf(first) is { } cluster
            ? members[cluster].First(key => key == first || (string.Equals(apps[key], apps[first], StringComparison.Ordinal) && !isElsewhere(key)))
            : first;

    private void Take(DuplicateDecision decision)
    {
        var (first, second) = (Place(decision.First), Place(decision.Second));
        if (decision.Verdict == DuplicateVerdict.KeepSeparate)
        {
            Others(first).Add(second);
            Others(second).Add(first);
        }
        else if (!Others(first).Contains(second))
        {
            if (string.Equals(decision.First.App, decision.Second.App, StringComparison.Ordinal))
            {
                absorbed.Add(decision.Second.Key);
            }

            if (first != second)
            {
                Join(first, second);
            }
        }
    }

    private void Join(int first, int second)
    {
        foreach (var key in members[second])
        {
            clusters[key] = first;
        }

        members[first].AddRange(members[second]);
        members[second].Clear();
        foreach (var other in Others(second))
        {
            Others(other).Remove(second);
            Others(other).Add(first);
            Others(first).Add(other);
        }

        apart.Remove(second);
    }

    private HashSet<int> Others(int cluster) => apart.TryGetValue(cluster, out var others) ? others : apart[cluster] = [];

    private int Place(SourceRecord record)
    {
        if (!clusters.TryGetValue(record.Key, out var cluster))
        {
            cluster = clusters[record.Key] = members.Count;
            members.Add([record.Key]);
            apps[record.Key] = record.App;
        }

        return cluster;
    }
}
