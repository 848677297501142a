using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Derive;
using Rollbook.Sync.Derive.Schools;
using Rollbook.Sync.Map;
using Rollbook.Sync.Read;
using Rollbook.Sync.Rules;

namespace Rollbook.Sync.Lineage;

/// <summary>Derives single records of an app's kept upload once more, with what they refer to as the last import left it.</summary>
internal sealed class SourceDerivation
{
    private readonly KeptRecords kept;
    private readonly IDistrictStore store;
    private readonly string app;
    private readonly IdScopes ids;
    private readonly AttributesMapping mapping;
    private readonly RecordRules rules;
    private readonly RecordRules noRules;

    private SourceDerivation(
        KeptRecords kept,
        IDistrictStore store,
        DistrictConfiguration configuration,
        string app,
        IdScopes ids,
        DateOnly today,
        SchoolDestinations schools
    )
    {
        (this.kept, this.store, this.app, this.ids, Schools, Today) = (kept, store, app, ids, schools, today);
        Settings = configuration.Apps[app];
        mapping = new AttributesMapping(Settings.Attributes, DeliveryTimeZone.Of(configuration, Settings));
        rules = new RecordRules(Settings, today);
        noRules = new RecordRules(Settings with { Requirements = AppConfiguration.NoRequirements, Filters = [] }, today);
    }

    /// <summary>The app's configuration, with which its upload was derived.</summary>
    internal AppConfiguration Settings { get; }

    /// <summary>The day on which it was.</summary>
    internal DateOnly Today { get; }

    /// <summary>Schools Mapping.</summary>
    internal SchoolDestinations Schools { get; }

    /// <summary>Gets ready.</summary>
    /// <exception cref="SchoolsMappingException">Schools Mapping names a school that is not there.</exception>
    internal static async Task<SourceDerivation> BeginAsync(
        KeptRecords kept,
        IDistrictStore store,
        DistrictConfiguration configuration,
        string app,
        DateOnly today,
        CancellationToken cancellationToken
    )
    {
        var schools = await new SchoolResolution(store.Roster, store.District.Id, configuration.Apps).ResolveAsync(app, cancellationToken);
        var scopes = await IdScopes.OfAsync(store, app, configuration.Apps[app], cancellationToken);
        return new SourceDerivation(kept, store, configuration, app, scopes, today, schools);
    }

