using System.Text.Json;
using System.Text.Json.Serialization;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Deliver;

namespace Rollbook.Sync.Configuration;

/// <summary>
/// What a district configured: the model behind the console and behind the configuration file (command-line.md section 3). Kept as a canonical
/// JSON document, a version at a time. Secrets are not in it: <see cref="AppConfiguration.Secrets"/> names those that are kept.
/// </summary>
public sealed record DistrictConfiguration
{
    /// <summary>The district's short name.</summary>
    public required string Id { get; init; }

    /// <summary>Its name for people.</summary>
    public required string Name { get; init; }

    /// <summary>IANA time zone.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>The webhook that is told what people are told; null for none. Its signing secret is kept under <see cref="WebhookSettings.Secret"/>.</summary>
    public WebhookSettings? Webhook { get; init; }

    /// <summary>How long published versions are kept; null for as long as there is the district.</summary>
    public Retention? Retention { get; init; }

    /// <summary>The activated import apps by their ID.</summary>
    public IReadOnlyDictionary<string, AppConfiguration> Apps { get; init; } = NoApps;

    /// <summary>The activated export apps by their ID; none of them is one of <see cref="Apps"/>, which import. Nothing of the roster depends on them.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, AppConfiguration> Exports { get; init; } = NoApps;

    /// <summary>As it is kept: nothing where there is none.</summary>
    [JsonInclude, JsonPropertyName("exports")]
    internal IReadOnlyDictionary<string, AppConfiguration>? KeptExports
    {
        get => Exports.Count == 0 ? null : Exports;
        init => Exports = value ?? NoApps;
    }

    /// <summary>Import and export apps together, by ID.</summary>
    [JsonIgnore]
    public IEnumerable<KeyValuePair<string, AppConfiguration>> AllApps => Apps.Concat(Exports).OrderBy(app => app.Key, StringComparer.Ordinal);

    /// <summary>Data Rollover: periods in which imports are suspended or delete nothing, by their first day; null for none.</summary>
    public IReadOnlyList<RolloverPeriod>? Rollover { get; init; }

    /// <summary>The apps in the order in which what they say of the same people counts: by <see cref="AppConfiguration.Order"/>, then by ID.</summary>
    [JsonIgnore]
    public IEnumerable<KeyValuePair<string, AppConfiguration>> AppsInOrder =>
        Apps.OrderBy(app => app.Value.Order).ThenBy(app => app.Key, StringComparer.Ordinal);

    private static SortedDictionary<string, AppConfiguration> NoApps => new(StringComparer.Ordinal);

    /// <summary>The district with these periods of Data Rollover.</summary>
    public DistrictConfiguration WithRollover(IReadOnlyCollection<RolloverPeriod> periods) => this with { Rollover = PeriodSection.Sorted(periods) };

    /// <summary>The period of Data Rollover that a day is in; of several, one that suspends imports. Null for none.</summary>
    public RolloverPeriod? RolloverOn(DateOnly day) =>
        Rollover?.Where(period => period.Covers(day)).OrderBy(period => period.Mode).ThenByDescending(period => period.Until).FirstOrDefault();

    /// <summary>What a district has before anything was configured: its names and no app.</summary>
    public static DistrictConfiguration Of(DistrictInfo district)
    {
        ArgumentNullException.ThrowIfNull(district);
        return new DistrictConfiguration
        {
            Id = district.Id,
            Name = district.Name,
            TimeZone = district.TimeZone,
        };
    }

    /// <summary>The district with an app as this, whether it had it or not.</summary>
    public DistrictConfiguration With(string app, AppConfiguration configuration) =>
        this with
        {
            Apps = new SortedDictionary<string, AppConfiguration>(Apps.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal)
            {
                [app] = configuration,
            },
        };

    /// <summary>The district with an export app as this, whether it had it or not.</summary>
    public DistrictConfiguration WithExport(string app, AppConfiguration configuration) =>
        this with
        {
            Exports = new SortedDictionary<string, AppConfiguration>(Exports.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal)
            {
                [app] = configuration,
            },
        };

    /// <summary>The district without an app, which no export app waits for any more either; the same when it had none of this ID.</summary>
    public DistrictConfiguration Without(string app)
    {
        var apps = new SortedDictionary<string, AppConfiguration>(Apps.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);
        var exports = new SortedDictionary<string, AppConfiguration>(Exports.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);
        if (exports.Remove(app))
        {
            return this with { Exports = exports };
        }

        return apps.Remove(app)
            ? this with
            {
                Apps = apps,
                Exports = Sorted(exports.ToDictionary(export => export.Key, export => WaitFor.Without(export.Value, app), StringComparer.Ordinal)),
            }
            : this;
    }

