using System.Security.Cryptography;
using System.Text;
using Rollbook.Storage;

namespace Rollbook.Sync.Configuration;

/// <summary>Makes a district's configuration be what was asked for: one way in for the file and for the console.</summary>
public sealed class Configurations(IInstallationStore installation, ISecrets secrets, TimeProvider time)
{
    /// <summary>Applies a configuration with the secrets that come with it. The same one again changes nothing.</summary>
    /// <returns>The version that is in force and whether anything changed.</returns>
    /// <exception cref="InvalidOperationException">Someone else saved at the same moment.</exception>
    public async Task<AppliedConfiguration> ApplyAsync(ConfigurationFileResult.Read read, string savedBy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        var configuration = read.Configuration;
        var store = await installation.CreateAsync(new DistrictInfo(configuration.Id, configuration.Name, configuration.TimeZone), cancellationToken);
        var changed = false;
        foreach (var ((app, setting), secret) in read.Secrets)
        {
            var name = SecretSettings.NameOf(app, setting);
            if (!IsSame(await store.Configuration.GetSecretAsync(name, cancellationToken), secret))
            {
                await store.Configuration.SetSecretAsync(name, secrets.Protect(secret), cancellationToken);
                changed = true;
            }
        }

        var latest = await store.Configuration.LatestAsync(cancellationToken);
        var document = configuration.ToDocument();
        if (latest is not null && string.Equals(latest.Document, document, StringComparison.Ordinal))
        {
            return new AppliedConfiguration(configuration.Id, latest.Number, changed);
        }

        var number =
            await store.Configuration.AddAsync(latest?.Number ?? 0, document, savedBy, time.GetUtcNow(), cancellationToken)
            ?? throw new InvalidOperationException("Someone else saved the configuration at the same moment. Nothing was lost; apply it again.");
        return new AppliedConfiguration(configuration.Id, number, Changed: true);
    }

    /// <summary>Changes a district's configuration; asks again for the change when someone else saved meanwhile. A change that changes nothing writes nothing.</summary>
    /// <exception cref="InvalidOperationException">There is no such district.</exception>
    public async Task<AppliedConfiguration> ChangeAsync(
        string district,
        string savedBy,
        Func<DistrictConfiguration, DistrictConfiguration> change,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(change);
        var store = await installation.OpenAsync(district, cancellationToken) ?? throw new InvalidOperationException($"There is no district {district}.");
        while (true)
        {
            var latest = await store.Configuration.LatestAsync(cancellationToken);
            var now = latest is null
                ? new DistrictConfiguration { Id = district, Name = store.District.Name, TimeZone = store.District.TimeZone }
                : DistrictConfiguration.FromDocument(latest.Document);
            var document = change(now).ToDocument();
            if (string.Equals(document, now.ToDocument(), StringComparison.Ordinal))
            {
                return new AppliedConfiguration(district, latest?.Number ?? 0, Changed: false);
            }

            if (await store.Configuration.AddAsync(latest?.Number ?? 0, document, savedBy, time.GetUtcNow(), cancellationToken) is { } number)
            {
                return new AppliedConfiguration(district, number, Changed: true);
            }
        }
    }

    private bool IsSame(byte[]? kept, string secret)
    {
        if (kept is null)
        {
            return false;
        }

        try
        {
            return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(secrets.Unprotect(kept)), Encoding.UTF8.GetBytes(secret));
        }
        catch (CryptographicException)
        {
            // Encrypted with keys that are gone: take the new one.
            return false;
        }
    }
}

/// <summary>What applying a configuration did.</summary>
public sealed record AppliedConfiguration(string District, int Version, bool Changed);
