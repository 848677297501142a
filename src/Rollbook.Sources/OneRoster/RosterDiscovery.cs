using Rollbook.Model;

namespace Rollbook.Sources.OneRoster;

/// <summary>Looks at real records to find what a source has.</summary>
internal static class RosterDiscovery
{
    // Keys do not matter here.
    private static readonly IdScope AnyScope = new("", "", Family.Org);

    /// <summary>The collections that can be read, at most <paramref name="sample"/> records of each looked at.</summary>
    /// <exception cref="SourceException">The source could not be read.</exception>
    public static async Task<IReadOnlyList<DiscoveredCollection>> DiscoverAsync(
        SourceSettings settings,
        OneRosterOptions options,
        int sample,
        CancellationToken cancellationToken
    )
    {
        using var connection = new OneRosterConnection(OneRosterSettings.Parse(settings), options);
        var found = new List<DiscoveredCollection>();
        foreach (var collection in Collections.InOrder)
        {
            if (await DiscoverAsync(connection, collection, sample, cancellationToken) is { } discovered)
            {
                found.Add(discovered);
            }
        }

        return found;
    }

    private static async Task<DiscoveredCollection?> DiscoverAsync(
        OneRosterConnection connection,
        Collection collection,
        int sample,
        CancellationToken cancellationToken
    )
    {
        var names = new AttributeNames();
        var (read, total) = (0L, (long?)null);
        var reader = new CollectionReader(connection, collection, AnyScope, Math.Clamp(sample, 1, OneRosterOptions.LargestPage));
        await foreach (var message in reader.ReadAsync(null, cancellationToken))
        {
            switch (message)
            {
                case SourceMessage.Batch { Records: var batch }:
                    using (batch)
                    {
                        foreach (var record in batch.Records.Take((int)Math.Max(0, sample - read)))
                        {
                            names.Take(batch.Json(record));
                            read++;
                        }
                    }

                    break;
                case SourceMessage.Progress progress:
                    total = progress.Expected;
                    break;
                case SourceMessage.Complete complete:
                    total = complete.Read;
                    break;
                case SourceMessage.Unavailable when read == 0:
                    return null;
            }

            if (read >= sample && message is SourceMessage.Progress)
            {
                break;
            }
        }

        return new DiscoveredCollection(collection, total, names.InOrder);
    }
}