    /// <summary>The document: the same configuration always gives the same bytes.</summary>
    public string ToDocument() => JsonSerializer.Serialize(this with { Apps = Sorted(Apps), Exports = Sorted(Exports) }, ConfigurationJson.Options);

    /// <summary>Reads a document back.</summary>
    public static DistrictConfiguration FromDocument(string document)
    {
        var read = JsonSerializer.Deserialize<DistrictConfiguration>(document, ConfigurationJson.Options)!;
        return read with { Apps = Sorted(read.Apps), Exports = Sorted(read.Exports) };
    }

    private static SortedDictionary<string, AppConfiguration> Sorted(IReadOnlyDictionary<string, AppConfiguration> apps) =>
        new(apps.ToDictionary(app => app.Key, app => app.Value.Sorted(), StringComparer.Ordinal), StringComparer.Ordinal);
}

/// <summary>One activated app.</summary>
public sealed record AppConfiguration
{
    /// <summary>Its gallery entry: <c>synergy</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Its name on the tile.</summary>
    public string Name { get; init; } = "Synergy";

    /// <summary>Delivery settings by name, without the secrets.</summary>
    public IReadOnlyDictionary<string, string> Delivery { get; init; } = NoDelivery;

    /// <summary>Names of the delivery settings that are kept as secrets.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>Whether Terms of Use and Privacy Policy were accepted.</summary>
    public bool AcceptTerms { get; init; }

    /// <summary>Advanced Settings.</summary>
    public AdvancedSettings Advanced { get; init; } = new();

    /// <summary>Schools Mapping.</summary>
    public SchoolsMapping Schools { get; init; } = SchoolsMapping.Automatic;

    /// <summary>Attributes Mapping: by the kind's word, what is added to the defaults or replaces one.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<AttributePair>> Attributes { get; init; } = NoAttributes;

    /// <summary>Data Requirements: by the kind's word and the attribute's name, what is chosen. What is not named is included.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, Requirement>> Requirements { get; init; } = NoRequirements;

    /// <summary>Filter Rules. A kind without any passes whole.</summary>
    public IReadOnlyList<FilterRule> Filters { get; init; } = [];

    /// <summary>
    /// Its place among the district's apps where several have the same people: whose Rollbook IDs hold, and whose values, where Master Fields say nothing. Of
    /// equal ones the IDs decide.
    /// </summary>
    public int Order { get; init; } = 1;

    /// <summary>Domains of Uniqueness: by the kind's word, the domains in order, each a list of attributes. A kind that is not there has the defaults.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyList<string>>> DomainsOfUniqueness { get; init; } =
        new SortedDictionary<string, IReadOnlyList<IReadOnlyList<string>>>(StringComparer.Ordinal);

    /// <summary>Master Fields: by the kind's word and the attribute, what this app's values are worth beside other sources'.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, MasterMode>> MasterFields { get; init; } =
        new SortedDictionary<string, IReadOnlyDictionary<string, MasterMode>>(StringComparer.Ordinal);

    /// <summary>Sync Schedule; null when it is off.</summary>
    public SyncSchedule? Schedule { get; init; }

