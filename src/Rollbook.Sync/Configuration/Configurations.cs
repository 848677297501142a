using System.Security.Cryptography;
using System.Text;
using Rollbook.Storage;

namespace Rollbook.Sync.Configuration;

/// <summary>
/// Makes a district's configuration be what was asked for: one way in for the file and for the console. Each setting that has another value than before
/// gets an entry in the audit log.
/// </summary>
public sealed class Configurations(IInstallationStore installation, ISecrets secrets, IAuditLog audit, TimeProvider time)
{
    /// <summary>Applies a file with the secrets that come with it; those of an app that is not in it any more go. The same one again changes nothing.</summary>
    /// <returns>The version that is in force and whether anything changed.</returns>
    /// <exception cref="ConfigurationConflictException">Someone else saved at the same moment; nothing was changed.</exception>
    public async Task<AppliedConfiguration> ApplyAsync(ConfigurationFileResult.Read read, string savedBy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        var configuration = read.Configuration;
        var store =
            await installation.OpenAsync(configuration.Id, cancellationToken)
            ?? await installation.CreateAsync(DistrictOf(configuration), cancellationToken);
        var changed = await ChangedSecretsAsync(store, read, cancellationToken);
        var latest = await store.Configuration.LatestAsync(cancellationToken);
        var document = configuration.ToDocument();
        var number = latest?.Number;
        if (!string.Equals(latest?.Document, document, StringComparison.Ordinal))
        {
            number =
                await store.Configuration.AddAsync(latest?.Number ?? 0, document, savedBy, time.GetUtcNow(), cancellationToken)
                ?? throw new ConfigurationConflictException();
        }

        // It is in force: what goes with it follows, whatever happens to whoever asked.
        var old = Read(latest);
        await FollowAsync(store, old, read, changed, savedBy);
        return new AppliedConfiguration(configuration.Id, number!.Value, changed.Count > 0 || number != latest?.Number);
    }

    /// <summary>Makes the district, its secrets and its drafts fit an applied file, and tells the audit log.</summary>
    private async Task FollowAsync(
        IDistrictStore store,
        DistrictConfiguration? old,
        ConfigurationFileResult.Read read,
        IReadOnlyCollection<(string App, string Setting)> changed,
        string savedBy
    )
    {
        var configuration = read.Configuration;
        await installation.CreateAsync(DistrictOf(configuration), CancellationToken.None);
        foreach (var (app, setting) in changed)
        {
            var secret = secrets.Protect(read.Secrets[(app, setting)]);
            await store.Configuration.SetSecretAsync(SecretSettings.NameOf(app, setting), secret, CancellationToken.None);
        }

        var kept = configuration.AllApps.Select(app => app.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var (app, settings) in old?.AllApps.Where(app => !kept.Contains(app.Key)) ?? [])
        {
            await store.United.KeepIdsAsync(app, CancellationToken.None);
            foreach (var setting in settings.Secrets)
            {
                await store.Configuration.RemoveSecretAsync(SecretSettings.NameOf(app, setting), CancellationToken.None);
            }

            // What was found for its pages may name people.
            await store.Jobs.RemoveAsync(app, CancellationToken.None);
            await store.Deliveries.RemoveAsync(app, CancellationToken.None);
        }

        if (old?.Webhook is not null && configuration.Webhook is null)
        {
            await store.Configuration.RemoveSecretAsync(WebhookSettings.SecretName, CancellationToken.None);
        }

        // An app of the file is set up: a set-up of the same app that was begun in the console would hide it.
        foreach (var draft in (await store.Drafts.ListAsync(CancellationToken.None)).Where(draft => kept.Contains(draft.App)))
        {
            await store.Drafts.RemoveAsync(draft.App, CancellationToken.None);
            var discarded = new AuditEntry(configuration.Id, savedBy, AuditChannel.Command, AuditActions.AppDiscarded, $"apps.{draft.App}");
            await audit.WriteAsync(discarded, CancellationToken.None);
        }

        var changes = ConfigurationChanges.Between(old, configuration, changed);
        await TellAsync(configuration.Id, savedBy, AuditChannel.Command, changes, CancellationToken.None);
    }

