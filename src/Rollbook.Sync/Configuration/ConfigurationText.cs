using YamlDotNet.Serialization;

namespace Rollbook.Sync.Configuration;

/// <summary>
/// Writes a configuration as the file that would make it (command-line.md section 3). The same configuration gives the same bytes; a secret appears as
/// the environment variable that is to hold it.
/// </summary>
public static class ConfigurationText
{
    private static readonly ISerializer Yaml = new SerializerBuilder()
        .WithQuotingNecessaryStrings(quoteYaml1_1Strings: true)
        .WithIndentedSequences()
        .Build();

    /// <summary>The file's text, lines ended by a line feed.</summary>
    public static string Write(DistrictConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return Yaml.Serialize(Tree(configuration, (app, secret) => $"${{env:{VariableOf(app, secret)}}}", SchoolsSection.Write))
            .ReplaceLineEndings("\n");
    }

    /// <summary>The file as a tree of mappings, lists and scalars.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="secret">What stands in the place of an app's secret.</param>
    /// <param name="schools">How a schools mapping is written.</param>
    internal static Dictionary<string, object> Tree(
        DistrictConfiguration configuration,
        Func<string, string, string> secret,
        Func<SchoolsMapping, object> schools
    )
    {
        var district = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["id"] = configuration.Id,
            ["name"] = configuration.Name,
            ["timeZone"] = configuration.TimeZone,
        };
        if (configuration.Retention is { } retention)
        {
            district["retention"] = RetentionSection.Write(retention);
        }

        if (configuration.Rollover is { } rollover)
        {
            district["rollover"] = PeriodSection.Write(rollover);
        }

        if (configuration.Webhook is { } webhook)
        {
            district["notifications"] = NotificationsSection.Write(webhook, secret(WebhookSettings.Owner, WebhookSettings.Secret));
        }

        var document = new Dictionary<string, object>(StringComparer.Ordinal) { ["district"] = district };
        if (configuration.AllApps.Any())
        {
            document["apps"] = configuration.AllApps.ToDictionary(
                app => app.Key,
                app =>
                    configuration.Exports.ContainsKey(app.Key)
                        ? (object)WriteExport(app.Value.Sorted(), name => secret(app.Key, name))
                        : Write(app.Value.Sorted(), name => secret(app.Key, name), schools),
                StringComparer.Ordinal
            );
        }

        return document;
    }

    /// <summary>The environment variable under which a secret is written: <c>SYNERGY_CLIENT_SECRET</c>.</summary>
    public static string VariableOf(string app, string setting)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(setting);
        var words = string.Concat(setting.Select(letter => char.IsUpper(letter) ? $"_{letter}" : $"{letter}"));
        return $"{app}_{words}".TrimStart('_').Replace('-', '_').Replace('.', '_').ToUpperInvariant();
    }

    /// <summary>Settings whose names have a dot, as a mapping below the first part: <c>sftp.host</c> is <c>sftp: { host: … }</c>.</summary>
    private static Dictionary<string, object> Nested(Dictionary<string, object> flat)
    {
        var nested = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var (name, value) in flat)
        {
            if (name.Split('.', 2) is not [var first, var rest])
            {
                nested[name] = value;
                continue;
            }

            if (nested.GetValueOrDefault(first) is not Dictionary<string, object> below)
            {
                nested[first] = below = new Dictionary<string, object>(StringComparer.Ordinal);
            }

            below[rest] = value;
        }

        return nested;
    }

    private static Dictionary<string, object> WriteDelivery(AppConfiguration app, Func<string, string> secretOf)
    {
        var delivery = app.Delivery.ToDictionary(setting => setting.Key, setting => (object)setting.Value, StringComparer.Ordinal);
        foreach (var secret in app.Secrets)
        {
            delivery[secret] = secretOf(secret);
        }

        delivery["acceptTerms"] = app.AcceptTerms;
        return Nested(delivery);
    }

    private static Dictionary<string, object> WriteExport(AppConfiguration app, Func<string, string> secretOf) =>
        new(StringComparer.Ordinal)
        {
            ["type"] = app.Type,
            ["name"] = app.Name,
            ["delivery"] = WriteDelivery(app, secretOf),
        };

    private static Dictionary<string, object> Write(AppConfiguration app, Func<string, string> secretOf, Func<SchoolsMapping, object> schools)
    {
        var written = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["type"] = app.Type,
            ["name"] = app.Name,
            ["order"] = app.Order,
            ["delivery"] = WriteDelivery(app, secretOf),
            ["advanced"] = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["sisIdPrefix"] = app.Advanced.SisIdPrefix,
                ["bulkUploadMode"] = app.Advanced.BulkUploadMode,
                ["multipleDataSources"] = app.Advanced.MultipleDataSources,
                ["compareByDomainsOfUniqueness"] = app.Advanced.CompareByDomainsOfUniqueness,
                ["previewOfDataUpload"] = app.Advanced.PreviewOfDataUpload,
                ["syncHoldThreshold"] = app.Advanced.SyncHoldThreshold is 0 ? "off" : app.Advanced.SyncHoldThreshold,
                ["holdMode"] = app.Advanced.HoldMode is HoldMode.Removals ? "removals" : "everything",
                ["secondPerson"] = app.Advanced.SecondPerson,
            },
            ["schools"] = schools(app.Schools),
        };
        if (app.Advanced.Limits is { } limits)
        {
            ((Dictionary<string, object>)written["advanced"])["limits"] = LimitsSection.Write(limits);
        }

        if (app.Advanced.ChangeWindows is { } windows)
        {
            ((Dictionary<string, object>)written["advanced"])["changeWindows"] = PeriodSection.Write(windows);
        }

        if (app.Attributes.Count > 0)
        {
            written["attributes"] = AttributesSection.Write(app.Attributes);
        }

        if (app.Requirements.Count > 0)
        {
            written["requirements"] = RequirementsSection.Write(app.Requirements);
        }

        if (app.Filters.Count > 0)
        {
            written["filters"] = FiltersSection.Write(app.Filters);
        }

        if (app.DomainsOfUniqueness.Count > 0)
        {
            written["domainsOfUniqueness"] = DomainsSection.Write(app.DomainsOfUniqueness);
        }

        if (app.MasterFields.Count > 0)
        {
            written["masterFields"] = MasterFieldsSection.Write(app.MasterFields);
        }

        written["schedule"] = app.Schedule is { } schedule ? ScheduleSection.Write(schedule) : "off";
        return written;
    }
}
