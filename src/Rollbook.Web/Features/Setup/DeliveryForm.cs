using Microsoft.AspNetCore.Http;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Deliver;
using Rollbook.Sync.Setup;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Setup;

/// <summary>Delivery Config as it is on the screen: drawn from the app's settings. Holds entered secrets for the length of a request.</summary>
public sealed class DeliveryForm
{
    private readonly Dictionary<string, string> given;
    private readonly Dictionary<string, string> entered = new(StringComparer.Ordinal);
    private readonly AppConfiguration asSaved;
    private readonly Dictionary<string, string> effective;

    private DeliveryForm(IGalleryApp? entry, AppConfiguration app, Dictionary<string, string> values)
    {
        (Entry, asSaved, given) = (entry, app, values);
        (Advanced, AcceptTerms) = (app.Advanced, app.AcceptTerms);
        Threshold = LimitWords.Text(app.Advanced.SyncHoldThreshold);
        effective = (entry?.Inspect(new SourceSettings(values)) ?? [])
            .Where(finding => finding.Effective is not null)
            .ToDictionary(finding => finding.Name, finding => finding.Effective!, StringComparer.Ordinal);
    }

    /// <summary>The gallery's entry of the app; null for a type that this version does not know.</summary>
    public IGalleryApp? Entry { get; }

    /// <summary>Whether it is an export app.</summary>
    public bool IsExport => Entry is IExporter;

    /// <summary>Advanced Settings.</summary>
    public AdvancedSettings Advanced { get; private set; }

    /// <summary>The Sync hold threshold as it was typed.</summary>
    public string Threshold { get; private set; }

    /// <summary>Whether the terms are accepted.</summary>
    public bool AcceptTerms { get; private set; }

    /// <summary>What saving it changes.</summary>
    public StepChange Change =>
        new(
            app =>
                app with
                {
                    Delivery = new SortedDictionary<string, string>(
                        given.Where(value => value.Value.Length > 0).ToDictionary(StringComparer.Ordinal),
                        StringComparer.Ordinal
                    ),
                    Advanced = app.Advanced with
                    {
                        SisIdPrefix = Advanced.SisIdPrefix,
                        BulkUploadMode = Advanced.BulkUploadMode,
                        MultipleDataSources = Advanced.MultipleDataSources,
                        CompareByDomainsOfUniqueness = Advanced.CompareByDomainsOfUniqueness,
                        PreviewOfDataUpload = Advanced.PreviewOfDataUpload,
                        SyncHoldThreshold = Advanced.SyncHoldThreshold,
                        HoldMode = Advanced.HoldMode,
                        SecondPerson = Advanced.SecondPerson,
                    },
                    AcceptTerms = AcceptTerms,
                },
            entered
        );

