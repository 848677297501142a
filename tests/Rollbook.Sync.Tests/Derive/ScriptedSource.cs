using System.Buffers;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Rollbook.Model;
using Rollbook.Sources;

namespace Rollbook.Sync.Tests.Derive;

/// <summary>A source whose records a test writes down, delivered in any order and in pages of any size.</summary>
internal sealed class ScriptedSource(Random random) : IConnector
{
    internal Dictionary<Collection, SortedDictionary<string, JsonObject>> Records { get; } =
        Collections.InOrder.ToDictionary(collection => collection, _ => new SortedDictionary<string, JsonObject>(StringComparer.Ordinal));

    /// <summary>What is delivered instead of everything; null for everything.</summary>
    internal HashSet<(Collection Collection, string SourcedId)>? Only { get; set; }

    /// <summary>Whether what it sends is only what has changed.</summary>
    internal bool SendsChanges { get; set; }

    /// <summary>Collections that the source does not give.</summary>
    internal HashSet<Collection> Missing { get; } = [];

    /// <summary>What to throw, after so many records.</summary>
    internal (int After, Exception Exception)? Failure { get; set; }

    /// <summary>What some records looked like when the source was read a first time in the same run; null when it was read once.</summary>
    internal Dictionary<Collection, SortedDictionary<string, JsonObject>>? Earlier { get; set; }

    /// <summary>Called before each page.</summary>
    internal Func<Collection, CancellationToken, Task> BeforePage { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>What is replaced in the JSON of every record, for what the serializer would not write; null for nothing.</summary>
    internal (string This, string By)? Replace { get; set; }

    /// <summary>Records that come without an ID.</summary>
    internal HashSet<(Collection Collection, string SourcedId)> Nameless { get; } = [];

    /// <summary>The total that the source claims; null for the true one.</summary>
    internal Func<Collection, long?>? Claims { get; set; }

    public string Type { get; init; } = "scripted";

    public GalleryEntry Gallery { get; } = new("Scripted", "Says what a test tells it to.", [], []);

    public IReadOnlyList<SettingFinding> Inspect(SourceSettings settings) => [];

    public IReadOnlyList<SettingDefinition> Settings => [];

    public async IAsyncEnumerable<CheckStep> CheckAsync(SourceSettings settings, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        yield break;
    }

    public Task<SourceSurvey> SurveyAsync(SourceSettings settings, int sample, IProgress<string> progress, CancellationToken cancellationToken) =>
        Task.FromResult(new SourceSurvey([], []));

    public async IAsyncEnumerable<SourceMessage> ReadAsync(ReadRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var sent = 0;
        foreach (var collection in Collections.InOrder)
        {
            if (Missing.Contains(collection))
            {
                yield return new SourceMessage.Unavailable(collection, $"{collection} is not licensed.");
                continue;
            }

            var scope = request.Ids(Collections.FamilyOf(collection));
            var records = Records[collection]
                .Where(record => Only is null || Only.Contains((collection, record.Key)))
                .Where(record => !Nameless.Contains((collection, record.Key)))
                .ToArray();
            random.Shuffle(records);
            long read = 0;
            if (Earlier is { } earlier)
            {
                // The collection is read once more because it changed under the reader: some of it comes twice, the first time as it was.
                var first = earlier[collection]
                    .Where(record => records.Any(now => string.Equals(now.Key, record.Key, StringComparison.Ordinal)) && random.Next(2) == 0)
                    .ToArray();
                if (first.Length > 0)
                {
                    yield return new SourceMessage.Batch(collection, Batch(first, scope));
                }
            }

            foreach (var _ in Nameless.Where(record => record.Collection == collection))
            {
                yield return new SourceMessage.Rejected(collection, null, "A record can't be taken: it has no sourcedId that is text.");
            }

            foreach (var page in records.Chunk(random.Next(1, 8)))
            {
                await BeforePage(collection, cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                if (Failure is { } failure && sent + page.Length > failure.After)
                {
                    throw failure.Exception;
                }

                sent += page.Length;
                read += page.Length;
                yield return new SourceMessage.Batch(collection, Batch(page, scope));
                yield return new SourceMessage.Progress(collection, read, null);
            }

            yield return SendsChanges
                ? new SourceMessage.Changes(collection, read)
                : new SourceMessage.Complete(collection, read, Claims is null ? read : Claims(collection));
        }
    }

    private RawBatch Batch(KeyValuePair<string, JsonObject>[] page, IdScope scope)
    {
        var jsons = page.Select(record => Encoding.UTF8.GetBytes(Json(record.Value))).ToList();
        var buffer = ArrayPool<byte>.Shared.Rent(jsons.Sum(json => json.Length));
        var records = new List<RawRecord>();
        var end = 0;
        for (var i = 0; i < page.Length; i++)
        {
            jsons[i].CopyTo(buffer.AsSpan(end));
            var deleted = (string?)page[i].Value["status"] is "tobedeleted";
            records.Add(new RawRecord(RollbookId.Derive(scope, page[i].Key), XxHash128.HashToUInt128(jsons[i]), end, jsons[i].Length, deleted));
            end += jsons[i].Length;
        }

        return new RawBatch(buffer, records.ToArray());
    }

    private string Json(JsonObject record) =>
        Replace is { } replace ? record.ToJsonString().Replace(replace.This, replace.By, StringComparison.Ordinal) : record.ToJsonString();
}
