using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Setup;
using Rollbook.Sync.Unite;

namespace Rollbook.Sync.Duplicates;

/// <summary>
/// Searches a district's people for duplicates and keeps what is found: those who agree on a Domain of Uniqueness after each run that changed something, those who are
/// alike when a person asks.
/// </summary>
public sealed class DuplicateSearches(BackgroundJobs jobs, TimeProvider time)
{
    /// <summary>The job under which suggestions are searched; it is the district's, not an app's.</summary>
    public const string Kind = "suggestions";

    /// <summary>The app under which the district's own jobs are kept; no app has this ID.</summary>
    public const string District = "";

    /// <summary>Whether what a search found is of the newest roster, configuration and decisions.</summary>
    public static async Task<bool> IsCurrentAsync(IDistrictStore store, DuplicateSearch? search, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        return search is not null && SameAs(search, await NowAsync(store, search.Suggestions, cancellationToken));
    }

    /// <summary>Searches those who agree, unless nothing has changed since the last search.</summary>
    public static async Task EnsureAsync(IDistrictStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(time);
        var now = await NowAsync(store, suggestions: false, cancellationToken);
        if (await store.Duplicates.SearchAsync(suggestions: false, cancellationToken) is { } last && SameAs(last, now))
        {
            return;
        }

        var cases = new List<DuplicateCase>();
        var notices = new List<string>();
        var decisions = await store.Duplicates.DecisionsAsync(cancellationToken);
        var configuration = await ConfigurationAsync(store, cancellationToken);
        foreach (var kind in DomainsOfUniqueness.ComparedKinds)
        {
            var people = new AgreeingPeople(configuration, kind.Kind, Verdicts.Of(kind.Kind, decisions, configuration));
            await foreach (var person in SourcePeople.ReadAsync(store, kind.Kind, cancellationToken))
            {
                people.Add(person);
            }

            cases.AddRange(people.Find());
            notices.AddRange(people.Notices);
        }

        await store.Duplicates.ReplaceAsync(now with { EndedAt = time.GetUtcNow(), Notices = notices }, cases, cancellationToken);
    }

    /// <summary>Begins to search those who are alike, in the background.</summary>
    /// <returns>The job's number.</returns>
    public Task<long> SuggestAsync(IDistrictStore store, string startedBy, CancellationToken cancellationToken) =>
        jobs.StartAsync(
            store,
            District,
            Kind,
            startedBy,
            async (progress, token) =>
            {
                await SuggestAsync(store, progress, token);
                return "{}";
            },
            cancellationToken
        );

    internal async Task SuggestAsync(IDistrictStore store, IProgress<string> progress, CancellationToken cancellationToken)
    {
        await EnsureAsync(store, time, cancellationToken);
        var now = await NowAsync(store, suggestions: true, cancellationToken);
        var cases = new List<DuplicateCase>();
        var notices = new List<string>();
        var decisions = await store.Duplicates.DecisionsAsync(cancellationToken);
        var configuration = await ConfigurationAsync(store, cancellationToken);
        foreach (var kind in DomainsOfUniqueness.ComparedKinds)
        {
            var plural = kind.Plural.ToLowerInvariant();
            progress.Report($"Reading {plural}");
            var people = new AlikePeople(configuration, kind.Kind, Verdicts.Of(kind.Kind, decisions, configuration));
            await foreach (var person in SourcePeople.ReadAsync(store, kind.Kind, cancellationToken))
            {
                people.Add(person);
            }

            progress.Report($"Comparing {plural}");
            var found = await FoundAsync(store, kind.Kind, cancellationToken);
            var suggestions = people.Find(
                (one, other) => found.Contains((one, other)) || found.Contains((other, one)),
                MostSuggestions,
                cancellationToken
            );
            cases.AddRange(suggestions);
            if (people.Alike > MostSuggestions)
            {
                notices.Add(
                    FormattableString.Invariant(
                        $"Of {people.Alike:N0} pairs of {plural} that are alike, the {MostSuggestions:N0} likeliest are listed."
                    )
                );
            }

            if (people.PassedOver > 0)
            {
                notices.Add(
                    FormattableString.Invariant(
                        $"{people.PassedOver:N0} combinations of name and birth date that more than {AlikePeople.MostAlike} {plural} have were not compared by that alone."
                    )
                );
            }
        }

        await store.Duplicates.ReplaceAsync(now with { EndedAt = time.GetUtcNow(), Notices = notices }, cases, cancellationToken);
    }

    private const int MostSuggestions = 5_000;

    private static bool SameAs(DuplicateSearch one, DuplicateSearch other) =>
        (one.Version, one.ConfigurationVersion, one.Revision, one.Members)
        == (other.Version, other.ConfigurationVersion, other.Revision, other.Members);

    private static async Task<DuplicateSearch> NowAsync(IDistrictStore store, bool suggestions, CancellationToken cancellationToken)
    {
        // The decisions first: one that is made meanwhile makes the search out of date, not wrongly current.
        var revision = await store.Duplicates.RevisionAsync(cancellationToken);
        var configuration = await store.Configuration.LatestNumberAsync(cancellationToken);
        var version = (await store.Roster.LatestAsync(cancellationToken))?.Number ?? 0;

        // What one of several sources says may change while the roster does not, where another one's values hold.
        var members = await store.United.RevisionAsync(cancellationToken);
        return new DuplicateSearch(suggestions, version, configuration, revision, default, []) { Members = members };
    }

    private static async Task<DistrictConfiguration> ConfigurationAsync(IDistrictStore store, CancellationToken cancellationToken) =>
        await store.Configuration.LatestAsync(cancellationToken) is { } version
            ? DistrictConfiguration.FromDocument(version.Document)
            : DistrictConfiguration.Of(store.District);

    /// <summary>Who was found to agree, two by two.</summary>
    private static async Task<HashSet<(SourceRecord One, SourceRecord Other)>> FoundAsync(
        IDistrictStore store,
        Model.Kind kind,
        CancellationToken cancellationToken
    )
    {
        var pairs = new HashSet<(SourceRecord, SourceRecord)>();
        DuplicateCase? after = null;
        do
        {
            var page = await store.Duplicates.PageAsync(new DuplicateQuery(kind, Suggestions: false, after, 1_000), cancellationToken);
            pairs.UnionWith(page.SelectMany(found => found.Records.SelectMany(_ => found.Records, (one, other) => (one, other))));
            after = page.Count == 0 ? null : page[^1];
        } while (after is not null);

        return pairs;
    }
}
