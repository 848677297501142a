using Rollbook.Model;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Derive;
using static Rollbook.Sync.Tests.Map.MappedImport;

namespace Rollbook.Sync.Tests.Map;

public sealed class AttributesMappingTests : IAsyncLifetime
{
    private MappedImport import = null!;

    public async ValueTask InitializeAsync() => import = await StartAsync();

    public ValueTask DisposeAsync() => import.DisposeAsync();

    [Fact]
    public async Task Without_pairs_the_defaults_hold()
    {
        var student = await import.ImportAsync([]);
        student["email"].ShouldBe("amara@old.example");
        student["stateId"].ShouldBe("4711");
        student["grades"].ShouldBe(new[] { "K", "07" });
        Metadata(student)["counselor"].ShouldBe("Ms. Rivera");
    }

    [Fact]
    public async Task A_pair_takes_another_source_attribute_and_converts_it_to_the_type_of_the_target()
    {
        var student = await import.ImportAsync(
            [
                Pair("userIds.stateID", "studentNumber"),
                Pair("metadata.home.room", "preferredGivenName"),
                Pair("metadata.bus.route", "sms"),
                Pair("grades", "pronouns"),
                Pair("phone", "grades"),
                Pair("demographics.sex", "preferredFamilyName"),
                Pair("metadata.entry", "birthDate"),
                Pair("demographics.asian", "enabled"),
                Pair("nowhere", "phone"),
            ],
            districtZone: "America/Los_Angeles"
        );
        student["studentNumber"].ShouldBe("4711");
        student["preferredGivenName"].ShouldBe("B12");
        student["sms"].ShouldBe("7");
        student["pronouns"].ShouldBe("K,07");
        student["grades"].ShouldBe(new[] { "555-0100" });
        student["preferredFamilyName"].ShouldBe("female");
        student["birthDate"].ShouldBe(new DateOnly(2026, 8, 14));
        student["enabled"].ShouldBe(true);
        student["phone"].ShouldBeNull();
        student["email"].ShouldBe("amara@old.example");
        import.Report.Notices.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_value_map_is_applied_to_each_element_and_before_the_type_is_converted()
    {
        import.Student["enabledUser"] = "A";
        import.Student["sms"] = "none";
        var student = await import.ImportAsync([
            Pair("grades", "grades", ("k", "KG")),
            Pair("enabledUser", "enabled", ("A", "true"), ("I", "false")),
            Pair("sms", "sms", ("none", "")),
        ]);
        student["grades"].ShouldBe(new[] { "KG", "07" });
        student["enabled"].ShouldBe(true);
        student["sms"].ShouldBeNull();
    }

    [Fact]
    public async Task A_template_sees_the_attributes_of_the_record()
    {
        var student = await import.ImportAsync([
            Template("email", "{{ username | downcase }}@riverside.example"),
            Template("preferredGivenName", "{{ metadata.counselor }}|{{ metadata['home.room'] }}|{{ metadata.bus.route | plus: 1 }}"),
            Template(
                "preferredFamilyName",
                "{{ userIds.stateID }}|{{ userIds.nothing }}|{{ demographics.sex }}|{% if demographics.asian %}yes{% endif %}"
            ),
            Template("grades", "{% for grade in grades %}{% if grade == 'K' %}KG{% else %}{{ grade }}{% endif %},{% endfor %}"),
            Template("birthDate", "{{ metadata.entry | date: '%m/%d/%Y' }}"),
            Template("enabled", "{% if grades contains 'K' %}no{% endif %}"),
            Template("phone", "  \n "),
            Template("metadata.label", "{{ familyName | upcase }}"),
        ]);
        student["email"].ShouldBe("amara.okafor@riverside.example");
        student["preferredGivenName"].ShouldBe("Ms. Rivera|B12|8");
        student["preferredFamilyName"].ShouldBe("4711||female|yes");
        student["grades"].ShouldBe(new[] { "KG", "07" });
        student["birthDate"].ShouldBe(new DateOnly(2026, 8, 15));
        student["enabled"].ShouldBe(false);
        student["phone"].ShouldBeNull();
        Metadata(student)["label"].ShouldBe("OKAFOR");
    }

    [Fact]
    public async Task A_pair_adds_an_entry_to_the_metadata_or_takes_the_place_of_one_and_leaves_the_others()
    {
        var student = await import.ImportAsync([
            Pair("phone", "metadata.Home Phone"),
            Pair("metadata.counselor", "metadata.counselor", ("Ms. Rivera", "RIV")),
            Pair("demographics.sex", "metadata.sex"),
            Pair("nowhere", "metadata.entry"),
        ]);
        Metadata(student)
            .Select(entry => $"{entry.Key}={entry.Value}")
            .ShouldBe(["Home Phone=555-0100", "bus={\"route\":7}", "counselor=RIV", "home.room=B12", "sex=female"]);
    }

    [Fact]
    public async Task A_value_that_is_not_valid_is_left_out_and_counted()
    {
        var student = await import.ImportAsync([Pair("phone", "birthDate"), Pair("username", "enabled")]);
        student["birthDate"].ShouldBeNull();
        student["enabled"].ShouldBeNull();
        import.Report.Notices.ShouldBe(["1 of the students read had a value that is not valid; the value was left out."]);
    }

    [Fact]
    public async Task A_template_that_fails_leaves_the_value_empty_and_the_run_says_which_without_the_records_values()
    {
        var student = await import.ImportAsync([
            Template("email", "{{ givenName | round: familyName }}{{ 1 | divided_by: 0 }}"),
            Template("metadata.x", "{{ 1 | divided_by: 0 }}"),
        ]);
        student["email"].ShouldBeNull();
        Metadata(student).ShouldNotContainKey("x");
        import.Report.Notices.ShouldContain("The template of student email failed for 1 record, whose value was left empty: it divides by zero.");
        import.Report.Notices.ShouldContain(
            "The template of student metadata.x failed for 1 record, whose value was left empty: it divides by zero."
        );
        string.Concat(import.Report.Notices).ShouldNotContain("Amara");
    }

    [Fact]
    public async Task The_connections_time_zone_says_which_day_a_moment_is_and_the_districts_where_it_has_none()
    {
        (await import.ImportAsync([], districtZone: "UTC"))["birthDate"].ShouldBe(new DateOnly(2015, 3, 4));
        (await import.ImportAsync([], districtZone: "America/Los_Angeles"))["birthDate"].ShouldBe(new DateOnly(2015, 3, 3));
        (await import.ImportAsync([], districtZone: "America/Los_Angeles", ownZone: "Europe/Berlin"))["birthDate"].ShouldBe(new DateOnly(2015, 3, 4));
        import.Demographics["birthDate"] = "2015-03-04T00:00:00.000Z";
        (await import.ImportAsync([], districtZone: "America/Los_Angeles"))["birthDate"].ShouldBe(new DateOnly(2015, 3, 4));
    }

    [Fact]
    public async Task Another_mapping_derives_unchanged_records_again_and_the_same_one_nothing()
    {
        await import.ImportAsync([Pair("username", "email")]);
        (await import.ImportAsync([Pair("phone", "email")]))["email"].ShouldBe("555-0100");
        import.Report.Changes[Kind.Student].Update.ShouldBe(1);
        await import.ImportAsync([Pair("phone", "email")]);
        import.Report.Changes.GetValueOrDefault(Kind.Student)?.Update.ShouldBe(0);
        (await import.ImportAsync([]))["email"].ShouldBe("amara@old.example");
    }

    [Fact]
    public void Equal_mappings_have_one_fingerprint_and_others_another()
    {
        var one = Of([Pair("a", "email", ("x", "1"), ("y", "2")), Template("phone", "{{ a }}")], "UTC");
        Of([Template("phone", "{{ a }}"), Pair("a", "email", ("y", "2"), ("x", "1"))], "UTC").ShouldBe(one);
        var others = new[]
        {
            Of([], "UTC"),
            Of([Pair("a", "email", ("x", "1"), ("y", "3")), Template("phone", "{{ a }}")], "UTC"),
            Of([Pair("b", "email", ("x", "1"), ("y", "2")), Template("phone", "{{ a }}")], "UTC"),
            Of([Pair("a", "email", ("x", "1"), ("y", "2")), Template("phone", "{{ b }}")], "UTC"),
            Of([Pair("a", "email", ("x", "1"), ("y", "2")), Template("phone", "{{ a }}")], "America/Denver"),
        };
        others.ShouldNotContain(one);
        others.Distinct(StringComparer.Ordinal).Count().ShouldBe(others.Length);
    }

    private static string Of(AttributePair[] pairs, string zone) =>
        DerivationFingerprint.Of(
            new AppConfiguration
            {
                Type = "x",
                Attributes = new Dictionary<string, IReadOnlyList<AttributePair>> { ["student"] = pairs },
            },
            TimeZoneInfo.FindSystemTimeZoneById(zone),
            schools: "",
            new DateOnly(2026, 11, 28)
        );

    private static IReadOnlyDictionary<string, string> Metadata(Row row) => (IReadOnlyDictionary<string, string>)row["metadata"]!;
}
