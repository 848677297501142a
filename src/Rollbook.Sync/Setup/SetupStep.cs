namespace Rollbook.Sync.Setup;

/// <summary>The steps of an app's set-up, in their order (product.md section 3).</summary>
public enum SetupStep
{
    /// <summary>Where the data comes from, and Advanced Settings.</summary>
    DeliveryConfig,

    /// <summary>Which schools enter.</summary>
    SchoolsMapping,

    /// <summary>What feeds which attribute.</summary>
    AttributesMapping,

    /// <summary>What to do about missing values.</summary>
    DataRequirements,

    /// <summary>What enters.</summary>
    FilterRules,

    /// <summary>What identifies a record.</summary>
    DomainsOfUniqueness,

    /// <summary>Which source wins.</summary>
    MasterFields,

    /// <summary>When it is imported.</summary>
    Schedule,

    /// <summary>The summary.</summary>
    Done,
}

/// <summary>What the steps are called.</summary>
public static class SetupSteps
{
    private static readonly (SetupStep Step, string Slug, string Title)[] Names =
    [
        (SetupStep.DeliveryConfig, "delivery", "Delivery Config"),
        (SetupStep.SchoolsMapping, "schools", "Schools Mapping"),
        (SetupStep.AttributesMapping, "attributes", "Attributes Mapping"),
        (SetupStep.DataRequirements, "requirements", "Data Requirements"),
        (SetupStep.FilterRules, "filters", "Filter Rules"),
        (SetupStep.DomainsOfUniqueness, "domains", "Domains of Uniqueness"),
        (SetupStep.MasterFields, "masters", "Master Fields"),
        (SetupStep.Schedule, "schedule", "Schedule"),
        (SetupStep.Done, "done", "Done"),
    ];

    /// <summary>All of them, in order.</summary>
    public static IReadOnlyList<SetupStep> All { get; } = [.. Names.Select(name => name.Step)];

    /// <summary>Those of an export app.</summary>
    public static IReadOnlyList<SetupStep> OfExport { get; } = [SetupStep.DeliveryConfig, SetupStep.Done];

    /// <summary>The step's part of an address: <c>delivery</c>.</summary>
    public static string Slug(this SetupStep step) => Names[(int)step].Slug;

    /// <summary>The step's name on the screen: <c>Delivery Config</c>.</summary>
    public static string Title(this SetupStep step) => Names[(int)step].Title;

    /// <summary>The step of an address; null when there is none of this name.</summary>
    public static SetupStep? Find(string? slug)
    {
        var found = Array.FindIndex(Names, name => string.Equals(name.Slug, slug, StringComparison.Ordinal));
        return found < 0 ? null : (SetupStep)found;
    }
}