    /// <summary>
    /// Changes a district's configuration from the console. The change is made to the newest version, and once more when someone else saved meanwhile;
    /// when it makes no difference, nothing is written.
    /// </summary>
    /// <param name="district">The district's ID.</param>
    /// <param name="savedBy">Who changes it, by sign-in name.</param>
    /// <param name="change">Gives the new configuration for the newest one; may be called more than once.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ArgumentException">There is no such district, or the change gives another district's configuration.</exception>
    public async Task<AppliedConfiguration> ChangeAsync(
        string district,
        string savedBy,
        Func<DistrictConfiguration, DistrictConfiguration> change,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(change);
        var store =
            await installation.OpenAsync(district, cancellationToken)
            ?? throw new ArgumentException($"There is no district {district}.", nameof(district));
        while (true)
        {
            var latest = await store.Configuration.LatestAsync(cancellationToken);
            var old = Read(latest);
            var now = change(
                old
                    ?? new DistrictConfiguration
                    {
                        Id = district,
                        Name = store.District.Name,
                        TimeZone = store.District.TimeZone,
                    }
            );
            if (!string.Equals(now.Id, district, StringComparison.Ordinal))
            {
                throw new ArgumentException($"A configuration of {now.Id} is not one of {district}.", nameof(change));
            }

            var document = now.ToDocument();
            if (latest is not null && string.Equals(document, latest.Document, StringComparison.Ordinal))
            {
                return new AppliedConfiguration(district, latest.Number, Changed: false);
            }

            if (await store.Configuration.AddAsync(latest?.Number ?? 0, document, savedBy, time.GetUtcNow(), cancellationToken) is { } number)
            {
                // It is in force: it is told, also when nobody waits for the answer any more.
                await installation.CreateAsync(DistrictOf(now), CancellationToken.None);
                await TellAsync(district, savedBy, AuditChannel.Console, ConfigurationChanges.Between(old, now), CancellationToken.None);
                return new AppliedConfiguration(district, number, Changed: true);
            }
        }
    }

    /// <summary>Has a district's webhook be called from now on at this address, or none; for the console.</summary>
    /// <param name="district">The district's ID.</param>
    /// <param name="webhook">The webhook; null for none, and its secret goes too.</param>
    /// <param name="secret">A signing secret in place of the one kept; null to go on with that one.</param>
    /// <param name="savedBy">Who changes it, by sign-in name.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ArgumentException">There is no such district.</exception>
    public async Task SetWebhookAsync(string district, WebhookSettings? webhook, string? secret, string savedBy, CancellationToken cancellationToken)
    {
        var store =
            await installation.OpenAsync(district, cancellationToken)
            ?? throw new ArgumentException($"There is no district {district}.", nameof(district));
        if (webhook is not null && secret is not null)
        {
            await store.Configuration.SetSecretAsync(WebhookSettings.SecretName, secrets.Protect(secret), cancellationToken);
            var set = new AuditEntry(district, savedBy, AuditChannel.Console, AuditActions.SecretSet, "district.notifications.webhook.secret");
            await audit.WriteAsync(set, CancellationToken.None);
        }

        await ChangeAsync(district, savedBy, configuration => configuration with { Webhook = webhook }, cancellationToken);
        if (webhook is null)
        {
            await store.Configuration.RemoveSecretAsync(WebhookSettings.SecretName, CancellationToken.None);
        }
    }

    /// <summary>The secrets of a file that are not those kept.</summary>
    internal async Task<IReadOnlyCollection<(string App, string Setting)>> ChangedSecretsAsync(
        IDistrictStore store,
        ConfigurationFileResult.Read read,
        CancellationToken cancellationToken
    )
    {
        var changed = new List<(string App, string Setting)>();
        foreach (var ((app, setting), secret) in read.Secrets)
        {
            if (!IsSame(await store.Configuration.GetSecretAsync(SecretSettings.NameOf(app, setting), cancellationToken), secret))
            {
                changed.Add((app, setting));
            }
        }

        return changed;
    }

    private static DistrictInfo DistrictOf(DistrictConfiguration configuration) => new(configuration.Id, configuration.Name, configuration.TimeZone);

    private static DistrictConfiguration? Read(ConfigurationVersion? version) =>
        version is null ? null : DistrictConfiguration.FromDocument(version.Document);

    private Task TellAsync(
        string district,
        string who,
        AuditChannel how,
        IReadOnlyList<ConfigurationChange> changes,
        CancellationToken cancellationToken
    ) =>
        audit.WriteAsync(
            [
                .. changes.Select(change => new AuditEntry(district, who, how, AuditActions.ConfigurationSaved, change.Path)
                {
                    OldValue = change.Old,
                    NewValue = change.New,
                }),
            ],
            cancellationToken
        );

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
/// <param name="District">The district.</param>
/// <param name="Version">The configuration version that is in force.</param>
/// <param name="Changed">Whether the configuration or a secret changed.</param>
public sealed record AppliedConfiguration(string District, int Version, bool Changed);