    /// <summary>Derives a record.</summary>
    /// <param name="collection">Its collection.</param>
    /// <param name="key">Its key.</param>
    /// <param name="record">What became of it in the last import.</param>
    /// <param name="json">Its raw form.</param>
    /// <param name="demographics">The raw form of its demographics; null for none.</param>
    /// <param name="feeders">The apps that feed it besides this one; only schools have such.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal async Task<DerivedRecord> DeriveAsync(
        Collection collection,
        RollbookId key,
        KeptRecord record,
        byte[] json,
        byte[]? demographics,
        IReadOnlyList<string> feeders,
        CancellationToken cancellationToken
    )
    {
        var part = demographics is null ? default(ReadOnlyMemory<byte>) : new PartMapper(mapping.Zone).Map(demographics);
        var targets = new StoredTargets();
        List<(RollbookId Target, bool Required)> unresolved = [];
        var plain = new RecordMapper(collection, app, ids, mapping, noRules).Map(json, part, targets, unresolved);
        var plainRow = plain.State is OutcomeState.Published or OutcomeState.Withheld ? plain.Row.Copy() : (Row?)null;
        var outcomes = await LookUpAsync(collection, key, plainRow, targets, cancellationToken);
        var mapper = new RecordMapper(collection, app, ids, mapping, rules);
        var mapped = mapper.Map(json, part, targets, unresolved);
        if (collection == Collection.Orgs)
        {
            mapped = JudgeSchool(key, record, json, mapped, feeders);
        }

        var findings = mapped.Findings.ToList();
        var row = mapped.State is OutcomeState.Published or OutcomeState.Retained or OutcomeState.Lent ? mapped.Row.Copy() : (Row?)null;
        if (row is { } own)
        {
            List<RollbookId> dangling = [];
            row = new OwnFamily(Collections.FamilyOf(collection), targets).Resolve(key, own, dangling).Copy();
            findings.AddRange(mapped.State == OutcomeState.Lent ? [] : rules.JudgeOwnFamily(row.Value, dangling.Count > 0));
            if (mapped.Kind == Kind.Contact && rules.JudgesContacts && rules.JudgeContact(own, targets) is { } verdict)
            {
                (mapped, row) = (new Mapped(verdict.State, own, Kind.Contact, 0, null), null);
                findings = [.. verdict.Findings];
            }
        }

        // What a rule leaves out is shown with the values for which it does.
        var judged = mapped.State is OutcomeState.Skipped or OutcomeState.Filtered ? mapped.Row.Copy() : row;
        return new DerivedRecord(
            mapped.State,
            mapped.Kind,
            row,
            judged ?? plainRow,
            plainRow,
            findings,
            Named(mapper, mapped.Kind, outcomes, targets)
        );
    }

    private Mapped JudgeSchool(RollbookId key, KeptRecord record, byte[] json, Mapped mapped, IReadOnlyList<string> feeders) =>
        SchoolVerdict.Of(
            mapped,
            Schools.Of(key),
            json,
            isHeld: record.Outcome.Published is not null,
            _ => record.Outcome.State,
            name => new SchoolRow(app).Write(mapped.Row, name, feeders)
        );

    /// <summary>Looks up what became of everything that the record refers to.</summary>
    private async Task<Dictionary<(Family Family, RollbookId Key), Outcome?>> LookUpAsync(
        Collection collection,
        RollbookId key,
        Row? row,
        StoredTargets targets,
        CancellationToken cancellationToken
    )
    {
        var family = Collections.FamilyOf(collection);
        var asked = targets.Asked.ToHashSet();
        if (row is { } plain)
        {
            foreach (var attribute in Kinds.Of(plain.Kind).Attributes.Where(attribute => attribute.Target == family))
            {
                asked.UnionWith(RowReader.Ids(plain.Get(attribute, out _)).Select(id => (family, id)));
            }
        }

        var outcomes = new Dictionary<(Family Family, RollbookId Key), Outcome?>();
        foreach (var group in asked.GroupBy(each => each.Family, each => each.Key))
        {
            var keys = group.ToList();
            var found = await kept.FindAsync(store, app, CollectionOf(group.Key), keys, cancellationToken);
            var members = group.Key == Family.Person ? await store.United.WithKeysAsync([.. keys, key], cancellationToken) : [];
            var idOf = members.ToDictionary(member => member.Key, member => member.Id);
            foreach (var each in keys)
            {
                var outcome = found.TryGetValue(each, out var record) ? record.Outcome : (Outcome?)null;
                outcomes[(group.Key, each)] = outcome;
                targets.Know(
                    group.Key,
                    each,
                    outcome is { } known
                        ? Leads.Of(group.Key, each, known, Schools, (_, person) => idOf.GetValueOrDefault(person, person))
                        : new Lead(ReferenceFate.Missing)
                );
            }
        }

        return outcomes;
    }

    /// <summary>The records that it names and that do not let it refer to them, by the source's own words.</summary>
    private static List<NamedRecord> Named(
        RecordMapper mapper,
        Kind kind,
        Dictionary<(Family Family, RollbookId Key), Outcome?> outcomes,
        StoredTargets targets
    ) =>
        [
            .. from outcome in outcomes
            where targets.Follow(outcome.Key.Family, outcome.Key.Key).Fate != ReferenceFate.Leads
            let name = mapper.SourcedIdOf(kind, outcome.Key.Family, outcome.Key.Key)
            where name is not null
            orderby outcome.Key.Family
            select new NamedRecord(outcome.Key.Family, name, outcome.Value?.State),
        ];

    /// <summary>The collection of a family's records.</summary>
    internal static Collection CollectionOf(Family family) =>
        Collections.InOrder.First(collection => collection != Collection.Demographics && Collections.FamilyOf(collection) == family);
}

/// <summary>What deriving a record once more gave.</summary>
/// <param name="State">What becomes of it.</param>
/// <param name="Kind">The kind it is or would be.</param>
/// <param name="Row">What the source says of it in the roster; null when it is not there.</param>
/// <param name="Shown">The same, or what it would be; null when that can't be said.</param>
/// <param name="Plain">What Attributes Mapping alone makes of it; null when that can't be said.</param>
/// <param name="Findings">What Data Requirements found.</param>
/// <param name="Named">What it names that is not there.</param>
internal sealed record DerivedRecord(
    OutcomeState State,
    Kind Kind,
    Row? Row,
    Row? Shown,
    Row? Plain,
    IReadOnlyList<Finding> Findings,
    IReadOnlyList<NamedRecord> Named
);

/// <summary>A record that another names and that is not in the roster.</summary>
/// <param name="Family">Its family.</param>
/// <param name="SourcedId">Its ID, as the source writes it.</param>
/// <param name="State">What became of it; null when the upload has no such record.</param>
internal sealed record NamedRecord(Family Family, string SourcedId, OutcomeState? State);