    /// <summary>As it is saved.</summary>
    public static DeliveryForm Of(Setups setups, AppSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setups);
        ArgumentNullException.ThrowIfNull(setup);
        return new DeliveryForm(
            setups.EntryOf(setup.Configuration),
            setup.Configuration,
            setup.Configuration.Delivery.ToDictionary(StringComparer.Ordinal)
        );
    }

    /// <summary>As it was posted.</summary>
    /// <param name="setups">Finds the gallery's entry.</param>
    /// <param name="setup">The app as it is saved.</param>
    /// <param name="posted">What was posted.</param>
    /// <param name="mayAccept">Whether the person may accept the terms: a Primary District Admin's part (product.md section 1).</param>
    public static DeliveryForm Of(Setups setups, AppSetup setup, IFormCollection posted, bool mayAccept)
    {
        ArgumentNullException.ThrowIfNull(setups);
        ArgumentNullException.ThrowIfNull(setup);
        ArgumentNullException.ThrowIfNull(posted);
        var entry = setups.EntryOf(setup.Configuration);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in entry?.Settings ?? [])
        {
            if (setting.Name is WaitFor.Name && entry is IExporter)
            {
                values[setting.Name] = WaitFor.ValueOf(posted[setting.Name].OfType<string>());
            }
            else if (!setting.Secret)
            {
                values[setting.Name] = posted[setting.Name].ToString().ReplaceLineEndings("\n").Trim();
            }
        }

        var saved = setup.Configuration.Advanced;
        var threshold = posted["syncHoldThreshold"] is [{ } typed] ? typed.Trim() : LimitWords.Text(saved.SyncHoldThreshold);
        var form = new DeliveryForm(entry, setup.Configuration, values)
        {
            Threshold = threshold,
            Advanced =
                entry is IExporter
                    ? saved
                    : saved with
                    {
                        SisIdPrefix = posted["sisIdPrefix"].ToString().Trim(),
                        BulkUploadMode = posted["bulkUploadMode"] == "on",
                        MultipleDataSources = posted["multipleDataSources"] == "on",
                        CompareByDomainsOfUniqueness = posted["compareByDomainsOfUniqueness"] == "on",
                        PreviewOfDataUpload = posted["previewOfDataUpload"] == "on",
                        SyncHoldThreshold = LimitWords.Threshold(threshold) ?? saved.SyncHoldThreshold,
                        HoldMode = posted["holdMode"] is [{ } mode] ? LimitWords.ModeOf(mode) : saved.HoldMode,
                        SecondPerson = posted["secondPerson"] == "on",
                    },
            AcceptTerms = mayAccept ? posted["acceptTerms"] == "on" : setup.Configuration.AcceptTerms,
        };
        foreach (var secret in entry?.Settings.Where(setting => setting.Secret) ?? [])
        {
            // Copied from another page, a secret often brings white space along; none begins or ends with it.
            if (posted[secret.Name].ToString().Trim() is { Length: > 0 } value)
            {
                form.entered[secret.Name] = value;
            }
        }

        return form;
    }

    /// <summary>The value of a setting, empty when it has none.</summary>
    public string ValueOf(string setting) => given.GetValueOrDefault(setting, "");

    /// <summary>How a setting will be used, where that differs from what was written.</summary>
    public string? EffectiveOf(string setting) =>
        effective.TryGetValue(setting, out var value) && !string.Equals(value, ValueOf(setting), StringComparison.Ordinal)
            ? $"Used as {value}"
            : null;

    /// <summary>Whether a secret is kept.</summary>
    public bool IsKept(string setting) => asSaved.Secrets.Contains(setting, StringComparer.Ordinal);

    /// <summary>The kept secrets that must be entered again, since they were kept for another address: they are used with none of what is on the screen.</summary>
    public IReadOnlyList<SettingDefinition> ToEnterAgain
    {
        get
        {
            var names = SecretSettings.KeptForAnotherAddress(Entry, asSaved, given, entered.Keys);
            return [.. (Entry?.Settings ?? []).Where(setting => names.Contains(setting.Name, StringComparer.Ordinal))];
        }
    }

    /// <summary>Whether the fold with the Advanced Settings must be open, because something in it is wrong.</summary>
    public bool HasAdvancedError(FieldErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        return errors.Of("sisIdPrefix") is not null
            || errors.Of("syncHoldThreshold") is not null
            || (Entry?.Settings.Any(setting => setting.Advanced && errors.Of(setting.Name) is not null) ?? false);
    }

    /// <summary>The settings for the app: what was entered, and the kept secrets where none was, but for those <see cref="ToEnterAgain"/>.</summary>
    /// <exception cref="SourceException">A kept secret can't be read any more.</exception>
    public async Task<SourceSettings> SettingsAsync(IDistrictStore store, ISecrets secrets, string app, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var again = SecretSettings.KeptForAnotherAddress(Entry, asSaved, given, entered.Keys);
        var wanted = new AppConfiguration
        {
            Type = Entry?.Type ?? "",
            Delivery = given,
            Secrets = [.. asSaved.Secrets.Where(name => !entered.ContainsKey(name)).Except(again, StringComparer.Ordinal)],
        };
        var together = given.ToDictionary(StringComparer.Ordinal);
        var stored = await SecretSettings.ReadAsync(store, secrets, app, wanted, cancellationToken);
        foreach (var name in wanted.Secrets)
        {
            if (stored[name] is { } secret)
            {
                together[name] = secret;
            }
        }

        foreach (var (name, secret) in entered)
        {
            together[name] = secret;
        }

        return new SourceSettings(together) { Owner = new SourceOwner(store.District.Id, app) };
    }

    /// <summary>Adds the secrets <see cref="ToEnterAgain"/> to the errors.</summary>
    public void CheckKept(FieldErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        foreach (var setting in ToEnterAgain)
        {
            errors.Add(setting.Name, "Enter it again: it was kept for another address.");
        }
    }

    /// <summary>Adds what is wrong with the connection to the errors.</summary>
    public void CheckConnection(SourceSettings settings, FieldErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        CheckKept(errors);
        var order = Entry?.Settings.Select(setting => setting.Name).ToList() ?? [];
        foreach (
            var finding in (Entry?.Inspect(settings) ?? [])
                .Where(finding => finding.Problem is not null && errors.Of(finding.Name) is null)
                .OrderBy(finding => order.IndexOf(finding.Name))
        )
        {
            errors.Add(finding.Name, finding.Problem!);
        }
    }

    /// <summary>Adds whatever is wrong to the errors.</summary>
    public void Check(SourceSettings settings, FieldErrors errors)
    {
        CheckConnection(settings, errors);
        errors
            .Need(
                Advanced.SisIdPrefix.Length <= 40,
                "sisIdPrefix",
                "The SIS ID prefix is longer than 40 characters. Choose a shorter one, such as B-."
            )
            .Need(!Advanced.SisIdPrefix.Any(char.IsControl), "sisIdPrefix", "The SIS ID prefix has characters that can't be seen. Type it again.")
            .Need(
                LimitWords.Threshold(Threshold) is not null,
                "syncHoldThreshold",
                "The Sync hold threshold is not a whole percentage from 1 to 100, nor off. Enter one of these, such as 10."
            )
            .Need(AcceptTerms, "acceptTerms", AppSetup.TermsNeeded);
    }
}
