using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Unite;

namespace Rollbook.Sync.Duplicates;

/// <summary>
/// Takes a person's decisions about duplicates (product.md 3.6): each is remembered, told to the audit log, and carried out by runs of the apps concerned, whose changes
/// are like those of any run. Nothing of a source is thrown away, so each can be undone at any time.
/// </summary>
public sealed class DuplicateDecisions(IImports imports, IAuditLog audit, TimeProvider time)
{
    /// <summary><b>Merge</b>: the records are one.</summary>
    /// <param name="store">The district.</param>
    /// <param name="keys">The records, by the IDs that their sources' IDs give.</param>
    /// <param name="first">Of those of one source the one whose Rollbook ID and values come first.</param>
    /// <param name="decidedBy">Who decides, by sign-in name.</param>
    /// <param name="cancellationToken">Stops it before anything is decided.</param>
    public Task<DecisionResult> MergeAsync(
        IDistrictStore store,
        IReadOnlyList<RollbookId> keys,
        RollbookId first,
        string decidedBy,
        CancellationToken cancellationToken
    ) => DecideAsync(store, keys, first, DuplicateVerdict.Merge, decidedBy, cancellationToken);

    /// <summary><b>Keep separate</b>: none of the records is another of them.</summary>
    public Task<DecisionResult> KeepSeparateAsync(
        IDistrictStore store,
        IReadOnlyList<RollbookId> keys,
        string decidedBy,
        CancellationToken cancellationToken
    ) => DecideAsync(store, keys, keys[0], DuplicateVerdict.KeepSeparate, decidedBy, cancellationToken);

    /// <summary>Undoes all that was decided about some records among themselves.</summary>
    public async Task<DecisionResult> UndoAsync(
        IDistrictStore store,
        IReadOnlyList<RollbookId> keys,
        string decidedBy,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(keys);
        var undone = new List<DuplicateDecision>();
        foreach (var decision in await store.Duplicates.DecisionsAsync(cancellationToken))
        {
            if (
                keys.Contains(decision.First.Key)
                && keys.Contains(decision.Second.Key)
                && await store.Duplicates.UndoAsync(decision.First.Key, decision.Second.Key, CancellationToken.None)
            )
            {
                undone.Add(decision);
                await WriteAsync(store, decision, AuditActions.DuplicateUndone, decidedBy);
            }
        }

        return undone.Count == 0
            ? new DecisionResult.Refused("This was undone already. Nothing was changed.")
            : await CarryOutAsync(store, undone, decidedBy);
    }

    private async Task<DecisionResult> DecideAsync(
        IDistrictStore store,
        IReadOnlyList<RollbookId> keys,
        RollbookId first,
        DuplicateVerdict verdict,
        string decidedBy,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(keys);
        var people = await SourcePeople.GetAsync(store, keys, cancellationToken);
        if (people.Count < 2 || people.Count < keys.Distinct().Count() || !keys.Contains(first))
        {
            return new DecisionResult.Refused("One of the records is no longer in the roster. Nothing was changed; search for duplicates again.");
        }

        if (people.Select(person => person.Row.Kind).Distinct().Count() > 1)
        {
            return new DecisionResult.Refused("The records are not of one entity type, so they can't be one. Nothing was changed.");
        }

        var kind = people[0].Row.Kind;
        var revision = await store.Duplicates.RevisionAsync(cancellationToken);
        var verdicts = Verdicts.Of(kind, await store.Duplicates.DecisionsAsync(cancellationToken));
        if ((Contradiction(people, verdict, verdicts) ?? await ApartByConfigurationAsync(store, people, verdict, cancellationToken)) is { } refusal)
        {
            return refusal;
        }

        var at = time.GetUtcNow();
        var decisions = PairsOf(people, first, verdict)
            .Select(pair => new DuplicateDecision(kind, pair.First, pair.Second, verdict, decidedBy, at))
            .ToList();
        if (!await store.Duplicates.DecideAsync(revision, decisions, cancellationToken))
        {
            return new DecisionResult.Refused(
                "Somebody else decided about duplicates at the same moment. Nothing was changed; look again and decide."
            );
        }

        foreach (var suggestion in new[] { false, true })
        {
            await store.Duplicates.CloseAsync(AgreeingPeople.NumberOf(people.Select(person => person.Source), suggestion), CancellationToken.None);
        }

        var action = verdict == DuplicateVerdict.Merge ? AuditActions.DuplicateMerged : AuditActions.DuplicateKeptSeparate;
        foreach (var decision in decisions)
        {
            await WriteAsync(store, decision, action, decidedBy);
        }

        return await CarryOutAsync(store, decisions, decidedBy);
    }

