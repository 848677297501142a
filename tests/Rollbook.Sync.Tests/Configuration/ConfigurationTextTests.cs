using CsCheck;
using Rollbook.Model;
using Rollbook.Sources.Synergy;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Tests.Configuration;

/// <summary>What the console saves can be written out and applied elsewhere, byte for byte stable.</summary>
public sealed class ConfigurationTextTests
{
    // Texts that YAML would take for something else, were they not quoted.
    private static readonly Gen<string> Text = Gen.OneOf(
        Const(
            "",
            "00",
            "02",
            "yes",
            "off",
            "null",
            "~",
            "1.1",
            "2.0",
            "# no",
            "a: b",
            "- x",
            "{{ username | downcase }}@x.example",
            "  two ",
            "line\nbreak",
            "ünïcödé",
            "'",
            "\"",
            "0x10",
            "1e3",
            "auto",
            "@at",
            "%",
            "!tag",
            "&a",
            "*a"
        ),
        Gen.String[Gen.Char.AlphaNumeric, 1, 12]
    );

    private static readonly Gen<string> Name = Gen.String[Gen.Char.AlphaNumeric, 1, 12];

    private static readonly Gen<SchoolMapping> School = Gen.Select(
        Name,
        Text,
        Gen.Bool,
        (source, text, create) =>
            create || text.Trim().Length == 0
                ? new SchoolMapping { Source = source, Create = text }
                : new SchoolMapping { Source = source, School = text }
    );

    private static readonly Gen<SchoolsMapping> Schools = Gen.Select(
        Gen.Bool,
        School.List[0, 4],
        Name.List[0, 3],
        Gen.Int[0, 2],
        (auto, mapped, leftOut, refreshed) =>
            new SchoolsMapping
            {
                Auto = auto,
                Mapped = [.. mapped.DistinctBy(school => school.Source)],
                LeftOut = auto ? [.. leftOut.Distinct().Except(mapped.Select(school => school.Source))] : [],
                Refreshed = refreshed,
            }
    );

    private static readonly IReadOnlyList<string>[] SomeDomains =
    [
        ["sisId"],
        ["email"],
        ["givenName", "familyName", "birthDate"],
        ["studentNumber"],
        ["stateId", "email"],
    ];

    private static readonly Gen<AttributePair> Pair = Gen.Select(
        Const("email", "grades", "givenName", "metadata.counselor"),
        Gen.Int[0, 2],
        Name,
        Gen.Dictionary(Text, Text)[1, 3],
        (target, way, name, map) =>
            way switch
            {
                0 => new AttributePair { Target = target, Source = name },
                1 => new AttributePair
                {
                    Target = target,
                    Source = name,
                    Map = map,
                },
                _ => new AttributePair { Target = target, Template = "{{ " + name + " | downcase }}" },
            }
    );

    private static readonly Gen<(string Attribute, Requirement Requirement)> Requirement = Gen.Select(
        Const("familyName", "phone", "enabled", "metadata.bus", "birthDate", "grades"),
        Gen.Int[0, 3],
        Text,
        (attribute, way, text) =>
            (
                attribute,
                way < 3
                    ? new Requirement((RequirementRule)way)
                    : new Requirement(
                        RequirementRule.Default,
                        attribute switch
                        {
                            "enabled" => text.Length % 2 == 0 ? "true" : "false",
                            "birthDate" => "2015-01-31",
                            "grades" => "KG,01",
                            _ => text.Trim().ReplaceLineEndings(" ") is { Length: > 0 } value ? value : "x",
                        }
                    )
            )
    );

    private static readonly Gen<SyncSchedule?> Schedule = Gen.Select(
        Gen.Int[0, 4],
        Gen.Int[0, 287].List[1, 3],
        Gen.Int[1, 31].List[1, 3],
        Gen.Date,
        (way, slots, days, until) =>
        {
            TimeOnly[] times = [.. slots.Distinct().Order().Select(slot => TimeOnly.MinValue.AddMinutes(5 * slot))];
            DateOnly? end = until.Year is > 1900 and < 9000 ? DateOnly.FromDateTime(until) : null;
            return way switch
            {
                0 => null,
                1 => new SyncSchedule { Times = times, Until = end },
                2 => new SyncSchedule
                {
                    Days = ScheduleDays.Weekly,
                    Weekdays = [.. days.Select(day => (DayOfWeek)(day % 7)).Distinct().Order()],
                    Times = times,
                },
                3 => new SyncSchedule
                {
                    Days = ScheduleDays.Monthly,
                    MonthDays = [.. days.Distinct().Order()],
                    Times = times,
                    Until = end,
                },
                _ => new SyncSchedule { Cron = "0 0 2 ? * MON-FRI", Until = end },
            };
        }
    );

    private static readonly Gen<SyncLimit> Limit = Gen.Select(
        Gen.Int[0, 3],
        Gen.Bool,
        Gen.Bool,
        Gen.Int[1, 10_000],
        Gen.Long[0, 50],
        (operation, isOfSchool, hasKind, number, least) =>
            new SyncLimit((Operation)operation, isOfSchool ? LimitScope.School : LimitScope.Source)
            {
                Kind = hasKind ? "student" : null,
                Percent = number % 3 > 0 ? number / 100m : null,
                Count = number % 3 < 2 ? number : null,
                LeastRecords = least,
                LeastPopulation = least / 2,
            }
    );

