using Rollbook.Model;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Map;

namespace Rollbook.Sync.Derive.Schools;

/// <summary>
/// Schools Mapping made ready for a run: for the key of every organisation of the source, what it becomes (product.md 3.2).
/// </summary>
internal sealed class SchoolDestinations
{
    private readonly bool auto;
    private readonly Dictionary<RollbookId, SchoolDestination> mapped = [];
    private readonly HashSet<RollbookId> leftOut;
    private readonly HashSet<RollbookId> joined;
    private readonly IReadOnlySet<RollbookId> foreign;
    private readonly IReadOnlyDictionary<RollbookId, IReadOnlyList<string>> feeders;
    private readonly int refreshed;
    private readonly Dictionary<RollbookId, int> refreshedSchools;

    /// <summary>Makes it.</summary>
    /// <param name="schools">The mapping.</param>
    /// <param name="ids">The ID scopes of the source.</param>
    /// <param name="joins">The Rollbook ID to which each mapping onto an existing school leads, by source school.</param>
    /// <param name="foreign">Those of these schools that come from other apps.</param>
    /// <param name="feeders">Schools of this app onto which other apps map theirs, with those apps.</param>
    internal SchoolDestinations(
        SchoolsMapping schools,
        IdScopes ids,
        IReadOnlyDictionary<string, RollbookId> joins,
        IReadOnlySet<RollbookId> foreign,
        IReadOnlyDictionary<RollbookId, IReadOnlyList<string>> feeders
    )
    {
        auto = schools.Auto;
        refreshed = schools.Refreshed;
        this.foreign = foreign;
        this.feeders = feeders;
        joined = [.. joins.Values];
        foreach (var school in schools.Mapped)
        {
            mapped[Key(school.Source)] = joins.TryGetValue(school.Source, out var to)
                ? new SchoolDestination.Join(to)
                : new SchoolDestination.Create(school.Create is { Length: > 0 } name ? name : null);
        }

        Fingerprint = string.Join(
            '\n',
            [
                auto ? "auto" : "list",
                .. mapped.OrderBy(school => school.Key).Select(school => $"{school.Key} {school.Value.Fingerprint}"),
                .. schools.LeftOut.Order(StringComparer.Ordinal).Select(source => $"- {source}"),
                .. feeders.OrderBy(school => school.Key).Select(school => $"{school.Key} < {string.Join(' ', school.Value)}"),
            ]
        );
        leftOut = [.. schools.LeftOut.Select(Key)];
        refreshedSchools = schools.RefreshedSchools.ToDictionary(school => Key(school.Key), school => school.Value);

        RollbookId Key(string sourcedId) => RollbookId.Derive(ids[Family.Org], sourcedId);
    }

    /// <summary>All that the roster depends on, as one text.</summary>
    internal string Fingerprint { get; }

    /// <summary>The schools to which this app's own mapping leads.</summary>
    internal IReadOnlyCollection<RollbookId> Joined => joined;

    /// <summary>What an organisation of the source becomes.</summary>
    internal SchoolDestination Of(RollbookId key) =>
        mapped.GetValueOrDefault(key)
        ?? (auto && !leftOut.Contains(key) ? new SchoolDestination.Create(Name: null) : SchoolDestination.Nowhere.Instance);

    /// <summary>The organisations of the source that become part of a school.</summary>
    internal IEnumerable<RollbookId> PartsOf(RollbookId school) =>
        mapped.Where(each => each.Value is SchoolDestination.Join join && join.Id == school).Select(each => each.Key);

    /// <summary>Whether a school stays in the roster though the source has it no longer, because somebody's mapping names it.</summary>
    internal bool Stays(RollbookId key) => mapped.GetValueOrDefault(key) is SchoolDestination.Create || IsJoined(key);

    /// <summary>Whether an organisation is a school of its own in the roster.</summary>
    internal bool Publishes(RollbookId key) => Of(key) is SchoolDestination.Create || IsJoined(key);

    /// <summary>Whether a mapping of this app or of another leads to a school.</summary>
    internal bool IsJoined(RollbookId key) => joined.Contains(key) || feeders.ContainsKey(key);

    /// <summary>Whether a school to which this app's mapping leads comes from another app.</summary>
    internal bool IsForeign(RollbookId id) => foreign.Contains(id);

    /// <summary>The other apps that map schools onto one of this app.</summary>
    internal IReadOnlyList<string> FeedersOf(RollbookId key) => feeders.GetValueOrDefault(key) ?? [];

    /// <summary>Whether a school's own attributes are to be taken again, after an import that had taken requests up to a number.</summary>
    internal bool IsRefreshed(RollbookId key, int taken) => Math.Max(refreshed, refreshedSchools.GetValueOrDefault(key)) > taken;
}

/// <summary>What an organisation of the source becomes in the roster.</summary>
internal abstract record SchoolDestination
{
    private SchoolDestination() { }

    /// <summary>It as a text.</summary>
    internal abstract string Fingerprint { get; }

    /// <summary>A school of its own, under the source's name unless another is given.</summary>
    internal sealed record Create(string? Name) : SchoolDestination
    {
        internal override string Fingerprint => "+ " + Name;
    }

    /// <summary>A part of a school that is there already.</summary>
    internal sealed record Join(RollbookId Id) : SchoolDestination
    {
        internal override string Fingerprint => $"> {Id}";
    }

    /// <summary>Nothing: it is not mapped.</summary>
    internal sealed record Nowhere : SchoolDestination
    {
        internal static Nowhere Instance { get; } = new();

        internal override string Fingerprint => "-";
    }
}
