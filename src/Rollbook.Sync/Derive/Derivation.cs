using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Compare;
using Rollbook.Sync.Derive.Schools;
using Rollbook.Sync.Map;
using Rollbook.Sync.Read;
using Rollbook.Sync.Rules;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Unite;

namespace Rollbook.Sync.Derive;

/// <summary>
/// What the stages of one run share: which records are published as staged so far, which came and went, and the change set that grows.
/// </summary>
internal sealed class Derivation : IReferenceTargets, IDisposable
{
    private readonly IReadOnlySet<Collection>? only;
    private readonly UploadIndex?[] indexes = new UploadIndex?[Enum.GetValues<Family>().Length];
    private readonly HashSet<RollbookId>[] appeared = Sets();
    private readonly HashSet<RollbookId>[] disappeared = Sets();

    internal Derivation(
        IDistrictStore store,
        string app,
        long run,
        IdScopes ids,
        AttributesMapping mapping,
        RecordRules rules,
        SchoolDestinations schools,
        bool bulk,
        bool everything,
        int refreshTaken,
        string folder,
        IReadOnlySet<Collection>? only = null
    )
    {
        (Store, App, Run, Ids, Mapping, Rules, Schools) = (store, app, run, ids, mapping, rules, schools);
        (Bulk, Everything, Folder) = (bulk, everything, folder);
        this.only = only;
        RefreshTaken = refreshTaken;
        Changes = new ChangeSet(folder);
        Issues = new IssueBook(store.Issues, app, rules.HasRequirements, IsWhole);
    }

    internal IDistrictStore Store { get; }

    internal string App { get; }

    internal long Run { get; }

    internal IdScopes Ids { get; }

    /// <summary>Attributes Mapping.</summary>
    internal AttributesMapping Mapping { get; }

    /// <summary>Data Requirements.</summary>
    internal RecordRules Rules { get; }

    /// <summary>What they found.</summary>
    internal IssueBook Issues { get; }

    /// <summary>What goes along with records that rules leave out.</summary>
    internal TakenAlong TakenAlong { get; } = new();

    /// <summary>What it is done for.</summary>
    internal StagingPurpose Purpose { get; init; }

    /// <summary>
    /// Records of the roster that are to stay as they are: what the reading says of them is passed over, so that the source has said of them, as far as Rollbook knows, what it
    /// said before.
    /// </summary>
    internal IReadOnlySet<(Family Family, RollbookId Id)> LeftOut { get; init; } = new HashSet<(Family, RollbookId)>();

    /// <summary>People whom several sources have; null where the app has its people alone.</summary>
    internal Uniting? Uniting { get; init; }

    /// <summary>Schools Mapping.</summary>
    internal SchoolDestinations Schools { get; }

    /// <summary>Up to which number requests for the schools' own attributes were taken by earlier imports.</summary>
    internal int RefreshTaken { get; }

    /// <summary>Schools that the source now describes otherwise than when their attributes were taken, as it describes them.</summary>
    internal List<RawOrg> DifferingSchools { get; } = [];

    /// <summary>Schools of the source that Schools Mapping leaves out.</summary>
    internal NotMappedSchools? NotMappedSchools { get; set; }

    /// <summary>Bulk Upload Mode.</summary>
    internal bool Bulk { get; }

    /// <summary>Whether unchanged raw records are derived again too, because the configuration or the derivation itself is another.</summary>
    internal bool Everything { get; }

    /// <summary>Whether they are in all collections.</summary>
    internal bool IsWhole => Everything && only is null;

    /// <summary>Whether they are in a collection.</summary>
    internal bool Rederives(Collection collection) => Everything && only?.Contains(collection) != false;

    /// <summary>The run's own folder for spools.</summary>
    internal string Folder { get; }

    internal ChangeSet Changes { get; }

    /// <summary>Schools that were mapped and in the source at the last import, and are not in it any more.</summary>
    internal HashSet<RollbookId> VanishedSchools { get; } = [];

    /// <summary>Mapped schools that stay in the roster though the source has them no longer, since now or since earlier.</summary>
    internal HashSet<RollbookId> GoneSchools { get; } = [];

    /// <summary>Those of which a person has accepted that they are gone.</summary>
    internal IReadOnlySet<RollbookId> GoneSchoolsAccepted { get; init; } = new HashSet<RollbookId>();

    internal Tally Tally { get; } = new();

    /// <summary>What would change, as far as it is known before a collection ends; of a what-if alone.</summary>
    internal SoFar SoFar { get; } = new();

    /// <summary>Records that the source has besides the one which goes on under their Rollbook ID since a SIS Migration.</summary>
    internal long Former { get; set; }