    /// <summary>No delivery setting.</summary>
    public static IReadOnlyDictionary<string, string> NoDelivery { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>No attribute mapped otherwise than by default.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<AttributePair>> NoAttributes { get; } =
        new SortedDictionary<string, IReadOnlyList<AttributePair>>(StringComparer.Ordinal);

    /// <summary>Every record included, whatever it lacks.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, Requirement>> NoRequirements { get; } =
        new SortedDictionary<string, IReadOnlyDictionary<string, Requirement>>(StringComparer.Ordinal);

    /// <summary>The app's own document, canonical like the district's.</summary>
    public string ToDocument() => JsonSerializer.Serialize(Sorted(), ConfigurationJson.Options);

    /// <summary>Reads an app's document back.</summary>
    public static AppConfiguration FromDocument(string document) =>
        JsonSerializer.Deserialize<AppConfiguration>(document, ConfigurationJson.Options)!.Sorted();

    /// <summary>Whether every record is derived like with another configuration: they differ at most in what is said of connections, schedules, limits and waiting.</summary>
    internal bool IsDerivedLike(AppConfiguration other) =>
        string.Equals(OnlyDerived(this).ToDocument(), OnlyDerived(other).ToDocument(), StringComparison.Ordinal);

    /// <summary>Without what no record depends on.</summary>
    private static AppConfiguration OnlyDerived(AppConfiguration app) =>
        app with
        {
            Name = "",
            Schedule = null,
            AcceptTerms = false,
            Delivery = app
                .Delivery.Where(setting => setting.Key is DeliveryTimeZone.Setting)
                .ToDictionary(setting => setting.Key, setting => setting.Value, StringComparer.Ordinal),
            Secrets = [],
            Advanced = app.Advanced with
            {
                PreviewOfDataUpload = false,
                SyncHoldThreshold = 0,
                Limits = null,
                HoldMode = HoldMode.Everything,
                SecondPerson = false,
                ChangeWindows = null,
            },
        };

    /// <summary>The same configuration in its one canonical order.</summary>
    public AppConfiguration Sorted() =>
        this with
        {
            Delivery = new SortedDictionary<string, string>(Delivery.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal),
            Secrets = [.. Secrets.Order(StringComparer.Ordinal)],
            Schools = Schools.Sorted(),
            DomainsOfUniqueness = new SortedDictionary<string, IReadOnlyList<IReadOnlyList<string>>>(
                DomainsOfUniqueness.ToDictionary(StringComparer.Ordinal),
                StringComparer.Ordinal
            ),
            MasterFields = new SortedDictionary<string, IReadOnlyDictionary<string, MasterMode>>(
                MasterFields
                    .Where(kind => kind.Value.Count > 0)
                    .ToDictionary(
                        kind => kind.Key,
                        kind =>
                            (IReadOnlyDictionary<string, MasterMode>)
                                new SortedDictionary<string, MasterMode>(kind.Value.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal),
                        StringComparer.Ordinal
                    ),
                StringComparer.Ordinal
            ),
            Attributes = new SortedDictionary<string, IReadOnlyList<AttributePair>>(
                Attributes
                    .Where(kind => kind.Value.Count > 0)
                    .ToDictionary(
                        kind => kind.Key,
                        kind => (IReadOnlyList<AttributePair>)[.. kind.Value.OrderBy(pair => pair.Target, StringComparer.Ordinal).Select(Sorted)],
                        StringComparer.Ordinal
                    ),
                StringComparer.Ordinal
            ),
            Requirements = Sorted(Requirements),
            Filters = [.. Filters.OrderBy(rule => Kinds.Find(rule.Kind)?.Kind)],
        };

    /// <summary>What is included needs no word, so that the same requirements are always written in the same way.</summary>
    private static SortedDictionary<string, IReadOnlyDictionary<string, Requirement>> Sorted(
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, Requirement>> requirements
    )
    {
        var sorted = new SortedDictionary<string, IReadOnlyDictionary<string, Requirement>>(StringComparer.Ordinal);
        foreach (var (kind, choices) in requirements)
        {
            var chosen = choices.Where(choice => choice.Value.Rule != RequirementRule.Include).ToDictionary(StringComparer.Ordinal);
            if (chosen.Count > 0)
            {
                sorted[kind] = new SortedDictionary<string, Requirement>(chosen, StringComparer.Ordinal);
            }
        }

        return sorted;
    }

    private static AttributePair Sorted(AttributePair pair) =>
        pair.Map is null
            ? pair
            : pair with
            {
                Map = new SortedDictionary<string, string>(pair.Map.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal),
            };
}

/// <summary>Advanced Settings of an app (product.md 3.1).</summary>
public sealed record AdvancedSettings
{
    /// <summary>Text put before every SIS ID of this source.</summary>
    public string SisIdPrefix { get; init; } = "";

    /// <summary>On: the upload is the whole truth, and what is no longer in it is a deletion. Off: only what the source marks deleted is deleted.</summary>
    public bool BulkUploadMode { get; init; } = true;

    /// <summary>Whether another source feeds the same people: they are one record of the roster then, where something says that they are the same.</summary>
    public bool MultipleDataSources { get; init; }

    /// <summary>Whether records are compared by the Domains of Uniqueness.</summary>
    public bool CompareByDomainsOfUniqueness { get; init; }

    /// <summary>Whether every run waits for a person's Accept or Decline; limits are then not evaluated.</summary>
    public bool PreviewOfDataUpload { get; init; }

    /// <summary>
    /// From how many percent of the source's records of a kind that would be deleted the run is held, from 1 to 100; 0 switches every limit by percentage off. The guards
    /// stay.
    /// </summary>
    public int SyncHoldThreshold { get; init; } = SyncLimits.DefaultThreshold;

    /// <summary>The whole table of limits; null for the shipped one, in which <see cref="SyncHoldThreshold"/> stands for deletions.</summary>
    public IReadOnlyList<SyncLimit>? Limits { get; init; }

