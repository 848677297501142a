namespace Rollbook.Sources;

/// <summary>
/// An app of the Application Gallery as its set-up sees it, whichever way data goes: what it is for, which settings it takes, and whether they work. One that imports is an
/// <see cref="IConnector"/>.
/// </summary>
public interface IGalleryApp
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

/// <summary>A setting of an app.</summary>
/// <param name="Name">The key in the configuration file: <c>apiUrl</c>.</param>
/// <param name="Label">The label on the screen: <c>API URL</c>.</param>
/// <param name="Hint">A sentence of help.</param>
/// <param name="Required">Whether it must be given.</param>
/// <param name="Secret">Write-only, encrypted at rest, in no log, message or page.</param>
/// <param name="Choices">The values it may take; null for free text.</param>
/// <param name="Default">The value when it is left out; null for none.</param>
/// <param name="Advanced">Whether it stands under Advanced Settings.</param>
/// <param name="Long">Whether it is a text of several lines.</param>
/// <param name="Address">Whether it says where the secrets go, or by what the other side is known: with another one they are entered again.</param>
public sealed record SettingDefinition(
    string Name,
    string Label,
    string Hint,
    bool Required = false,
    bool Secret = false,
    IReadOnlyList<string>? Choices = null,
    string? Default = null,
    bool Advanced = false,
    bool Long = false,
    bool Address = false
);

/// <summary>An app's settings with their values, secrets in clear: never printed, never logged.</summary>
public sealed class SourceSettings(IReadOnlyDictionary<string, string> values)
{
    /// <summary>The app that they are of; null when that is not known, as when a configuration file is looked at.</summary>
    public SourceOwner? Owner { get; init; }

    /// <summary>The value of a setting; null when it is not set.</summary>
    public string? this[string name] => values.GetValueOrDefault(name);

    /// <summary>Nothing of the values.</summary>
    public override string ToString() => nameof(SourceSettings);
}

/// <summary>Whose settings they are.</summary>
/// <param name="District">The district's short name.</param>
/// <param name="App">The app's ID in the district.</param>
public sealed record SourceOwner(string District, string App)
{
    /// <summary>The rehearsal that it is for, a short name; null for none. What was handed over for a rehearsal is read by that one only, and never by an import.</summary>
    public string? Rehearsal { get; init; }
}