    /// <summary>Mapped demographics that this run has met or fetched, by the user they complete.</summary>
    internal Dictionary<RollbookId, byte[]> Parts { get; } = [];

    /// <summary>The kept demographics; null until read.</summary>
    internal KeptUpload? Demographics { get; set; }

    /// <summary>Users to derive again because their demographics changed.</summary>
    internal HashSet<RollbookId> PartChanged { get; } = [];

    internal HashSet<UnresolvedReference> Unresolved { get; } = [];

    internal List<(Collection Collection, RollbookId From)> Cleared { get; } = [];

    /// <summary>
    /// Whether a school that is not mapped went or is one no longer, so that records which are left out for its sake may be so for another reason. They are found
    /// nowhere but in the index, since as long as the schools stay only another mapping lets them in.
    /// </summary>
    internal bool IsUnmappedMoved { get; set; }

    /// <summary>Collections of the kept upload that were rewritten, each with the segment number below which the old ones lie.</summary>
    internal List<(Collection Collection, int Below)> Rewritten { get; } = [];

    /// <inheritdoc/>
    public Lead Follow(Family family, RollbookId key)
    {
        var index = indexes[(int)family];
        var slot = index?.Find(key) ?? -1;
        if (slot < 0)
        {
            return new Lead(ReferenceFate.Missing);
        }

        return Leads.Of(family, key, index!.OutcomeAt(slot), Schools, IdOf);
    }

    /// <inheritdoc/>
    public Absence Absent(Family family, RollbookId key) =>
        indexes[(int)family] is { } index && index.Find(key) is >= 0 and var slot && AbsenceOf(index.OutcomeAt(slot)) is { } absence
            ? absence
            : Absence.NotInSource;

    /// <summary>Why a record is not in the roster; null when it is.</summary>
    internal static Absence? AbsenceOf(Outcome? outcome) =>
        outcome switch
        {
            null => Absence.NotInSource,
            { Published: not null } => null,
            { State: OutcomeState.Filtered } => Absence.Filtered,
            { State: OutcomeState.Unmapped or OutcomeState.UnmappedOrganisation } => Absence.NotMapped,
            _ => Absence.LeftOut,
        };

    /// <summary>Whether rules leave a record out for what it is itself.</summary>
    internal bool IsLeftOut(RollbookId key) =>
        Array.Exists(
            indexes,
            index => index is not null && index.Find(key) is >= 0 and var slot && index.OutcomeAt(slot).State >= OutcomeState.Skipped
        );

    /// <summary>The record of the roster that a record of the source is, or is part of.</summary>
    internal RollbookId IdOf(Family family, RollbookId key) => family == Family.Person && Uniting is { } uniting ? uniting.IdOf(key) : key;

    /// <summary>Whether what the reading says of a record of the source is passed over.</summary>
    internal bool LeavesOut(Family family, RollbookId key) =>
        LeftOut.Count > 0 && (LeftOut.Contains((family, key)) || LeftOut.Contains((family, IdOf(family, key))));

    internal void SetIndex(Family family, UploadIndex index) => indexes[(int)family] = index;

    /// <summary>Lets the indexes go, which publishing does not need.</summary>
    internal void ForgetIndexes() => Array.Clear(indexes);

    internal IReadOnlyCollection<RollbookId> Appeared(Family family) => appeared[(int)family];

    internal IReadOnlyCollection<RollbookId> Disappeared(Family family) => disappeared[(int)family];

    /// <summary>Notes that a record came, went or changed its kind, for the sake of those that refer to it.</summary>
    internal void Note(Family family, RollbookId id, Kind? before, Kind? after)
    {
        if (IsWhole || before == after)
        {
            return;
        }

        if (before is not null)
        {
            disappeared[(int)family].Add(IdOf(family, id));
        }

        if (after is not null)
        {
            appeared[(int)family].Add(id);
        }
    }

    /// <summary>
    /// Notes that a record is not in the roster for another reason than before: what Filter Rules have follow it may come or go, and what can't stand without it
    /// does not for that reason.
    /// </summary>
    internal void NoteAbsent(Family family, RollbookId id)
    {
        if (!IsWhole)
        {
            appeared[(int)family].Add(id);
        }
    }

    /// <summary>Notes that references which led to a record of the roster, or nowhere, may lead elsewhere now.</summary>
    internal void Moved(Family family, RollbookId key, RollbookId id)
    {
        if (!IsWhole)
        {
            disappeared[(int)family].Add(id);
            appeared[(int)family].Add(key);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Changes.Dispose();

    private static HashSet<RollbookId>[] Sets() => [.. Enum.GetValues<Family>().Select(_ => new HashSet<RollbookId>())];
}
