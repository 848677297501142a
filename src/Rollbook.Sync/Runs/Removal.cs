using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Runs;

/// <summary>What a removal of an app's data derives from: a source that has nothing at all, and a configuration in which the app maps no school.</summary>
internal static class Removal
{
    /// <summary>Every collection, whole and empty.</summary>
    internal static IAsyncEnumerable<SourceMessage> Source() =>
        Collections.InOrder.Select(SourceMessage (collection) => new SourceMessage.Complete(collection, 0, null)).ToAsyncEnumerable();

    /// <summary>The district's configuration for it; the app may have been taken out already.</summary>
    internal static DistrictConfiguration Of(DistrictConfiguration configuration, string app)
    {
        var settings = configuration.Apps.GetValueOrDefault(app) ?? new AppConfiguration { Type = "", Name = app };
        return configuration.With(app, settings with { Schools = new SchoolsMapping() });
    }
}
