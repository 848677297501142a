using System.Text.Json.Nodes;
using Rollbook.Model;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Tests.Derive;

namespace Rollbook.Sync.Tests.Map;

/// <summary>What servers are known to do to values, identities and structure (docs/reference/oneroster-quirks.md), and what becomes of it in the roster.</summary>
public sealed class QuirkTests : IAsyncLifetime
{
    private readonly ScriptedSource source = new(new Random(7));
    private TestDistrict district = null!;
    private Dictionary<(Kind Kind, RollbookId Id), Row> roster = [];
    private RunReport report = null!;

    public async ValueTask InitializeAsync()
    {
        district = await TestDistrict.StartAsync(source);
        Put(Collection.Orgs, "d", """{ "name": "Riverside", "type": "district" }""");
        Put(Collection.Orgs, "s", """{ "name": "Lincoln", "type": "school", "parent": { "sourcedId": "d" } }""");
        Put(
            Collection.AcademicSessions,
            "t",
            """{ "title": "Fall", "type": "term", "startDate": "2026-08-10", "endDate": "2026-12-20", "schoolYear": "2027" }"""
        );
        Put(Collection.Courses, "c", """{ "title": "Algebra", "courseCode": "A1", "org": { "sourcedId": "s" } }""");
        Put(
            Collection.Classes,
            "k",
            """{ "title": "Algebra 1", "course": { "sourcedId": "c" }, "school": { "sourcedId": "s" }, "terms": [{ "sourcedId": "t" }] }"""
        );
        Put(Collection.Users, "u", """{ "role": "student", "givenName": "Amara", "familyName": "Diaz", "orgs": [{ "sourcedId": "s" }] }""");
    }

