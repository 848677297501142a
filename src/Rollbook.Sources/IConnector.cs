namespace Rollbook.Sources;

/// <summary>
/// A way to read a source: Airbyte's spec, check, discover (here: survey) and read, in C# (architecture.md section 4). A connector is stateless; what it needs comes
/// with the call. Every connector passes the connector contract suite.
/// </summary>
public interface IConnector : IGalleryApp
{
    /// <summary>
    /// Looks the source over before anything is imported: every organisation, how many people each school has, and of each collection the attributes
    /// (<c>metadata.*</c> too) and <paramref name="sample"/> raw records (of users, of each role). Costs requests in the number of schools, not of people.
    /// </summary>
    /// <param name="settings">The connection.</param>
    /// <param name="sample">How many records are shown.</param>
    /// <param name="progress">Takes what is being done, in words for people.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SourceException">The source could not be read.</exception>
    Task<SourceSurvey> SurveyAsync(SourceSettings settings, int sample, IProgress<string> progress, CancellationToken cancellationToken);

    /// <summary>
    /// Reads everything, collection by collection in <see cref="Model.Collections.InOrder"/>. A collection is over with
    /// <see cref="SourceMessage.Complete"/>, <see cref="SourceMessage.Changes"/> or <see cref="SourceMessage.Unavailable"/>; without <c>Complete</c> nothing
    /// of it is deleted but what the source itself marks deleted.
    /// </summary>
    /// <exception cref="SourceException">The read failed; thrown while enumerating.</exception>
    IAsyncEnumerable<SourceMessage> ReadAsync(ReadRequest request, CancellationToken cancellationToken);
}

/// <summary>What to read.</summary>
/// <param name="Settings">The connection.</param>
/// <param name="Ids">Derives the key of a record from its collection's family and SIS ID.</param>
/// <param name="From">Checkpoints by collection from which to go on; null to start at the beginning.</param>
/// <param name="Before">Finds what the source said of records before, for one that sends parts of a record; null when nothing is kept.</param>
public sealed record ReadRequest(
    SourceSettings Settings,
    Func<Model.Family, Model.IdScope> Ids,
    IReadOnlyDictionary<Model.Collection, string>? From = null,
    RecordsBefore? Before = null
);

/// <summary>Finds the raw records that the source gave before, of those keys that are known.</summary>
public delegate Task<IReadOnlyDictionary<Model.RollbookId, ReadOnlyMemory<byte>>> RecordsBefore(
    Model.Collection collection,
    IReadOnlyCollection<Model.RollbookId> keys,
    CancellationToken cancellationToken
);
