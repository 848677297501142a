using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Setup;

/// <summary>What a person sets up: a draft, until the wizard is finished, or the configuration that is in force.</summary>
/// <param name="App">The app's ID.</param>
/// <param name="Configuration">Its configuration as saved last.</param>
/// <param name="IsDraft">Whether the wizard is not finished.</param>
/// <param name="Reached">The furthest step that the wizard has come to.</param>
/// <param name="Revision">The draft's revision; the configuration's version when in force.</param>
/// <param name="SavedBy">Who saved it last.</param>
/// <param name="SavedAt">When.</param>
public sealed record AppSetup(
    string App,
    AppConfiguration Configuration,
    bool IsDraft,
    SetupStep Reached,
    int Revision,
    string SavedBy,
    DateTimeOffset SavedAt
)
{
    /// <summary>What is said when the terms are not accepted.</summary>
    public const string TermsNeeded =
        "Accept the Terms of Use and the Privacy Policy, which a Primary District Admin does: without that nothing is read or delivered.";

    /// <summary>Whether it is an export app.</summary>
    public bool IsExport { get; init; }

    /// <summary>The steps of its set-up, in order.</summary>
    public IReadOnlyList<SetupStep> Steps => IsExport ? SetupSteps.OfExport : SetupSteps.All;

    /// <summary>The place of a step among them, from 1.</summary>
    public int Place(SetupStep step) => Steps.Count(other => other <= step);

    /// <summary>The step after; the same when it is the last.</summary>
    public SetupStep After(SetupStep step) => Steps.Where(other => other > step).DefaultIfEmpty(step).First();

    /// <summary>The step before; the same when it is the first.</summary>
    public SetupStep Before(SetupStep step) => Steps.Where(other => other < step).DefaultIfEmpty(step).Last();

    /// <summary>Identifies what a step shows, so that one who saves it can be told when it is not what they had opened.</summary>
    public string Opened(SetupStep step) => OpenedOf(Configuration, step);

    internal static string OpenedOf(AppConfiguration app, SetupStep step)
    {
        var sorted = app.Sorted();
        object part = step switch
        {
            SetupStep.DeliveryConfig => new
            {
                sorted.Delivery,
                sorted.Secrets,
                sorted.AcceptTerms,
                sorted.Advanced,
            },
            SetupStep.SchoolsMapping => sorted.Schools,
            SetupStep.AttributesMapping => sorted.Attributes,
            SetupStep.DataRequirements => sorted.Requirements,
            SetupStep.FilterRules => sorted.Filters,
            SetupStep.Schedule => sorted.Schedule ?? (object)"off",
            SetupStep.Done => sorted.Name,
            _ => "",
        };
        var bytes = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(part, ConfigurationJson.Options));
        return Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16));
    }

    internal static AppSetup OfDraft(AppDraft draft)
    {
        var document = JsonSerializer.Deserialize<DraftDocument>(draft.Document, ConfigurationJson.Options)!;
        return new AppSetup(draft.App, document.Configuration.Sorted(), IsDraft: true, document.Reached, draft.Revision, draft.SavedBy, draft.SavedAt)
        {
            IsExport = document.IsExport,
        };
    }

    /// <summary>The draft as <see cref="IDraftStore"/> keeps it.</summary>
    public string ToDraftDocument() =>
        JsonSerializer.Serialize(new DraftDocument(Reached, Configuration.Sorted(), IsExport), ConfigurationJson.Options);

    private sealed record DraftDocument(SetupStep Reached, AppConfiguration Configuration, bool IsExport = false);
}

/// <summary>What became of saving a step.</summary>
public abstract record SaveResult
{
    private SaveResult() { }

    /// <summary>It is saved.</summary>
    public sealed record Saved(AppSetup Setup) : SaveResult;

    /// <summary>Someone else saved the same step meanwhile; nothing was written.</summary>
    /// <param name="Now">What they saved.</param>
    public sealed record Conflict(AppSetup Now) : SaveResult;

    /// <summary>Another step is another one than the person had seen, which was asked not to be; nothing was written.</summary>
    /// <param name="Now">The app as it is.</param>
    public sealed record Moved(AppSetup Now) : SaveResult;

    /// <summary>The app is no longer there.</summary>
    public sealed record Gone : SaveResult;
}

/// <summary>Something that keeps a set-up from being finished.</summary>
/// <param name="Step">Where it can be mended.</param>
/// <param name="Field">The setting.</param>
/// <param name="Message">What is wrong and what to do.</param>
public sealed record SetupProblem(SetupStep Step, string Field, string Message);
