using System.Text;
using System.Text.Json;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Map;
using Rollbook.Sync.Setup.Schools;

namespace Rollbook.Sync.Samples;

/// <summary>What is known of a source's records: those of the last accepted upload, and before the first import those that the survey met.</summary>
public sealed class KnownRecords(KeptUploadSamples kept, Surveys surveys) : ISampleRecords
{
    /// <inheritdoc/>
    public async Task<KindSamples> ReadAsync(IDistrictStore store, string app, Kind kind, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (await store.Uploads.AcceptedAsync(app, cancellationToken) is not null)
        {
            return await kept.ReadAsync(store, app, kind, cancellationToken);
        }

        var survey = (await surveys.ReadAsync(store, app, cancellationToken)).Found;
        return survey is null ? KindSamples.None : Of(survey.Collections, kind);
    }

    private static KindSamples Of(IReadOnlyList<Sources.SurveyedCollection> collections, Kind kind)
    {
        var collection = SourceAttributes.CollectionOf(kind);
        var demographics = Samples(collections, Collection.Demographics)
            .Select(sample => (Id: Text(sample, "sourcedId"), Json: sample))
            .Where(sample => sample.Id is not null)
            .DistinctBy(sample => sample.Id, StringComparer.Ordinal)
            .ToDictionary(sample => sample.Id!, sample => sample.Json, StringComparer.Ordinal);
        var records = Samples(collections, collection)
            .Where(sample => collection != Collection.Users || DefaultMapping.KindOfRole(Text(sample, "role")) == kind)
            .Select(sample => new SampleRecord(
                Encoding.UTF8.GetBytes(sample),
                Text(sample, "sourcedId") is { } id && demographics.TryGetValue(id, out var part) ? Encoding.UTF8.GetBytes(part) : default
            ))
            .ToList();
        return records.Count == 0
            ? KindSamples.None
            : new KindSamples(records, SourceAttributes.Discover(records.Select(record => record.Json)), SampleOrigin.Survey);
    }

    private static IEnumerable<string> Samples(IReadOnlyList<Sources.SurveyedCollection> collections, Collection collection) =>
        collections.Where(surveyed => surveyed.Collection == collection).SelectMany(surveyed => surveyed.Samples);

    private static string? Text(string json, string name)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
