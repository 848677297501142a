using Rollbook.Model;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Setup;
using Rollbook.Web.Features.Setup.Requirements;
using Rollbook.Web.Features.Setup.Uniting;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Setup;

/// <summary>All choices of a set-up, in words, step by step.</summary>
internal static class SetupSummary
{
    internal static IEnumerable<(SetupStep Step, IReadOnlyList<string> Text)> Of(AppSetup setup, Setups setups, TimeZoneInfo zone)
    {
        var app = setup.Configuration;
        yield return (SetupStep.DeliveryConfig, [.. Delivery(app, setups)]);
        if (setup.IsExport)
        {
            yield break;
        }

        yield return (SetupStep.SchoolsMapping, [Schools(app.Schools)]);
        yield return (SetupStep.AttributesMapping, [.. Attributes(app)]);
        yield return (SetupStep.DataRequirements, [.. Requirements(app)]);
        yield return (SetupStep.FilterRules, [.. Filters(app)]);
        yield return (SetupStep.DomainsOfUniqueness, [.. Domains(app)]);
        yield return (SetupStep.MasterFields, [.. Masters(app)]);
        yield return (
            SetupStep.Schedule,
            [app.Schedule is { } schedule ? ScheduleWords.Of(schedule, zone) : "Sync Schedule is off: imports run when someone presses Run Import."]
        );
    }

    private static IEnumerable<string> Delivery(AppConfiguration app, Setups setups)
    {
        var form = DeliveryForm.Of(setups, new AppSetup("", app, IsDraft: true, SetupStep.Done, 0, "", default));
        foreach (var setting in form.Entry?.Settings ?? [])
        {
            if (setting.Secret)
            {
                yield return $"{setting.Label}: {(form.IsKept(setting.Name) ? "kept, encrypted" : "missing")}";
            }
            else if (form.ValueOf(setting.Name) is { Length: > 0 } value && !string.Equals(value, setting.Default, StringComparison.Ordinal))
            {
                yield return setting.Long ? $"{setting.Label}: given" : $"{setting.Label}: {value}";
            }
        }

        if (form.IsExport)
        {
            yield break;
        }

        if (app.Advanced.SisIdPrefix.Length > 0)
        {
            yield return $"SIS ID prefix: {app.Advanced.SisIdPrefix}";
        }

        yield return app.Advanced.BulkUploadMode
            ? "Bulk Upload Mode is on: what is no longer in the upload is deleted."
            : "Bulk Upload Mode is off: only what the source marks deleted is deleted.";
        yield return app.Advanced switch
        {
            { PreviewOfDataUpload: true } => "Preview of data upload is on: every sync waits for Accept or Decline.",
            { Limits: not null } => "Sync hold threshold: the configuration file's own table of limits.",
            { SyncHoldThreshold: 0 } => "Sync hold threshold is off.",
            var advanced => $"Sync hold threshold: {LimitWords.Text(advanced.SyncHoldThreshold)} %",
        };
        if (app.Advanced is { HoldMode: HoldMode.Removals, PreviewOfDataUpload: false })
        {
            yield return "Where only removals are over a limit, additions and updates go through.";
        }

        if (app.Advanced.SecondPerson)
        {
            yield return "What waits needs a second person's Accept, too.";
        }
    }

    private static string Schools(SchoolsMapping schools) =>
        (schools.Auto, schools.Mapped.Count, schools.LeftOut.Count) switch
        {
            (true, _, 0) => "Every school of the source, and those that appear later.",
            (true, _, var out_) => $"Every school of the source, and those that appear later, except {Wording.Number(out_)}.",
            (false, 0, _) => "No school is mapped: nothing would be imported.",
            (false, 1, _) => "1 school is mapped.",
            (false, var mapped, _) => $"{Wording.Number(mapped)} schools are mapped.",
        };

    private static IEnumerable<string> Filters(AppConfiguration app)
    {
        if (app.Filters.Count == 0)
        {
            return ["Everything of the mapped schools passes."];
        }

        return app.Sorted()
            .Filters.GroupBy(rule => rule.Kind, StringComparer.Ordinal)
            .Select(kind =>
                $"{Kinds.Find(kind.Key)?.Plural ?? kind.Key}: {Wording.Count(kind.Count(), "rule lets", "rules let")} some pass, and no others."
            );
    }

    private static IEnumerable<string> Domains(AppConfiguration app)
    {
        if (app.Advanced is not { MultipleDataSources: true, CompareByDomainsOfUniqueness: true })
        {
            return ["Nobody is compared with another source's people."];
        }

        return DomainsOfUniqueness.ComparedKinds.Select(kind =>
            $"{kind.Plural}: {string.Join("; ", DomainsOfUniqueness.Of(app, kind.Kind).Select(domain => string.Join(" and ", domain.Select(name => Wording.Label(kind[name])))))}."
        );
    }

    private static IEnumerable<string> Masters(AppConfiguration app)
    {
        if (app.MasterFields.Count == 0)
        {
            return ["Where several sources have the same person, the first one's values hold."];
        }

        return app.MasterFields.Select(kind =>
            $"{Kinds.Find(kind.Key)?.Plural ?? kind.Key}: {string.Join("; ", kind.Value.Select(field => $"{field.Key}: {MastersForm.Words(field.Value)}"))}."
        );
    }

    private static IEnumerable<string> Requirements(AppConfiguration app)
    {
        if (app.Requirements.Count == 0)
        {
            return ["Every record is included."];
        }

        return app.Requirements.Select(kind =>
            $"{Kinds.Find(kind.Key)?.Plural ?? kind.Key}: {string.Join("; ", kind.Value.Select(choice => $"{choice.Key}: {RequirementsForm.Words(choice.Value.Rule)}"))}."
        );
    }

    private static IEnumerable<string> Attributes(AppConfiguration app)
    {
        if (app.Attributes.Count == 0)
        {
            return ["Every attribute is mapped by default."];
        }

        return app.Attributes.Select(kind =>
            $"{Kinds.Find(kind.Key)?.Plural ?? kind.Key}: {string.Join(", ", kind.Value.Select(pair => pair.Target))} mapped otherwise than by default."
        );
    }
}
