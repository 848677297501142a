using System.Runtime.CompilerServices;
using Rollbook.Model;

namespace Rollbook.Sources.OneRoster;

/// <summary>Reads the whole roster of a OneRoster source, collection by collection.</summary>
internal static class RosterRead
{
    /// <summary>The messages of all collections.</summary>
    /// <exception cref="SourceException">The read failed; thrown while enumerating.</exception>
    public static IAsyncEnumerable<SourceMessage> ReadAsync(ReadRequest request, OneRosterOptions options, CancellationToken cancellationToken) =>
        Prefetch.AheadAsync(stop => CollectionsAsync(request, options, stop), cancellationToken);

    private static async IAsyncEnumerable<SourceMessage> CollectionsAsync(
        ReadRequest request,
        OneRosterOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var version = await VersionSearch.FindAsync(request.Settings, options, cancellationToken);
        var settings = OneRosterSettings.Parse(request.Settings, version);
        if (version is { } found && OneRosterSettings.Parse(request.Settings).VersionIsOpen)
        {
            yield return new SourceMessage.Notice(
                Collections.InOrder[0],
                $"OneRoster {found.Name()} was found at {settings.Api}; set the OneRoster version to keep to it."
            );
        }

        using var connection = new OneRosterConnection(settings, options);
        foreach (var collection in Collections.InOrder)
        {
            var reader = new CollectionReader(connection, collection, request.Ids(Collections.FamilyOf(collection)));
            await foreach (var message in reader.ReadAsync(request.From?.GetValueOrDefault(collection), cancellationToken))
            {
                yield return message;
            }
        }
    }
}
