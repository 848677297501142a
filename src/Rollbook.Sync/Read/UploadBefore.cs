using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Storage;

namespace Rollbook.Sync.Read;

/// <summary>What an app's source said last, for a connector that is sent parts of records.</summary>
internal static class UploadBefore
{
    /// <summary>Finds records in the kept upload of an app.</summary>
    internal static RecordsBefore Of(IUploadStore uploads, string app) =>
        async (collection, keys, cancellationToken) =>
        {
            await using var kept = await KeptUpload.LoadAsync(uploads, app, run: 0, collection, cancellationToken);
            var found = new Dictionary<RollbookId, ReadOnlyMemory<byte>>();
            await foreach (var (key, json) in kept.FetchAsync(keys, cancellationToken))
            {
                found[key] = json.ToArray();
            }

            return found;
        };
}
