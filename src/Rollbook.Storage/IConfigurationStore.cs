namespace Rollbook.Storage;

/// <summary>
/// The district's configuration, one version after the other, as canonical JSON documents that the Sync room reads and writes; and the
/// secrets, which come in already encrypted and are kept apart from it.
/// </summary>
public interface IConfigurationStore
{
    /// <summary>The newest version; null before the first.</summary>
    Task<ConfigurationVersion?> LatestAsync(CancellationToken cancellationToken);

    /// <summary>The newest version's number; 0 before the first. Cheap, for those who look again and again.</summary>
    Task<int> LatestNumberAsync(CancellationToken cancellationToken);

    /// <summary>One version; null when there is none of this number.</summary>
    Task<ConfigurationVersion?> GetAsync(int number, CancellationToken cancellationToken);

    /// <summary>Adds a version after <paramref name="expectedLatest"/> (0 for the first) and returns its number; null when someone else saved meanwhile.</summary>
    Task<int?> AddAsync(int expectedLatest, string document, string savedBy, DateTimeOffset savedAt, CancellationToken cancellationToken);

    /// <summary>Keeps an encrypted secret under a name such as <c>synergy/clientSecret</c>, replacing the old one.</summary>
    Task SetSecretAsync(string name, byte[] encrypted, CancellationToken cancellationToken);

    /// <summary>The encrypted secret, or null.</summary>
    Task<byte[]?> GetSecretAsync(string name, CancellationToken cancellationToken);

    /// <summary>Forgets a secret. Harmless when there is none of this name.</summary>
    Task RemoveSecretAsync(string name, CancellationToken cancellationToken);
}

/// <summary>A version of the configuration.</summary>
public sealed record ConfigurationVersion(int Number, string Document, string SavedBy, DateTimeOffset SavedAt);
