using CsCheck;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Tests.Configuration;

/// <summary>Two configurations are compared setting by setting, by the paths of the file.</summary>
public sealed class ConfigurationChangesTests
{
    private static readonly AppConfiguration Synergy = new()
    {
        Type = "synergy",
        AcceptTerms = true,
        Delivery = new Dictionary<string, string>(StringComparer.Ordinal) { ["apiUrl"] = "https://sis.riverside.example" },
        Secrets = ["clientSecret"],
    };

    [Fact]
    public void Two_configurations_differ_in_nothing_exactly_when_their_documents_are_equal() =>
        Gen.Select(ConfigurationTextTests.District, ConfigurationTextTests.District, Gen.Bool)
            .Sample(
                (one, other, same) =>
                {
                    var now = same ? DistrictConfiguration.FromDocument(one.ToDocument()) : other;
                    var changes = ConfigurationChanges.Between(one, now);
                    (changes.Count == 0).ShouldBe(one.ToDocument() == now.ToDocument());
                    changes.ShouldAllBe(change => change.Old != change.New);
                    changes.Select(change => change.Path).ShouldBeUnique();

                    // And the other way round what was old is new.
                    ConfigurationChanges
                        .Between(now, one)
                        .Select(change => (change.Path, change.New, change.Old))
                        .ShouldBe(changes.Select(change => (change.Path, change.Old, change.New)), ignoreOrder: true);
                }
            );

    [Fact]
    public void A_setting_is_told_by_its_path_with_what_it_was_and_what_it_is() =>
        Between(
                Synergy,
                Synergy with
                {
                    Advanced = new AdvancedSettings { SisIdPrefix = "B-", BulkUploadMode = false },
                }
            )
            .ShouldBe(["apps.synergy.advanced.sisIdPrefix:  -> B-", "apps.synergy.advanced.bulkUploadMode: true -> false"]);

    [Fact]
    public void A_school_is_compared_with_itself_wherever_it_stands_in_the_list()
    {
        var lincoln = new SchoolMapping { Source = "L", Create = "Lincoln" };
        var adams = new SchoolMapping { Source = "A", Create = "Adams" };
        Between(
                Synergy with
                {
                    Schools = new SchoolsMapping { Mapped = [lincoln] },
                },
                Synergy with
                {
                    Schools = new SchoolsMapping { Mapped = [adams, lincoln with { Create = "Lincoln High" }] },
                }
            )
            .ShouldBe(
                [
                    """apps.synergy.schools.mapped.A: - -> {"source":"A","create":"Adams"}""",
                    """apps.synergy.schools.mapped.L: {"source":"L","create":"Lincoln"} -> {"source":"L","create":"Lincoln High"}""",
                ],
                ignoreOrder: true
            );
    }

    [Fact]
    public void A_school_left_out_of_auto_mapping_is_told_alone() =>
        Between(
                Synergy,
                Synergy with
                {
                    Schools = new SchoolsMapping { Auto = true, LeftOut = ["L"] },
                }
            )
            .ShouldBe(["""apps.synergy.schools.leftOut: - -> ["L"]"""]);

    [Fact]
    public void An_attribute_is_told_by_its_target()
    {
        var email = new AttributePair { Target = "email", Source = "mail" };
        Between(Synergy with { Attributes = Students(email) }, Synergy with { Attributes = Students(email with { Source = "login" }) })
            .ShouldBe(["""apps.synergy.attributes.student.email: {"source":"mail","target":"email"} -> {"source":"login","target":"email"}"""]);
    }

    [Fact]
    public void An_app_that_came_is_one_change_whose_parts_are_its_settings()
    {
        var district = new DistrictConfiguration { Id = "riverside", Name = "Riverside" };
        var change = ConfigurationChanges.Between(district, With(Synergy)).ShouldHaveSingleItem();
        (change.Path, change.App, change.Old).ShouldBe(("apps.synergy", "synergy", null));
        change.Parts.ShouldContain(part => part.Path == "apps.synergy.delivery.apiUrl" && part.NewText == "https://sis.riverside.example");
        ConfigurationChanges.Between(With(Synergy), district).ShouldHaveSingleItem().New.ShouldBeNull();
    }

    [Fact]
    public void The_first_configuration_is_told_whole() =>
        ConfigurationChanges
            .Between(null, With(Synergy))
            .Select(change => change.Path)
            .ShouldBe(["district.id", "district.name", "district.timeZone", "apps.synergy"]);

    [Fact]
    public void A_secret_is_only_ever_set_or_changed()
    {
        var before = With(Synergy with { Secrets = [] });
        var after = With(Synergy);
        var path = "apps.synergy.delivery.clientSecret";
        ConfigurationChanges.Between(before, after).ShouldBe([new ConfigurationChange(path, null, "\"set\"")]);
        ConfigurationChanges.Between(before, after, [("synergy", "clientSecret")]).ShouldBe([new ConfigurationChange(path, null, "\"set\"")]);
        ConfigurationChanges.Between(after, after, [("synergy", "clientSecret")]).ShouldBe([new ConfigurationChange(path, "\"set\"", "\"changed\"")]);
    }

    private static IEnumerable<string> Between(AppConfiguration old, AppConfiguration now) =>
        ConfigurationChanges.Between(With(old), With(now)).Select(change => $"{change.Path}: {change.OldText ?? "-"} -> {change.NewText ?? "-"}");

    private static Dictionary<string, IReadOnlyList<AttributePair>> Students(AttributePair pair) =>
        new(StringComparer.Ordinal) { ["student"] = [pair] };

    private static DistrictConfiguration With(AppConfiguration app) =>
        new()
        {
            Id = "riverside",
            Name = "Riverside",
            Apps = new Dictionary<string, AppConfiguration>(StringComparer.Ordinal) { ["synergy"] = app },
        };
}
