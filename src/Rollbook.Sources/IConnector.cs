namespace Rollbook.Sources;

/// <summary>
/// A way to read a source: Airbyte's spec, check, discover (here: survey) and read, in C# (architecture.md section 4). A connector is stateless; what it needs comes
/// with the call. Every connector passes the connector contract suite.
/// </summary>
public interface IConnector
{
    /// <summary>The gallery entry it serves, as written in the configuration file: <c>synergy</c>.</summary>
    string Type { get; }

    /// <summary>What the Application Gallery says of it.</summary>
    GalleryEntry Gallery { get; }

    /// <summary>The settings it takes, in the order of the form.</summary>
    IReadOnlyList<SettingDefinition> Settings { get; }

    /// <summary>Looks at settings without asking the source: a finding for each one that is wrong or will be used otherwise than it was written.</summary>
    IReadOnlyList<SettingFinding> Inspect(SourceSettings settings);

    /// <summary>
    /// Tests the connection step by step and yields each step as it is done, the failed one last. Never throws for a source that is down or
    /// settings that are wrong: the failed step says which part it is and what to do.
    /// </summary>
    IAsyncEnumerable<CheckStep> CheckAsync(SourceSettings settings, CancellationToken cancellationToken);

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

/// <summary>A card of the Application Gallery.</summary>
/// <param name="Name">The app's name: <c>Synergy</c>.</param>
/// <param name="Purpose">What it is for, in a sentence or two.</param>
/// <param name="Needs">What one must have at hand to set it up.</param>
/// <param name="Keywords">Other words that people look for it by.</param>
public sealed record GalleryEntry(string Name, string Purpose, IReadOnlyList<string> Needs, IReadOnlyList<string> Keywords);

/// <summary>What was found about a setting.</summary>
/// <param name="Name">The setting's name.</param>
/// <param name="Problem">What is wrong and what to do, without a secret; null when it is in order.</param>
/// <param name="Effective">The value as it will be used; null when that is what was written, or not to be shown.</param>
public sealed record SettingFinding(string Name, string? Problem, string? Effective);

/// <summary>A setting of a connector.</summary>
/// <param name="Name">The key in the configuration file: <c>apiUrl</c>.</param>
/// <param name="Label">The label on the screen: <c>API URL</c>.</param>
/// <param name="Hint">A sentence of help.</param>
/// <param name="Required">Whether it must be given.</param>
/// <param name="Secret">Write-only, encrypted at rest, in no log, message or page.</param>
/// <param name="Choices">The values it may take; null for free text.</param>
/// <param name="Default">The value when it is left out; null for none.</param>
/// <param name="Advanced">Whether it stands under Advanced Settings.</param>
/// <param name="Long">Whether it is a text of several lines.</param>
public sealed record SettingDefinition(
    string Name,
    string Label,
    string Hint,
    bool Required = false,
    bool Secret = false,
    IReadOnlyList<string>? Choices = null,
    string? Default = null,
    bool Advanced = false,
    bool Long = false
);

/// <summary>A connector's settings with their values, secrets in clear: never printed, never logged.</summary>
public sealed class SourceSettings(IReadOnlyDictionary<string, string> values)
{
    /// <summary>The app that they are of; null when that is not known, as when a configuration file is looked at.</summary>
    public SourceOwner? Owner { get; init; }

    /// <summary>The value of a setting; null when it is not set.</summary>
    public string? this[string name] => values.GetValueOrDefault(name);

    /// <summary>Nothing of the values.</summary>
    public override string ToString() => nameof(SourceSettings);
}

/// <summary>The app that a source feeds.</summary>
/// <param name="District">The district's short name.</param>
/// <param name="App">The app's ID in the district.</param>
public sealed record SourceOwner(string District, string App);

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
