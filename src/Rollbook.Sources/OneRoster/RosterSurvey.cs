using System.Globalization;
using Rollbook.Model;

namespace Rollbook.Sources.OneRoster;

/// <summary>Looks a source over: all organisations, how many people each school has, and samples of everything else.</summary>
internal sealed class RosterSurvey(OneRosterConnection connection, OneRosterConnection nested, int sample, IProgress<string> progress)
{
    private const int AtOnce = 4;

    /// <summary>Users come in the order of their IDs, so that the first few may all have one role.</summary>
    private const int UsersLookedAt = 500;

    // Keys do not matter here.
    private static readonly IdScope AnyScope = new("", "", Family.Org);

    /// <summary>Does it.</summary>
    /// <exception cref="SourceException">The source could not be read.</exception>
    public static async Task<SourceSurvey> RunAsync(
        SourceSettings settings,
        OneRosterOptions options,
        int sample,
        IProgress<string> progress,
        CancellationToken cancellationToken
    )
    {
        var version = await VersionSearch.FindAsync(settings, options, cancellationToken);
        using var connection = new OneRosterConnection(OneRosterSettings.Parse(settings, version), options);
        using var nested = new OneRosterConnection(OneRosterSettings.ParseForNestedPaths(settings, version), options);
        return await new RosterSurvey(connection, nested, sample, progress).RunAsync(cancellationToken);
    }

    private async Task<SourceSurvey> RunAsync(CancellationToken cancellationToken)
    {
        var orgs = new List<RawOrg>();
        var collections = new List<SurveyedCollection>();
        foreach (var collection in Collections.InOrder)
        {
            progress.Report($"Reading {Collections.NameOf(collection)}");
            if (await LookAsync(collection, orgs, cancellationToken) is { } found)
            {
                collections.Add(found);
            }
        }

        return new SourceSurvey(await CountAsync(orgs, cancellationToken), collections);
    }

    private async Task<SurveyedCollection?> LookAsync(Collection collection, List<RawOrg> orgs, CancellationToken cancellationToken)
    {
        var enough =
            collection == Collection.Orgs ? int.MaxValue
            : collection == Collection.Users ? Math.Max(sample, UsersLookedAt)
            : sample;
        var names = new AttributeNames();
        var samples = new Samples(sample);
        var (read, total) = (0L, (long?)null);
        var reader = new CollectionReader(connection, collection, AnyScope, PageSize(enough));
        await foreach (var message in reader.ReadAsync(null, cancellationToken))
        {
            switch (message)
            {
                case SourceMessage.Batch { Records: var batch }:
                    using (batch)
                    {
                        foreach (var record in batch.Records.Take((int)Math.Min(batch.Records.Count, enough - read)))
                        {
                            var json = batch.Json(record);
                            names.Take(json);
                            samples.Take(json);
                            read++;
                            if (collection == Collection.Orgs && !record.Deleted && RawOrg.Read(json) is { } org)
                            {
                                orgs.Add(org);
                            }
                        }
                    }

                    break;
                case SourceMessage.Progress step:
                    total = step.Expected;
                    break;
                case SourceMessage.Complete complete:
                    total = complete.Read;
                    break;
                case SourceMessage.Unavailable when read == 0:
                    return null;
            }

            if (read >= enough && message is SourceMessage.Progress)
            {
                break;
            }
        }

        return new SurveyedCollection(collection, total, names.InOrder, samples.All);
    }

    private int PageSize(int enough) => enough == int.MaxValue ? connection.Settings.PageSize : Math.Clamp(enough, 1, OneRosterOptions.LargestPage);

    private async Task<IReadOnlyList<SurveyedOrg>> CountAsync(List<RawOrg> orgs, CancellationToken cancellationToken)
    {
        // A collection that was read twice because it moved gives an organisation twice; the later one holds.
        var distinct = orgs.GroupBy(org => org.SourcedId, StringComparer.Ordinal).Select(same => same.Last()).ToArray();
        var counted = new SurveyedOrg[distinct.Length];
        var (students, teachers) = (new PeopleOfSchools(nested, "students"), new PeopleOfSchools(nested, "teachers"));
        var done = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, distinct.Length),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (i, stop) =>
            {
                var org = distinct[i];
                counted[i] = org.IsSchool
                    ? new SurveyedOrg(org, await students.CountAsync(org, stop), await teachers.CountAsync(org, stop))
                    : new SurveyedOrg(org, null, null);
                progress.Report(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Counting people: {Interlocked.Increment(ref done):N0} of {distinct.Length:N0} schools"
                    )
                );
            }
        );
        return counted;
    }
}