    /// <summary>Preview, threshold and limits.</summary>
    private static readonly Gen<AdvancedSettings> Safety = Gen.Select(
        Gen.Bool,
        Gen.Int[0, 100],
        Gen.Bool,
        Limit.List[0, 4],
        (preview, threshold, hasTable, limits) =>
            new AdvancedSettings
            {
                PreviewOfDataUpload = preview,
                SyncHoldThreshold = threshold,
                Limits = hasTable ? limits : null,
            }
    );

    /// <summary>An app of which only what concerns people of several sources is of interest.</summary>
    private static readonly Gen<AppConfiguration> Uniting = Gen.Select(
        Gen.Int[1, 1000],
        Gen.Bool,
        Gen.Bool,
        Gen.Int[0, 4].List[0, 3],
        Const("email", "phone", "primarySchool", "enabled"),
        Safety,
        (order, multiple, compare, domains, field, safety) =>
            new AppConfiguration
            {
                Type = "",
                Order = order,
                Advanced = safety with { MultipleDataSources = multiple, CompareByDomainsOfUniqueness = compare },
                DomainsOfUniqueness = new SortedDictionary<string, IReadOnlyList<IReadOnlyList<string>>>(StringComparer.Ordinal)
                {
                    ["student"] = [.. domains.Distinct().Select(domain => SomeDomains[domain])],
                },
                MasterFields = new SortedDictionary<string, IReadOnlyDictionary<string, MasterMode>>(StringComparer.Ordinal)
                {
                    [compare ? "student" : "teacher"] = new SortedDictionary<string, MasterMode>(StringComparer.Ordinal)
                    {
                        [field] = multiple ? MasterMode.Master : MasterMode.DoNotOverride,
                    },
                },
            }
    );

    internal static readonly Gen<DistrictConfiguration> District = Gen.Select(
        Text,
        Schools,
        Pair.List[0, 3],
        Schedule,
        Text,
        Requirement.List[0, 4],
        Uniting,
        (text, schools, pairs, schedule, prefix, requirements, uniting) =>
            new DistrictConfiguration
            {
                Id = "riverside",
                Name = text.Trim().Length == 0 ? "Riverside" : text,
                TimeZone = "America/Los_Angeles",
                Webhook = prefix.Length % 2 == 0 ? null : new WebhookSettings($"https://hooks.riverside.example/rollbook?for={prefix.Length}"),
                Retention = (text.Length % 4) switch
                {
                    0 => null,
                    1 => new Retention(Versions: text.Length),
                    2 => new Retention(Days: text.Length),
                    _ => new Retention(30, 400),
                },
                Apps = new Dictionary<string, AppConfiguration>
                {
                    ["synergy-2"] = new()
                    {
                        Type = "synergy",
                        Name = "Synergy " + text,
                        AcceptTerms = true,
                        Delivery = new Dictionary<string, string>
                        {
                            ["apiUrl"] = "https://sis.riverside.example",
                            ["clientId"] = "rollbook",
                            ["version"] = "1.1",
                            ["scope"] = "one\ntwo",
                        },
                        Secrets = ["clientSecret"],
                        Advanced = uniting.Advanced with { SisIdPrefix = prefix, BulkUploadMode = prefix.Length == 0 },
                        Order = uniting.Order,
                        DomainsOfUniqueness = uniting.DomainsOfUniqueness,
                        MasterFields = uniting.MasterFields,
                        Schools = schools,
                        Attributes = new Dictionary<string, IReadOnlyList<AttributePair>>
                        {
                            [Kinds.Of(Kind.Student).Name] = [.. pairs.DistinctBy(pair => pair.Target)],
                        },
                        Requirements = new Dictionary<string, IReadOnlyDictionary<string, Requirement>>
                        {
                            [Kinds.Of(Kind.Student).Name] = requirements
                                .DistinctBy(each => each.Attribute)
                                .ToDictionary(each => each.Attribute, each => each.Requirement),
                        },
                        Schedule = schedule,
                    },
                },
            }
    );

    private static Gen<string> Const(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    [Fact]
    public void What_was_written_is_read_as_the_same_and_written_as_the_same_bytes() =>
        District.Sample(configuration =>
        {
            var text = ConfigurationText.Write(configuration);
            var result = new ConfigurationFile(
                [new SynergyConnector()],
                name => name is "SYNERGY_2_CLIENT_SECRET" or "WEBHOOK_SECRET" ? "s3cret-of-24-letters-and-more" : null,
                ScheduleRules.Default
            ).Read("district.yaml", text);
            var read = result.ShouldBeOfType<ConfigurationFileResult.Read>(
                (result as ConfigurationFileResult.Refused)?.Errors.FirstOrDefault()?.ToString() + "\n" + text
            );
            read.Configuration.ToDocument().ShouldBe(configuration.ToDocument());
            ConfigurationText.Write(read.Configuration).ShouldBe(text);
            DistrictConfiguration.FromDocument(configuration.ToDocument()).ToDocument().ShouldBe(configuration.ToDocument());
            text.ShouldNotContain("s3cret");
        });
}