    /// <summary>What a hold on removals keeps back.</summary>
    public HoldMode HoldMode { get; init; }

    /// <summary>Whether a second person has to accept what waits, besides the first.</summary>
    public bool SecondPerson { get; init; }

    /// <summary>Planned change windows: periods with limits of their own; null for none.</summary>
    public IReadOnlyList<ChangeWindow>? ChangeWindows { get; init; }

    /// <summary>Whether other settings hold back the same changes, and ask the same people: thresholds, limits, windows, preview, hold mode and the second person.</summary>
    public bool HoldsLike(AdvancedSettings other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return string.Equals(Holding(this), Holding(other), StringComparison.Ordinal);

        static string Holding(AdvancedSettings settings) =>
            JsonSerializer.Serialize(
                new
                {
                    settings.PreviewOfDataUpload,
                    settings.SyncHoldThreshold,
                    settings.Limits,
                    settings.HoldMode,
                    settings.SecondPerson,
                    settings.ChangeWindows,
                }
            );
    }

    /// <summary>The planned change window that a day is in; null for none.</summary>
    public ChangeWindow? WindowOn(DateOnly day) => ChangeWindows?.FirstOrDefault(window => window.Covers(day));

    /// <summary>The settings in force on a day: those of a planned change window that it is in, else these.</summary>
    public AdvancedSettings On(DateOnly day) => WindowOn(day) is { } window ? In(window) : this;

    /// <summary>The settings in force in a planned change window. A table of its own is evaluated as it stands, unless the window itself switches percentages off.</summary>
    public AdvancedSettings In(ChangeWindow window)
    {
        ArgumentNullException.ThrowIfNull(window);
        var usual = window.Limits is not null && SyncHoldThreshold == 0 ? SyncLimits.DefaultThreshold : SyncHoldThreshold;
        return this with { SyncHoldThreshold = window.SyncHoldThreshold ?? usual, Limits = window.Limits ?? Limits };
    }

    /// <summary>The first planned change window whose threshold would set no figure, because the app has its own table and the window has none; null when there is none.</summary>
    public ChangeWindow? WindowWithoutEffect => ChangeWindows?.FirstOrDefault(IsWithoutEffect);

    /// <summary>Whether a planned change window's threshold would set no figure: the app has its own table, and the window has none.</summary>
    public bool IsWithoutEffect(ChangeWindow window)
    {
        ArgumentNullException.ThrowIfNull(window);
        return Limits is not null && window is { Limits: null, SyncHoldThreshold: > 0 };
    }
}

/// <summary>What a hold keeps back (sync-safety.md section 4).</summary>
public enum HoldMode
{
    /// <summary>Everything.</summary>
    Everything,

    /// <summary>Where nothing but removals is over a limit, only these: additions and updates go through.</summary>
    Removals,
}

/// <summary>A planned change window of an app: days on which other limits are in force; it ends by itself (sync-safety.md section 5).</summary>
/// <param name="From">The first day, in the district's time zone.</param>
/// <param name="Until">The last day.</param>
public sealed record ChangeWindow(DateOnly From, DateOnly Until)
{
    /// <summary>Whether a day is in it.</summary>
    public bool Covers(DateOnly day) => From <= day && day <= Until;

    /// <summary>Whether it has a day with another one in common.</summary>
    public bool Overlaps(ChangeWindow other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.From <= Until && From <= other.Until;
    }

    /// <summary>The <see cref="AdvancedSettings.SyncHoldThreshold"/> of these days; null for the usual one.</summary>
    public int? SyncHoldThreshold { get; init; }

    /// <summary>The table of limits of these days; null for the usual one.</summary>
    public IReadOnlyList<SyncLimit>? Limits { get; init; }
}

/// <summary>A period of Data Rollover (product.md section 7).</summary>
/// <param name="From">The first day, in the district's time zone.</param>
/// <param name="Until">The last day.</param>
/// <param name="Mode">What it does.</param>
public sealed record RolloverPeriod(DateOnly From, DateOnly Until, RolloverMode Mode)
{
    /// <summary>Whether a day is in it.</summary>
    public bool Covers(DateOnly day) => From <= day && day <= Until;
}

/// <summary>What a period of Data Rollover does; the first wins where both apply.</summary>
public enum RolloverMode
{
    /// <summary>Suspend data import: no import begins.</summary>
    Suspend,

    /// <summary>Disable data deletion: imports publish what they add and update, and delete nothing.</summary>
    NoDeletions,
}

internal static class ConfigurationJson
{
    internal static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}
