using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Sync.Map;
using Rollbook.Sync.Read;
using Rollbook.Sync.Runs;

namespace Rollbook.Sync.Derive.Schools;

/// <summary>
/// The organisations of the source, which Schools Mapping makes schools of their own, parts of other schools, or nothing. A school keeps the raw record that it
/// was first taken with until a refresh is asked for, so that the roster stays a function of the kept upload; and it stays while a mapping names it, or while
/// records of another app are at it.
/// </summary>
internal sealed class OrgStage(Derivation derivation, KeptUpload kept, HashSet<RollbookId> concerned)
    : RecordStage(derivation, Collection.Orgs, kept, concerned)
{
    private const int SchoolsNamed = 3;

    private readonly SchoolRow schoolRow = new(derivation.App);
    private readonly List<(RollbookId Target, bool Required)> nothing = [];

    /// <summary>Taken with new content in this run: a later reading of the same run may still say otherwise.</summary>
    private readonly HashSet<RollbookId> taken = [];

    /// <summary>What the source says now of schools that keep the old.</summary>
    private readonly Dictionary<RollbookId, byte[]> others = [];

    /// <summary>Published and no longer in the source.</summary>
    private readonly HashSet<RollbookId> gone = [];

    /// <summary>To be derived from what is kept.</summary>
    private readonly HashSet<RollbookId> again = [];

    /// <summary>Published, no longer in the source, and held by no mapping: it goes unless another app's records are at it. With whether the run has met it before.</summary>
    private readonly Dictionary<RollbookId, bool> doomed = [];

    /// <summary>Schools at which other apps have records, of those that no mapping holds: with these apps.</summary>
    private readonly Dictionary<RollbookId, IReadOnlyList<string>> referring = [];

    private SchoolDestinations Schools => Derivation.Schools;

    /// <summary>Begins it: those in the roster to which no mapping leads any more are looked for in other apps' records.</summary>
    internal static async Task<OrgStage> BeginAsync(
        Derivation derivation,
        KeptUpload kept,
        HashSet<RollbookId> concerned,
        CancellationToken cancellationToken
    )
    {
        var stage = new OrgStage(derivation, kept, concerned);
        var unheld = kept
            .Index.Slots()
            .Where(slot => kept.Index.OutcomeAt(slot).Published is not null)
            .Select(kept.Index.KeyAt)
            .Where(key => !derivation.Schools.Publishes(key))
            .ToList();
        await stage.LookForReferringAsync(unheld, cancellationToken);
        concerned.UnionWith(unheld.Where(key => !stage.referring.ContainsKey(key)));
        return stage;
    }

    // One that was gone is back.
    protected override bool IsConcerned(RollbookId key) =>
        base.IsConcerned(key)
        || gone.Contains(key)
        || doomed.ContainsKey(key)
        || (Index.Find(key) is >= 0 and var slot && Index.OutcomeAt(slot).State == OutcomeState.Retained);

    protected override bool KeepsOld(RawRecord record, ReadOnlyMemory<byte> json, int slot)
    {
        gone.Remove(record.Key);
        doomed.Remove(record.Key);
        Derivation.VanishedSchools.Remove(record.Key);
        var outcome = Index.OutcomeAt(slot);
        if (
            Index.HashAt(slot) == record.Hash
            || outcome.Published is null
            || !(Schools.Publishes(record.Key) || referring.ContainsKey(record.Key))
            || taken.Contains(record.Key)
            || Schools.IsRefreshed(record.Key, Derivation.RefreshTaken)
        )
        {
            others.Remove(record.Key);
            return false;
        }

        others[record.Key] = json.ToArray();
        if (Derivation.Rederives(Collection) || outcome.State == OutcomeState.Retained)
        {
            again.Add(record.Key);
        }

        return true;
    }

    protected override Outcome Derive(RollbookId key, ReadOnlyMemory<byte> json, Outcome? before, bool consequence, bool isAgain)
    {
        again.Remove(key);
        doomed.Remove(key);
        if (!gone.Contains(key))
        {
            Derivation.VanishedSchools.Remove(key);
        }

        if (before?.Published is null)
        {
            taken.Add(key);
        }

        return base.Derive(key, json, before, consequence, isAgain);
    }

    protected override Mapped Judge(RollbookId key, ReadOnlyMemory<byte> json, Mapped mapped) =>
        SchoolVerdict.Of(
            mapped,
            Schools.Of(key),
            json,
            isHeld: Schools.IsJoined(key) || referring.ContainsKey(key),
            state => StateOf(key, state),
            name => Row(key, mapped.Row, name)
        );

    protected override void Note(RollbookId key, Outcome? before, Outcome? after)
    {
        if (FateOf(before) != FateOf(after))
        {
            Derivation.IsUnmappedMoved |= FateOf(before) is 3 or 4;
            Derivation.Moved(Family.Org, key, Schools.Of(key) is SchoolDestination.Join join ? join.Id : key);
        }
    }

    protected override void Remove(int slot, bool isAgain)
    {
        var key = Index.KeyAt(slot);
        others.Remove(key);
        again.Remove(key);
        if (Index.OutcomeAt(slot).State is OutcomeState.Published or OutcomeState.Part && Schools.Of(key) is not SchoolDestination.Nowhere)
        {
            Derivation.VanishedSchools.Add(key);
        }

        if (Index.OutcomeAt(slot).Published is null)
        {
            base.Remove(slot, isAgain);
            return;
        }

        if (Schools.Stays(key) || referring.ContainsKey(key))
        {
            Retain(key);
        }
        else
        {
            doomed[key] = isAgain;
        }

        Index.MarkSeen(slot);
    }

    protected override async Task FinishAsync(CancellationToken cancellationToken)
    {
        foreach (var slot in Index.Slots().Where(slot => !Index.SeenAt(slot) && Index.OutcomeAt(slot).State == OutcomeState.Retained).ToList())
        {
            // The source does not give organisations, or only those that changed: it is as gone as it was, and its mapping may be gone too.
            if (Derivation.Rederives(Collection))
            {
                Remove(slot, isAgain: false);
            }
        }

        await base.FinishAsync(cancellationToken);
        var absent = Index.Slots().Where(slot => Index.OutcomeAt(slot).State == OutcomeState.Retained).Select(Index.KeyAt);
        Derivation.GoneSchools.UnionWith(absent.Where(key => Schools.Of(key) is not SchoolDestination.Nowhere));
        await TellNotMappedAsync(cancellationToken);
        if (Schools.Joined.FirstOrDefault(IsLost) is { } lost && lost != default)
        {
            throw new SchoolsMappingException(
                $"Schools Mapping makes schools part of the school {lost}, which the source has no longer. Nothing was changed. Choose another school for them in Schools Mapping."
            );
        }
    }

    protected override async Task DeriveLeftAsync(CancellationToken cancellationToken)
    {
        await LookForReferringAsync(doomed.Keys, cancellationToken);
        foreach (var (key, isAgain) in doomed)
        {
            if (referring.ContainsKey(key))
            {
                Retain(key);
            }
            else
            {
                base.Remove(Index.Find(key), isAgain);
            }
        }

        await DeriveAgainAsync(again.ToList(), cancellationToken);
        await CompareOthersAsync(cancellationToken);
    }

    /// <summary>Whether a school onto which the mapping leads is not there, now that this source's schools are known.</summary>
    private bool IsLost(RollbookId id) => !Schools.IsForeign(id) && Index.PublishedKind(id) is null;

    private async Task TellNotMappedAsync(CancellationToken cancellationToken)
    {
        var left = Index.Slots().Where(slot => Index.OutcomeAt(slot).State == OutcomeState.Unmapped).Select(Index.KeyAt).ToList();
        if (left.Count == 0)
        {
            return;
        }

        var names = new List<string>();
        await foreach (var (_, json) in Kept.FetchAsync(left.Take(SchoolsNamed), cancellationToken))
        {
            if (RawOrg.Read(json) is { } org)
            {
                names.Add(org.Name);
            }
        }

        Derivation.NotMappedSchools = new NotMappedSchools(left.Count, [.. names.Order(StringComparer.Ordinal)]);
    }

    private async Task LookForReferringAsync(IReadOnlyCollection<RollbookId> schools, CancellationToken cancellationToken)
    {
        foreach (var (school, apps) in await new ReferringApps(Derivation.Store, Derivation.App).FindAsync(schools, cancellationToken))
        {
            referring[school] = apps;
        }
    }

    private void Retain(RollbookId key)
    {
        gone.Add(key);
        again.Add(key);
    }

    private OutcomeState StateOf(RollbookId key, OutcomeState state) => gone.Contains(key) ? OutcomeState.Retained : state;

    private Row Row(RollbookId key, Row row, string? name) => schoolRow.Write(row, name, FeedersOf(key));

    private IReadOnlyList<string> FeedersOf(RollbookId key) =>
        referring.TryGetValue(key, out var apps)
            ? [.. Schools.FeedersOf(key).Union(apps, StringComparer.Ordinal).Order(StringComparer.Ordinal)]
            : Schools.FeedersOf(key);

    private static int FateOf(Outcome? outcome) =>
        outcome?.State switch
        {
            OutcomeState.Published or OutcomeState.Retained => 1,
            OutcomeState.Part => 2,
            OutcomeState.Unmapped or OutcomeState.Lent => 3,
            OutcomeState.UnmappedOrganisation => 4,
            _ => 0,
        };

    /// <summary>Finds the schools that the source describes otherwise; a new date of the record alone is no difference.</summary>
    private async Task CompareOthersAsync(CancellationToken cancellationToken)
    {
        if (others.Count == 0)
        {
            return;
        }

        var mapper = new RecordMapper(Collection.Orgs, Derivation.App, Derivation.Ids, Derivation.Mapping.Apart(), Derivation.Rules);
        await foreach (var (key, json) in Kept.FetchAsync(others.Keys.ToList(), cancellationToken))
        {
            var name = (Schools.Of(key) as SchoolDestination.Create)?.Name;
            var old = Row(key, mapper.Map(json, default, Derivation, nothing).Row, name).Copy();
            var now = mapper.Map(others[key], default, Derivation, nothing);
            if (now.State == OutcomeState.Published && !Row(key, now.Row, name).Equals(old) && RawOrg.Read(others[key]) is { } org)
            {
                Derivation.DifferingSchools.Add(org);
            }
        }
    }
}
