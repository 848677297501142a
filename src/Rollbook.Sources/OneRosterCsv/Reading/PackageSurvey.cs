using System.Text.Json;
using Rollbook.Model;
using Rollbook.Sources.OneRoster;
using Rollbook.Sources.OneRosterCsv.Packages;

namespace Rollbook.Sources.OneRosterCsv.Reading;

/// <summary>Looks a package over: every organisation, how many people each has, and samples of all else.</summary>
internal static class PackageSurvey
{
    // Keys do not matter here.
    private static readonly IdScope AnyScope = new("", "", Family.Org);

    /// <summary>Does it.</summary>
    /// <exception cref="SourceException">The package can't be read.</exception>
    public static async Task<SourceSurvey> RunAsync(
        SourceSettings given,
        OneRosterCsvOptions options,
        int sample,
        IProgress<string> progress,
        CancellationToken cancellationToken
    )
    {
        var settings = CsvSettings.Parse(given);
        progress.Report("Opening the package");
        using var package = await PackageSource.OpenAsync(given, settings, options, cancellationToken);
        return await Task.Run(
            () =>
            {
                var log = new FindingLog();
                var contents = Contents.Read(package, settings.Mode, log);
                return Survey(new PackageReading(contents, _ => AnyScope, log), sample, progress, cancellationToken);
            },
            cancellationToken
        );
    }

    private static SourceSurvey Survey(PackageReading reading, int sample, IProgress<string> progress, CancellationToken cancellationToken)
    {
        var orgs = new List<RawOrg>();
        var people = new PeopleOfOrgs();
        var collections = new List<SurveyedCollection>();
        foreach (var collection in Collections.InOrder)
        {
            progress.Report($"Reading {Collections.NameOf(collection)}");
            var names = new AttributeNames();
            var samples = new Samples(sample);
            var (read, total) = (0L, (long?)null);
            var isThere = true;
            foreach (var message in reading.Read(collection, checkpoint: null, cancellationToken))
            {
                if (message is SourceMessage.Batch { Records: var batch })
                {
                    using (batch)
                    {
                        foreach (var record in batch.Records)
                        {
                            var json = batch.Json(record);
                            if (read++ < sample)
                            {
                                names.Take(json);
                            }

                            if (read <= sample || collection == Collection.Users)
                            {
                                samples.Take(json);
                            }

                            if (collection == Collection.Orgs && !record.Deleted && RawOrg.Read(json) is { } org)
                            {
                                orgs.Add(org);
                            }

                            if (collection == Collection.Users && !record.Deleted)
                            {
                                people.Take(json);
                            }
                        }
                    }
                }

                (isThere, total) = message switch
                {
                    SourceMessage.Complete complete => (true, complete.Read),
                    SourceMessage.Unavailable or SourceMessage.Changes { Read: 0 } => (false, null),
                    _ => (isThere, total),
                };

                // Only people are counted, and organisations listed; of all else a sample will do.
                if (read >= sample && collection is not (Collection.Orgs or Collection.Users))
                {
                    break;
                }
            }

            if (isThere)
            {
                collections.Add(new SurveyedCollection(collection, total, names.InOrder, samples.All));
            }
        }

        return new SourceSurvey(
            [.. orgs.Select(org => new SurveyedOrg(org, people.Students(org.SourcedId), people.Staff(org.SourcedId)))],
            collections
        );
    }

    /// <summary>Counts people by organisation and role.</summary>
    private sealed class PeopleOfOrgs
    {
        private readonly Dictionary<string, (long Students, long Staff)> counts = new(StringComparer.Ordinal);

        internal long Students(string org) => counts.GetValueOrDefault(org).Students;

        internal long Staff(string org) => counts.GetValueOrDefault(org).Staff;

        internal void Take(ReadOnlyMemory<byte> json)
        {
            using var document = JsonDocument.Parse(json);
            var user = document.RootElement;
            var role = user.TryGetProperty("role", out var value) ? value.GetString() : null;
            var isStudent = string.Equals(role, "student", StringComparison.OrdinalIgnoreCase);
            if ((!isStudent && !string.Equals(role, "teacher", StringComparison.OrdinalIgnoreCase)) || !user.TryGetProperty("orgs", out var orgs))
            {
                return;
            }

            foreach (var org in orgs.EnumerateArray())
            {
                var id = org.GetProperty("sourcedId").GetString()!;
                var (students, staff) = counts.GetValueOrDefault(id);
                counts[id] = isStudent ? (students + 1, staff) : (students, staff + 1);
            }
        }
    }
}
