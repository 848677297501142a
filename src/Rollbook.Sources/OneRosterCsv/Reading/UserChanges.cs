using System.Buffers;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rollbook.Model;

namespace Rollbook.Sources.OneRosterCsv.Reading;

/// <summary>
/// The users of a package of changes of OneRoster 1.2, where a user's row, roles and profiles change apart from each other: what the package says is put together with what the
/// source said before, so that a user's record is whole.
/// </summary>
internal sealed class UserChanges(RecordsBefore before, UserParts parts)
{
    private const int AtOnce = 1_000;

    private readonly HashSet<RollbookId> met = [];

    /// <summary>Completes the records of a batch, and disposes of it.</summary>
    public async Task<RawBatch> CompleteAsync(RawBatch batch, CancellationToken cancellationToken)
    {
        using (batch)
        {
            RollbookId[] keys = [.. batch.Records.Where(record => !record.Deleted).Select(record => record.Key)];
            var known = await before(Collection.Users, keys, cancellationToken);
            var users = new List<(RollbookId Key, bool Deleted, JsonObject User)>();
            foreach (var record in batch.Records)
            {
                met.Add(record.Key);
                var user = (JsonObject)JsonNode.Parse(batch.Json(record).Span)!;
                if (!record.Deleted)
                {
                    parts.Apply(record.Key, user, known.TryGetValue(record.Key, out var json) ? Parse(json) : null);
                }

                users.Add((record.Key, record.Deleted, user));
            }

            return Pack(users);
        }
    }

    /// <summary>The users of whom only roles or profiles changed.</summary>
    public async IAsyncEnumerable<RawBatch> RestAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var keys in parts.Users.Where(key => !met.Contains(key)).Chunk(AtOnce))
        {
            var users = new List<(RollbookId Key, bool Deleted, JsonObject User)>();
            foreach (var (key, json) in await before(Collection.Users, keys, cancellationToken))
            {
                var user = Parse(json);
                parts.Apply(key, user, Parse(json));
                users.Add((key, false, user));
            }

            if (users.Count > 0)
            {
                yield return Pack(users);
            }
        }
    }

    private static JsonObject Parse(ReadOnlyMemory<byte> json) => (JsonObject)JsonNode.Parse(json.Span)!;

    private static RawBatch Pack(List<(RollbookId Key, bool Deleted, JsonObject User)> users)
    {
        using var json = new PooledJson();
        using var writer = new Utf8JsonWriter(json, new JsonWriterOptions { Encoder = RecordBuilder.Encoder });
        var records = ArrayPool<RawRecord>.Shared.Rent(users.Count);
        for (var i = 0; i < users.Count; i++)
        {
            var start = json.Length;
            writer.Reset(json);
            users[i].User.WriteTo(writer);
            writer.Flush();
            records[i] = new RawRecord(users[i].Key, XxHash128.HashToUInt128(json.From(start)), start, json.Length - start, users[i].Deleted);
        }

        return new RawBatch(json.Take(), records, users.Count);
    }
}
