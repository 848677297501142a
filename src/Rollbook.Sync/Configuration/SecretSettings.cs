using System.Security.Cryptography;
using Rollbook.Sources;
using Rollbook.Storage;

namespace Rollbook.Sync.Configuration;

/// <summary>Puts an app's delivery settings and its kept secrets together for a connector.</summary>
public static class SecretSettings
{
    /// <summary>The settings with their secrets in clear.</summary>
    /// <exception cref="SourceException">A secret can't be read any more.</exception>
    public static Task<SourceSettings> ReadAsync(
        IDistrictStore store,
        ISecrets secrets,
        string app,
        AppConfiguration settings,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            store,
            secrets,
            new SourceOwner(store.District.Id, app),
            settings,
            new Dictionary<string, string>(StringComparer.Ordinal),
            cancellationToken
        );

    /// <summary>The settings with their secrets in clear, some of which are not kept yet.</summary>
    /// <exception cref="SourceException">A secret can't be read any more.</exception>
    internal static async Task<SourceSettings> ReadAsync(
        IDistrictStore store,
        ISecrets secrets,
        SourceOwner owner,
        AppConfiguration settings,
        IReadOnlyDictionary<string, string> given,
        CancellationToken cancellationToken
    )
    {
        var app = owner.App;
        var values = settings.Delivery.ToDictionary(StringComparer.Ordinal);
        foreach (var name in settings.Secrets)
        {
            if (given.TryGetValue(name, out var clear))
            {
                values[name] = clear;
                continue;
            }

            if (await store.Configuration.GetSecretAsync(NameOf(app, name), cancellationToken) is not { } encrypted)
            {
                continue;
            }

            try
            {
                values[name] = secrets.Unprotect(encrypted);
            }
            catch (CryptographicException exception)
            {
                throw new SourceException(
                    SourceFailure.Configuration,
                    CheckPart.Settings,
                    $"The stored {name} of {app} can't be decrypted: the keys of this installation were replaced. Enter it again.",
                    exception
                );
            }
        }

        return new SourceSettings(values) { Owner = owner };
    }

    /// <summary>
    /// The kept secrets that would go to another address than the one for which they were kept, and are not entered again: they are not to be used. An address that is left out is no other one.
    /// </summary>
    /// <param name="entry">The app's entry in the gallery; null for a type that this version does not know, which connects to nothing.</param>
    /// <param name="saved">The app as it is saved, for which the secrets are kept.</param>
    /// <param name="delivery">The settings with which they would be used.</param>
    /// <param name="entered">The secrets that are entered, by setting.</param>
    public static IReadOnlyList<string> KeptForAnotherAddress(
        IGalleryApp? entry,
        AppConfiguration saved,
        IReadOnlyDictionary<string, string> delivery,
        IEnumerable<string> entered
    )
    {
        ArgumentNullException.ThrowIfNull(saved);
        ArgumentNullException.ThrowIfNull(delivery);
        return (entry?.Settings ?? []).Any(IsAnother) ? [.. saved.Secrets.Except(entered, StringComparer.Ordinal)] : [];

        bool IsAnother(SettingDefinition setting) =>
            setting.Address
            && Plain(delivery.GetValueOrDefault(setting.Name)) is { Length: > 0 } wanted
            && !string.Equals(wanted, Plain(saved.Delivery.GetValueOrDefault(setting.Name)), StringComparison.Ordinal);

        // As a form brings it.
        static string? Plain(string? value) => value?.ReplaceLineEndings("\n").Trim();
    }

    /// <summary>The name under which a secret is kept.</summary>
    public static string NameOf(string app, string setting) => $"{app}/{setting}";
}
