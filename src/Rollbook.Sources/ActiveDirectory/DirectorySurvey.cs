using System.Text;
using System.Text.Json;
using Rollbook.Model;
using Rollbook.Sources.OneRoster;

namespace Rollbook.Sources.ActiveDirectory;

/// <summary>Looks the directory over. Who is where is known only when everybody has been read, so it reads everybody.</summary>
internal static class DirectorySurvey
{
    /// <summary>Does it.</summary>
    /// <exception cref="SourceException">The directory can't be read.</exception>
    public static async Task<SourceSurvey> RunAsync(
        SourceSettings given,
        OneRosterOptions options,
        int sample,
        IProgress<string> progress,
        CancellationToken cancellationToken
    )
    {
        var settings = DirectorySettings.Parse(given);
        progress.Report("Signing in to the directory");
        await using var client = await DirectoryConnection.OpenAsync(settings, options, cancellationToken);
        progress.Report("Reading people");
        var record = new PersonRecord(settings);
        var (students, staff) = (new Dictionary<string, long>(StringComparer.Ordinal), new Dictionary<string, long>(StringComparer.Ordinal));
        var (users, names, total) = (new Samples(sample), new AttributeNames(), 0L);
        await foreach (var page in DirectoryConnection.PeopleAsync(client, settings, record.Attributes, cancellationToken))
        {
            foreach (var (key, entry) in page)
            {
                if (key is null || settings.Rules.Place(entry) is not { } placement)
                {
                    continue;
                }

                total++;
                var counts = placement.Role switch
                {
                    "student" => students,
                    "teacher" => staff,
                    _ => null,
                };
                foreach (var school in counts is null ? [] : placement.Schools)
                {
                    counts![school.SourcedId] = counts.GetValueOrDefault(school.SourcedId) + 1;
                }

                var json = Json(writer => record.Write(writer, key, entry, placement));
                users.Take(json);
                names.Take(json);
            }
        }

        var schools = settings.Rules.Schools;
        var (orgs, orgNames) = (new Samples(sample), new AttributeNames());
        foreach (var school in schools)
        {
            var json = Json(writer => PersonRecord.Write(writer, school));
            orgs.Take(json);
            orgNames.Take(json);
        }

        return new SourceSurvey(
            [
                .. schools.Select(school => new SurveyedOrg(
                    new RawOrg(school.SourcedId, school.Name, "school", Identifier: null, Parent: null),
                    students.GetValueOrDefault(school.SourcedId),
                    staff.GetValueOrDefault(school.SourcedId)
                )),
            ],
            [
                new SurveyedCollection(Collection.Orgs, schools.Count, orgNames.InOrder, orgs.All),
                new SurveyedCollection(Collection.Users, total, names.InOrder, users.All),
            ]
        );
    }

    private static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            write(writer);
        }

        return stream.ToArray();
    }
}