    private static DecisionResult.Refused? Contradiction(IReadOnlyList<SourcePerson> people, DuplicateVerdict verdict, Verdicts verdicts)
    {
        var pairs = people.SelectMany((one, place) => people.Skip(place + 1).Select(other => (One: one.Source.Key, Other: other.Source.Key)));
        return verdict switch
        {
            DuplicateVerdict.Merge when pairs.Any(pair => verdicts.AreApart(pair.One, pair.Other)) => new DecisionResult.Refused(
                "Two of these records are kept separate, directly or by way of others. Undo that first, under Decided. Nothing was changed."
            ),
            DuplicateVerdict.KeepSeparate when pairs.Any(pair => verdicts.AreOne(pair.One, pair.Other)) => new DecisionResult.Refused(
                "Two of these records were merged, directly or by way of others. Undo that first, under Decided. Nothing was changed."
            ),
            _ => null,
        };
    }

    /// <summary>A merge across apps whose people are not each other's would be remembered and change nothing.</summary>
    private static async Task<DecisionResult.Refused?> ApartByConfigurationAsync(
        IDistrictStore store,
        IReadOnlyList<SourcePerson> people,
        DuplicateVerdict verdict,
        CancellationToken cancellationToken
    )
    {
        var apps = people.Select(person => person.Source.App).Distinct(StringComparer.Ordinal).ToList();
        if (verdict != DuplicateVerdict.Merge || apps.Count < 2 || await store.Configuration.LatestAsync(cancellationToken) is not { } version)
        {
            return null;
        }

        var configuration = DistrictConfiguration.FromDocument(version.Document);
        return apps.Find(app => !Verdicts.Shares(configuration, app)) is { } alone
            ? new DecisionResult.Refused(
                $"{configuration.Apps.GetValueOrDefault(alone)?.Name ?? alone} has its people alone, so they can't be one with another app's. Turn on Data will be uploaded from multiple data sources in its Delivery Config first. Nothing was changed."
            )
            : null;
    }

    internal static IEnumerable<(SourceRecord First, SourceRecord Second)> PairsOf(
        IReadOnlyList<SourcePerson> people,
        RollbookId first,
        DuplicateVerdict verdict
    )
    {
        if (verdict == DuplicateVerdict.KeepSeparate)
        {
            return people.SelectMany((one, place) => people.Skip(place + 1).Select(other => (one.Source, other.Source)));
        }

        var survivor = people.First(person => person.Source.Key == first).Source;
        return people.Where(person => person.Source.Key != first).Select(person => (survivor, person.Source));
    }

    /// <summary>The log says which records and not whose they are.</summary>
    private Task WriteAsync(IDistrictStore store, DuplicateDecision decision, string action, string decidedBy) =>
        audit.WriteAsync(
            new AuditEntry(
                store.District.Id,
                decidedBy,
                AuditChannel.Console,
                action,
                $"{Kinds.Of(decision.Kind).Name}.{decision.First.Key}.{decision.Second.Key}"
            ),
            CancellationToken.None
        );

    private async Task<DecisionResult> CarryOutAsync(IDistrictStore store, IReadOnlyList<DuplicateDecision> decisions, string decidedBy)
    {
        var apps = decisions
            .SelectMany(decision => new[] { decision.First.App, decision.Second.App })
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        var runs = new List<long>();
        foreach (var app in apps)
        {
            if (await imports.StartUnitingAsync(store.District.Id, app, decidedBy, CancellationToken.None) is StartResult.Started started)
            {
                runs.Add(started.Run);
            }
        }

        return new DecisionResult.Decided(runs);
    }
}

/// <summary>What became of a decision.</summary>
public abstract record DecisionResult
{
    private DecisionResult() { }

    /// <summary>It is remembered.</summary>
    /// <param name="Runs">The runs that carry it out; where one of an app is at work already, the next one of it does.</param>
    public sealed record Decided(IReadOnlyList<long> Runs) : DecisionResult;

    /// <summary>Nothing was done.</summary>
    public sealed record Refused(string Message) : DecisionResult;
}