    public ValueTask DisposeAsync() => district.DisposeAsync();

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("\"true\"", true)]
    [InlineData("\"TRUE\"", true)]
    [InlineData("\"False\"", false)]
    [InlineData("1", true)]
    [InlineData("0", false)]
    [InlineData("\"1\"", true)]
    [InlineData("null", null)]
    [InlineData("\"\"", null)]
    [InlineData("\"perhaps\"", null)]
    public async Task Booleans_come_in_many_ways(string json, bool? expected)
    {
        User["enabledUser"] = JsonNode.Parse(json);
        (await StudentAsync())["enabled"].ShouldBe(expected);
    }

    [Theory]
    [InlineData("\"  Amara \"", "Amara")]
    [InlineData("\"Am\\u0007ara\"", "Amara")]
    [InlineData("\"Amara\\tJo\\n\"", "Amara Jo")]
    [InlineData("\"O&#39;Brien &amp; Co\"", "O&#39;Brien &amp; Co")]
    [InlineData("7", "7")]
    [InlineData("\"\"", null)]
    [InlineData("\"  \"", null)]
    [InlineData("null", null)]
    [InlineData("{}", null)]
    public async Task Texts_are_cleaned_of_what_can_not_be_seen_and_of_nothing_else(string json, string? expected)
    {
        User["middleName"] = JsonNode.Parse(json);
        (await StudentAsync())["middleName"].ShouldBe(expected);
    }

    [Theory]
    [InlineData("[\"07\", \"08\"]", "07", "08")]
    [InlineData("\"07\"", "07")]
    [InlineData("\"07, 08\"", "07", "08")]
    [InlineData("[\"07\", null, \"\", \"08\"]", "07", "08")]
    [InlineData("[7]", "7")]
    [InlineData("[\"Grade 7\", \"P3\"]", "Grade 7", "P3")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"\"")]
    public async Task Lists_come_as_lists_as_one_text_or_not_at_all(string json, params string[] expected)
    {
        User["grades"] = JsonNode.Parse(json);
        var grades = (await StudentAsync())["grades"] as IReadOnlyList<string>;
        (grades ?? []).ShouldBe(expected);
    }

    [Theory]
    [InlineData("""[{ "sourcedId": "s" }]""")]
    [InlineData("""{ "sourcedId": "s" }""")]
    [InlineData("""{ "href": "http://sis.internal/orgs/x", "sourcedId": "s", "type": "school" }""")]
    [InlineData("""["s"]""")]
    [InlineData("\"s\"")]
    [InlineData("""[{ "sourcedId": "s" }, { "sourcedId": "s" }]""")]
    public async Task A_reference_is_its_sourcedId_in_whatever_it_is_wrapped(string json)
    {
        User["orgs"] = JsonNode.Parse(json);
        var student = await StudentAsync();
        student["schools"].ShouldBeAssignableTo<IReadOnlyList<RollbookId>>().ShouldBe([Of(Family.Org, "s")]);
        student["primarySchool"].ShouldBe(Of(Family.Org, "s"));
    }

    [Theory]
    [InlineData("2027")]
    [InlineData("\"2027\"")]
    public async Task A_school_year_is_a_number_or_a_text(string json)
    {
        source.Records[Collection.AcademicSessions]["t"]["schoolYear"] = JsonNode.Parse(json);
        await ImportAsync();
        roster[(Kind.Calendar, Of(Family.AcademicSession, "t"))]["schoolYear"].ShouldBe("2027");
    }

    [Theory]
    [InlineData("2026-08-10T00:00:00")]
    [InlineData("8/10/2026")]
    [InlineData("2026-08-10T00:00:00.000Z")]
    public async Task Dates_come_with_a_time_or_as_Americans_write_them(string date)
    {
        source.Records[Collection.AcademicSessions]["t"]["startDate"] = date;
        await ImportAsync();
        roster[(Kind.Calendar, Of(Family.AcademicSession, "t"))]["startDate"].ShouldBe(new DateOnly(2026, 8, 10));
    }

    [Theory]
    [InlineData("birthDate")]
    [InlineData("birthdate")]
    public async Task The_birth_date_has_two_spellings(string name)
    {
        Put(Collection.Demographics, "u", $$"""{ "{{name}}": "2014-03-04", "sex": "female" }""");
        (await StudentAsync())["birthDate"].ShouldBe(new DateOnly(2014, 3, 4));
    }

    [Theory]
    [InlineData("Student", Kind.Student)]
    [InlineData("TEACHER", Kind.Teacher)]
    [InlineData("siteAdministrator", Kind.Admin)]
    [InlineData("relative", Kind.Contact)]
    public async Task Words_have_any_case(string role, Kind kind)
    {
        User["role"] = role;
        await ImportAsync();
        roster.ShouldContainKey((kind, Of(Family.Person, "u")));
    }

    [Theory]
    [InlineData("janitor")]
    [InlineData("ext:busDriver")]
    [InlineData(null)]
    public async Task A_user_of_an_unknown_role_is_told_and_left_out(string? role)
    {
        User["role"] = role;
        await ImportAsync();
        roster.Keys.ShouldAllBe(key => key.Id != Of(Family.Person, "u"));
        report.Skipped[Kind.Student].ShouldBe(1);
    }

    [Theory]
    [InlineData("""{ "list": [1, 2], "deep": { "a": { "b": null } }, "n": 4, "flag": true, "none": null, "": "x" }""")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    public async Task Metadata_of_any_shape_and_properties_that_nobody_knows_do_no_harm(string json)
    {
        User["metadata"] = JsonNode.Parse(json);
        User["shoeSize"] = JsonNode.Parse("""{ "left": [44], "right": 45 }""");
        (await StudentAsync())["familyName"].ShouldBe("Diaz");
    }

    [Fact]
    public async Task One_id_may_be_of_records_of_several_kinds_and_ids_that_differ_by_case_are_two()
    {
        foreach (var id in new[] { "x", "X" })
        {
            Put(Collection.Orgs, id, $$"""{ "name": "School {{id}}", "type": "school" }""");
            Put(Collection.Users, id, $$"""{ "role": "student", "familyName": "Of {{id}}", "orgs": [{ "sourcedId": "{{id}}" }] }""");
            Put(Collection.Courses, id, """{ "title": "Course" }""");
        }

        await ImportAsync();
        roster[(Kind.Student, Of(Family.Person, "x"))]["familyName"].ShouldBe("Of x");
        roster[(Kind.Student, Of(Family.Person, "X"))]["familyName"].ShouldBe("Of X");
        roster.ShouldContainKey((Kind.School, Of(Family.Org, "x")));
        roster.ShouldContainKey((Kind.School, Of(Family.Org, "X")));
        roster.ShouldContainKey((Kind.Course, Of(Family.Course, "x")));
    }

    [Fact]
    public async Task Names_and_addresses_may_be_blank_or_shared()
    {
        Put(Collection.Users, "a", """{ "role": "student", "username": "same", "email": "same@x.example", "orgs": [{ "sourcedId": "s" }] }""");
        Put(Collection.Users, "b", """{ "role": "teacher", "username": "same", "email": "same@x.example", "orgs": [{ "sourcedId": "s" }] }""");
        Put(Collection.Users, "e", """{ "role": "teacher", "username": "", "email": " ", "orgs": [{ "sourcedId": "s" }] }""");
        await ImportAsync();
        roster.ShouldContainKey((Kind.Student, Of(Family.Person, "a")));
        roster.ShouldContainKey((Kind.Teacher, Of(Family.Person, "b")));
        roster[(Kind.Teacher, Of(Family.Person, "e"))]["username"].ShouldBeNull();
    }

    [Fact]
    public async Task A_user_without_an_organisation_waits_outside_until_there_is_one()
    {
        User["orgs"] = new JsonArray();
        await ImportAsync();
        roster.Keys.ShouldNotContain(key => key.Kind == Kind.Student);
        User["orgs"] = JsonNode.Parse("""[{ "sourcedId": "gone" }, { "sourcedId": "s" }]""");
        (await StudentAsync())["primarySchool"].ShouldBe(Of(Family.Org, "s"));
    }

    [Theory]
    [InlineData("department")]
    [InlineData("district")]
    [InlineData("ext:campus")]
    public async Task Organisations_hang_on_nothing_and_schools_are_called_otherwise(string type)
    {
        Put(Collection.Orgs, "lost", """{ "name": "Lost", "type": "school", "parent": { "sourcedId": "nowhere" } }""");
        Put(Collection.Orgs, "dept", $$"""{ "name": "Small School", "type": "{{type}}" }""");
        source.Records[Collection.Orgs].Remove("d");
        User["orgs"] = JsonNode.Parse("""[{ "sourcedId": "dept" }]""");
        await StudentAsync();
        roster[(Kind.School, Of(Family.Org, "lost"))]["name"].ShouldBe("Lost");
        roster.ShouldContainKey((Kind.School, Of(Family.Org, "s")));
    }

    [Fact]
    public async Task Classes_lack_terms_name_unknown_ones_or_span_years()
    {
        Put(
            Collection.AcademicSessions,
            "t2",
            """{ "title": "Next", "type": "term", "startDate": "2027-08-10", "endDate": "2027-12-20", "schoolYear": 2028 }"""
        );
        Class("none", "[]");
        Class("null", "null");
        Class("unknown", """[{ "sourcedId": "nowhere" }]""");
        Class("both", """[{ "sourcedId": "t" }, { "sourcedId": "t2" }]""");
        await ImportAsync();
        foreach (var id in new[] { "none", "null", "unknown", "both" })
        {
            roster.ShouldContainKey((Kind.Class, Of(Family.Class, id)), id);
        }

        ((IReadOnlyList<RollbookId>)roster[(Kind.Class, Of(Family.Class, "both"))]["calendars"]!).Count.ShouldBe(2);

        void Class(string id, string terms) =>
            Put(
                Collection.Classes,
                id,
                $$"""{ "title": "{{id}}", "course": { "sourcedId": "c" }, "school": { "sourcedId": "s" }, "terms": {{terms}} }"""
            );
    }

    [Fact]
    public async Task A_class_without_its_course_waits_and_a_course_may_be_the_districts()
    {
        Put(Collection.Courses, "all", """{ "title": "Of the district", "org": { "sourcedId": "d" } }""");
        Put(Collection.Classes, "one", """{ "title": "1", "course": { "sourcedId": "all" }, "school": { "sourcedId": "s" } }""");
        Put(Collection.Classes, "two", """{ "title": "2", "course": { "sourcedId": "nowhere" }, "school": { "sourcedId": "s" } }""");
        await ImportAsync();
        roster.ShouldContainKey((Kind.Class, Of(Family.Class, "one")));
        roster.Keys.ShouldNotContain((Kind.Class, Of(Family.Class, "two")));
        Put(Collection.Courses, "nowhere", """{ "title": "Here at last" }""");
        await ImportAsync();
        roster.ShouldContainKey((Kind.Class, Of(Family.Class, "two")));
    }

    [Theory]
    [InlineData("""{ "role": "student" }""")]
    [InlineData("""{ "role": "Student", "beginDate": null, "endDate": "" }""")]
    [InlineData("""{ "role": "student", "beginDate": "2026-12-01", "endDate": "2026-08-01" }""")]
    [InlineData("""{ "role": "student", "beginDate": "2020-01-01", "endDate": "2035-01-01" }""")]
    [InlineData("""{ "role": "student", "beginDate": "soon", "endDate": 7 }""")]
    [InlineData("""{ "role": "aide" }""")]
    [InlineData("""{ "role": "ext:aide" }""")]
    [InlineData("""{ "role": "guardian", "primary": "TRUE" }""")]
    [InlineData("""{}""")]
    public async Task An_enrollment_is_taken_with_whatever_dates_and_role(string json)
    {
        Enroll("e", "u", json);
        await ImportAsync();
        roster.ShouldContainKey((Kind.Enrollment, Of(Family.Enrollment, "e")));
        report.Failure.ShouldBeNull();
    }

    [Fact]
    public async Task Several_primary_teachers_none_and_rows_of_a_re_entry_all_stay()
    {
        Put(Collection.Users, "a", """{ "role": "teacher", "orgs": [{ "sourcedId": "s" }] }""");
        Put(Collection.Users, "b", """{ "role": "teacher", "orgs": [{ "sourcedId": "s" }] }""");
        Enroll("e1", "a", """{ "role": "teacher", "primary": "true" }""");
        Enroll("e2", "b", """{ "role": "teacher", "primary": true }""");
        Enroll("e3", "u", """{ "role": "student", "endDate": "2026-09-01" }""");
        Enroll("e4", "u", """{ "role": "student", "beginDate": "2026-10-01" }""");
        await ImportAsync();
        roster.Keys.Count(key => key.Kind == Kind.Enrollment).ShouldBe(4);
    }

    [Fact]
    public async Task An_enrollment_in_a_class_that_is_to_be_deleted_goes_with_it()
    {
        Enroll("e", "u", """{ "role": "student" }""");
        await ImportAsync();
        roster.ShouldContainKey((Kind.Enrollment, Of(Family.Enrollment, "e")));
        source.Records[Collection.Classes]["k"] = JsonNode.Parse("""{ "sourcedId": "k", "status": "tobedeleted" }""")!.AsObject();
        await ImportAsync();
        roster.Keys.ShouldNotContain(key => key.Kind == Kind.Class || key.Kind == Kind.Enrollment);
    }

    [Fact]
    public async Task Agents_may_point_one_way_or_nowhere_and_are_guardians_parents_or_relatives()
    {
        foreach (var role in new[] { "guardian", "parent", "relative" })
        {
            Put(Collection.Users, role, $$"""{ "role": "{{role}}", "orgs": [{ "sourcedId": "s" }] }""");
        }

        User["agents"] = JsonNode.Parse("""[{ "sourcedId": "guardian" }, { "sourcedId": "nobody" }]""");
        source.Records[Collection.Users]["relative"]["agents"] = JsonNode.Parse("""[{ "sourcedId": "u" }]""");
        var student = await StudentAsync();
        ((IReadOnlyList<RollbookId>)student["contacts"]!).ShouldContain(Of(Family.Person, "guardian"));
        roster.Keys.Count(key => key.Kind == Kind.Contact).ShouldBe(3);
    }

    [Fact]
    public async Task Dates_of_change_that_move_every_night_stand_still_or_are_no_dates_change_nothing()
    {
        await ImportAsync();
        foreach (var touched in new[] { "\"2026-01-01T00:00:00\"", "\"2026-01-01T00:00:00Z\"", "null", "\"yesterday\"", "17" })
        {
            User["dateLastModified"] = JsonNode.Parse(touched);
            (await district.ImportAsync()).State.ShouldBe("unchanged", touched);
        }

        User["familyName"] = "Okafor";
        (await StudentAsync())["familyName"].ShouldBe("Okafor");
    }

    [Fact]
    public async Task A_tombstone_of_nothing_but_id_and_status_is_enough_and_a_record_may_come_back()
    {
        var whole = User;
        await StudentAsync();
        Put(Collection.Users, "u", """{ "status": "tobedeleted" }""");
        await ImportAsync();
        roster.Keys.ShouldNotContain(key => key.Kind == Kind.Student);
        source.Records[Collection.Users]["u"] = whole;
        (await StudentAsync())["familyName"].ShouldBe("Diaz");
    }

    private JsonObject User => source.Records[Collection.Users]["u"];

    private static RollbookId Of(Family family, string id) => RollbookId.Derive(new IdScope(TestDistrict.Id, TestDistrict.App, family), id);

    private void Put(Collection collection, string id, string json)
    {
        var record = JsonNode.Parse(json)!.AsObject();
        record["sourcedId"] = id;
        source.Records[collection][id] = record;
    }

    private void Enroll(string id, string user, string json)
    {
        Put(Collection.Enrollments, id, json);
        var record = source.Records[Collection.Enrollments][id];
        record["user"] = new JsonObject { ["sourcedId"] = user };
        record["class"] = new JsonObject { ["sourcedId"] = "k" };
        record["school"] = new JsonObject { ["sourcedId"] = "s" };
    }

    private async Task<Row> StudentAsync()
    {
        await ImportAsync();
        return roster[(Kind.Student, Of(Family.Person, "u"))];
    }

    private async Task ImportAsync()
    {
        var run = await district.ImportAsync();
        report = RunReport.FromJson(run.Report);
        run.State.ShouldBeOneOf("published", "unchanged");
        roster = await district.RecordsAsync();
    }
}
