using System.Text.Json;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Deliver;

namespace Rollbook.Sync.Setup;

/// <summary>
/// Sets apps up: from a draft in the district's store to a configuration in force, and step by step from then on. A step saves its own part only; two people at
/// different steps do not meet, two at the same step are told.
/// </summary>
public sealed class Setups(
    IEnumerable<IConnector> connectors,
    IEnumerable<IExporter> exporters,
    Configurations configurations,
    ISecrets secrets,
    IAuditLog audit,
    TimeProvider time
)
{
    /// <summary>The gallery's apps.</summary>
    public IReadOnlyList<IGalleryApp> Gallery { get; } =
    [.. connectors.Concat<IGalleryApp>(exporters).OrderBy(app => app.Gallery.Name, StringComparer.OrdinalIgnoreCase)];

    /// <summary>The gallery's entry of an app; null for a type that this version does not know.</summary>
    public IGalleryApp? EntryOf(AppConfiguration app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return Gallery.FirstOrDefault(entry => string.Equals(entry.Type, app.Type, StringComparison.Ordinal));
    }

    /// <summary>The connector of an import app; null for an export app, and for a type that this version does not know.</summary>
    public IConnector? ConnectorOf(AppConfiguration app) => EntryOf(app) as IConnector;

    /// <summary>An app's set-up; null when there is no such app.</summary>
    public async Task<AppSetup?> OpenAsync(IDistrictStore store, string app, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (await store.Drafts.GetAsync(app, cancellationToken) is { } draft)
        {
            return AppSetup.OfDraft(draft);
        }

        if (await store.Configuration.LatestAsync(cancellationToken) is not { } version)
        {
            return null;
        }

        var district = DistrictConfiguration.FromDocument(version.Document);
        var isExport = district.Exports.TryGetValue(app, out var configuration);
        return isExport || district.Apps.TryGetValue(app, out configuration)
            ? new AppSetup(app, configuration!, IsDraft: false, SetupStep.Done, version.Number, version.SavedBy, version.SavedAt)
            {
                IsExport = isExport,
            }
            : null;
    }

    /// <summary>The set-ups that are not finished.</summary>
    public async Task<IReadOnlyList<AppSetup>> DraftsAsync(IDistrictStore store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        return [.. (await store.Drafts.ListAsync(cancellationToken)).Select(AppSetup.OfDraft)];
    }

    /// <summary><b>Activate</b>: adds an app of a type to the district, as a draft, and returns it. Several of one type get numbers.</summary>
    /// <exception cref="ArgumentException">There is no such type.</exception>
    public async Task<AppSetup> ActivateAsync(IDistrictStore store, string type, string savedBy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var connector =
            Gallery.FirstOrDefault(connector => string.Equals(connector.Type, type, StringComparison.Ordinal))
            ?? throw new ArgumentException("There is no app of this type in the gallery.", nameof(type));
        for (var number = 1; ; number++)
        {
            var id = number == 1 ? type : FormattableString.Invariant($"{type}-{number}");
            if (await OpenAsync(store, id, cancellationToken) is not null)
            {
                continue;
            }

            var app = new AppConfiguration
            {
                Type = type,
                Order = await NextPlaceAsync(store, cancellationToken),
                Name = number == 1 ? connector.Gallery.Name : FormattableString.Invariant($"{connector.Gallery.Name} {number}"),
                Delivery = new SortedDictionary<string, string>(
                    connector
                        .Settings.Where(setting => setting.Default is not null)
                        .ToDictionary(setting => setting.Name, setting => setting.Default!, StringComparer.Ordinal),
                    StringComparer.Ordinal
                ),
                Schools = new SchoolsMapping(),
            };
            var setup = new AppSetup(id, app, IsDraft: true, SetupStep.DeliveryConfig, 1, savedBy, time.GetUtcNow())
            {
                IsExport = connector is IExporter,
            };
            if (await store.Drafts.SaveAsync(id, 0, setup.ToDraftDocument(), savedBy, setup.SavedAt, cancellationToken) is not null)
            {
                await TellAsync(store, savedBy, AuditActions.AppActivated, $"apps.{id}");
                return setup;
            }
        }
    }

    /// <summary>The place behind every app of the district, in force or being set up: whoever comes later does not take over what is there.</summary>
    private static async Task<int> NextPlaceAsync(IDistrictStore store, CancellationToken cancellationToken)
    {
        var inForce = await store.Configuration.LatestAsync(cancellationToken) is { } version
            ? DistrictConfiguration.FromDocument(version.Document).Apps.Values
            : [];
        var drafts = (await store.Drafts.ListAsync(cancellationToken)).Select(draft => AppSetup.OfDraft(draft).Configuration);
        return inForce.Concat(drafts).Select(app => app.Order).DefaultIfEmpty(0).Max() + 1;
    }

    /// <summary>Saves one step. A secret that was kept for another address and is not entered again is kept no more.</summary>
    /// <param name="store">The district.</param>
    /// <param name="app">The app.</param>
    /// <param name="step">The step.</param>
    /// <param name="opened">What <see cref="AppSetup.Opened"/> said when the person opened it.</param>
    /// <param name="change">Makes the step's part be what the person wants.</param>
    /// <param name="secret">Secrets in clear that were entered, by setting.</param>
    /// <param name="reached">The step that the wizard comes to.</param>
    /// <param name="savedBy">Who.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="seen">The app's document on which the change was looked at, where it is to be saved on no other; null where that does not matter.</param>
    /// <param name="overLimits">Why it is saved though the next import will be held for it; null where that was not asked.</param>
    public async Task<SaveResult> SaveAsync(
        IDistrictStore store,
        string app,
        SetupStep step,
        string opened,
        Func<AppConfiguration, AppConfiguration> change,
        IReadOnlyDictionary<string, string> secret,
        SetupStep reached,
        string savedBy,
        CancellationToken cancellationToken,
        string? seen = null,
        string? overLimits = null
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(secret);
        while (await OpenAsync(store, app, cancellationToken) is { } now)
        {
            if (!string.Equals(now.Opened(step), opened, StringComparison.Ordinal))
            {
                return new SaveResult.Conflict(now);
            }

            if (seen is not null && !string.Equals(now.Configuration.ToDocument(), seen, StringComparison.Ordinal))
            {
                return new SaveResult.Moved(now);
            }

            var changed = change(now.Configuration);
            var left = SecretSettings.KeptForAnotherAddress(EntryOf(now.Configuration), now.Configuration, changed.Delivery, secret.Keys);
            changed = changed with
            {
                Secrets =
                [
                    .. changed.Secrets.Except(left, StringComparer.Ordinal).Union(secret.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal),
                ],
            };

            // What was kept for another address is gone before the new one is in force: also an import that begins at this moment does not send it there.
            var gone = await TakeAsync(store, now, changed.Delivery);
            if (await WriteAsync(store, now, changed, reached, savedBy, gone.Count > 0 ? CancellationToken.None : cancellationToken) is not { } saved)
            {
                foreach (var (name, encrypted) in gone)
                {
                    await store.Configuration.SetSecretAsync(name, encrypted, CancellationToken.None);
                }

                // Someone saved another step at this moment, or this one: look again.
                continue;
            }

            // What is saved is saved whole, also when nobody waits for the answer any more.
            foreach (var (setting, value) in secret)
            {
                var name = SecretSettings.NameOf(app, setting);
                await store.Configuration.SetSecretAsync(name, secrets.Protect(value), CancellationToken.None);
                await TellAsync(store, savedBy, AuditActions.SecretSet, $"apps.{app}.delivery.{setting}");
            }

            if (overLimits is not null)
            {
                await TellAsync(store, savedBy, AuditActions.ConfigurationOverLimits, $"apps.{app}", JsonSerializer.Serialize(overLimits));
            }

            if (changed.AcceptTerms && !now.Configuration.AcceptTerms)
            {
                await TellAsync(store, savedBy, AuditActions.TermsAccepted, $"apps.{app}", TermsOfUse.Json);
            }

            return new SaveResult.Saved(saved);
        }

        return new SaveResult.Gone();
    }

    /// <summary>What keeps a set-up from being finished; empty when nothing does.</summary>
    public async Task<IReadOnlyList<SetupProblem>> ProblemsAsync(IDistrictStore store, AppSetup setup, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(setup);
        var app = setup.Configuration;
        if (EntryOf(app) is not { } connector)
        {
            return [new SetupProblem(SetupStep.DeliveryConfig, "type", $"This version of Rollbook has no app of type {app.Type}.")];
        }

        SourceSettings settings;
        try
        {
            settings = await SecretSettings.ReadAsync(store, secrets, setup.App, app, cancellationToken);
        }
        catch (SourceException exception)
        {
            return [new SetupProblem(SetupStep.DeliveryConfig, "secret", exception.Message)];
        }

        var problems = connector
            .Inspect(settings)
            .Where(finding => finding.Problem is not null)
            .Select(finding => new SetupProblem(SetupStep.DeliveryConfig, finding.Name, finding.Problem!))
            .ToList();
        if (!app.AcceptTerms)
        {
            problems.Add(new SetupProblem(SetupStep.DeliveryConfig, "acceptTerms", AppSetup.TermsNeeded));
        }

        return problems;
    }

    /// <summary>
    /// <b>Finish</b>: puts a draft in force. Does nothing while there are <see cref="ProblemsAsync"/>, which it returns. What someone saves meanwhile is put in
    /// force with it.
    /// </summary>
    public async Task<IReadOnlyList<SetupProblem>> FinishAsync(IDistrictStore store, string app, string savedBy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        while (await OpenAsync(store, app, cancellationToken) is { IsDraft: true } setup)
        {
            var problems = await ProblemsAsync(store, setup, cancellationToken);
            if (problems.Count > 0)
            {
                return problems;
            }

            // From here on nothing stops half-way: what is in force must not be a draft as well.
            cancellationToken = CancellationToken.None;
            await configurations.ChangeAsync(store.District.Id, savedBy, district => With(district, setup, setup.Configuration), cancellationToken);
            if (await store.Drafts.RemoveAsync(app, setup.Revision, cancellationToken))
            {
                await TellAsync(store, savedBy, AuditActions.AppFinished, $"apps.{app}");
                break;
            }
        }

        return [];
    }

    /// <summary>Who accepted the terms for an app and when; null when nobody did in the console.</summary>
    public async Task<AuditRecord?> AcceptanceAsync(IDistrictStore store, string app, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var accepted = await audit.ReadAsync(new AuditQuery(store.District.Id) { Action = AuditActions.TermsAccepted }, 100, cancellationToken);
        return accepted.FirstOrDefault(record => string.Equals(record.Entry.Subject, $"apps.{app}", StringComparison.Ordinal));
    }

    /// <summary>Takes the secrets out of the store that were kept for another address than that of some settings, entered again or not.</summary>
    private async Task<IReadOnlyDictionary<string, byte[]>> TakeAsync(
        IDistrictStore store,
        AppSetup now,
        IReadOnlyDictionary<string, string> delivery
    )
    {
        var taken = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var setting in SecretSettings.KeptForAnotherAddress(EntryOf(now.Configuration), now.Configuration, delivery, entered: []))
        {
            var name = SecretSettings.NameOf(now.App, setting);
            if (await store.Configuration.GetSecretAsync(name, CancellationToken.None) is { } encrypted)
            {
                taken[name] = encrypted;
                await store.Configuration.RemoveSecretAsync(name, CancellationToken.None);
            }
        }

        return taken;
    }

    /// <summary>Writes it when it still is what was looked at; null when someone was faster.</summary>
    private async Task<AppSetup?> WriteAsync(
        IDistrictStore store,
        AppSetup now,
        AppConfiguration changed,
        SetupStep reached,
        string savedBy,
        CancellationToken cancellationToken
    )
    {
        var next = now with { Configuration = changed, SavedBy = savedBy, SavedAt = time.GetUtcNow() };
        if (now.IsDraft)
        {
            next = next with { Reached = reached > now.Reached ? reached : now.Reached };
            var revision = await store.Drafts.SaveAsync(now.App, now.Revision, next.ToDraftDocument(), savedBy, next.SavedAt, cancellationToken);
            return revision is { } saved ? next with { Revision = saved } : null;
        }

        var seen = now.Configuration.ToDocument();
        var isLate = false;
        var applied = await configurations.ChangeAsync(
            store.District.Id,
            savedBy,
            district =>
            {
                // Asked again when someone else saved meanwhile.
                var apps = now.IsExport ? district.Exports : district.Apps;
                isLate = !apps.TryGetValue(now.App, out var latest) || !string.Equals(latest.ToDocument(), seen, StringComparison.Ordinal);
                return isLate ? district : With(district, now, changed);
            },
            cancellationToken
        );
        return isLate ? null : next with { Revision = applied.Version };
    }

    private static DistrictConfiguration With(DistrictConfiguration district, AppSetup setup, AppConfiguration app) =>
        setup.IsExport ? district.WithExport(setup.App, app) : district.With(setup.App, app);

    private Task TellAsync(IDistrictStore store, string who, string action, string subject, string? value = null) =>
        audit.WriteAsync(new AuditEntry(store.District.Id, who, AuditChannel.Console, action, subject) { NewValue = value }, CancellationToken.None);
}
