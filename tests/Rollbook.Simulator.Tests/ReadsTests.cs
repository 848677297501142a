using System.Text.Json;

namespace Rollbook.Simulator.Tests;

/// <summary>All 41 reads answer in the shape of the specification, whichever version it is of.</summary>
public abstract class ReadsTests(ServedDistrict district)
{
    private bool Is12 => district.Simulator.Options.Profile is Profile.Clean12;

    public static TheoryData<string, string, Kind> Collections =>
        new()
        {
            { "academicSessions", "academicSessions", Kind.AcademicSessions },
            { "classes", "classes", Kind.Classes },
            { "courses", "courses", Kind.Courses },
            { "demographics", "demographics", Kind.Demographics },
            { "enrollments", "enrollments", Kind.Enrollments },
            { "gradingPeriods", "academicSessions", Kind.AcademicSessions },
            { "orgs", "orgs", Kind.Orgs },
            { "schools", "orgs", Kind.Orgs },
            { "students", "users", Kind.Users },
            { "teachers", "users", Kind.Users },
            { "terms", "academicSessions", Kind.AcademicSessions },
            { "users", "users", Kind.Users },
            { "schools/{school}/courses", "courses", Kind.Courses },
            { "schools/{school}/classes", "classes", Kind.Classes },
            { "schools/{school}/enrollments", "enrollments", Kind.Enrollments },
            { "schools/{school}/students", "users", Kind.Users },
            { "schools/{school}/teachers", "users", Kind.Users },
            { "schools/{school}/terms", "academicSessions", Kind.AcademicSessions },
            { "schools/{school}/classes/{class}/enrollments", "enrollments", Kind.Enrollments },
            { "schools/{school}/classes/{class}/students", "users", Kind.Users },
            { "schools/{school}/classes/{class}/teachers", "users", Kind.Users },
            { "terms/{term}/classes", "classes", Kind.Classes },
            { "terms/{term}/gradingPeriods", "academicSessions", Kind.AcademicSessions },
            { "courses/{course}/classes", "classes", Kind.Classes },
            { "students/{student}/classes", "classes", Kind.Classes },
            { "teachers/{teacher}/classes", "classes", Kind.Classes },
            { "users/{student}/classes", "classes", Kind.Classes },
            { "classes/{class}/students", "users", Kind.Users },
            { "classes/{class}/teachers", "users", Kind.Users },
        };

    public static TheoryData<string, string> Singles =>
        new()
        {
            { "academicSessions", "academicSession" },
            { "classes", "class" },
            { "courses", "course" },
            { "demographics", "demographics" },
            { "enrollments", "enrollment" },
            { "gradingPeriods", "academicSession" },
            { "orgs", "org" },
            { "schools", "org" },
            { "students", "user" },
            { "teachers", "user" },
            { "terms", "academicSession" },
            { "users", "user" },
        };

    [Theory]
    [MemberData(nameof(Collections))]
    public async Task A_collection_answers_with_records_under_its_key(string path, string key, Kind kind)
    {
        using var answer = await district.Client.GetAsync(await FillInAsync(path));

        ((int)answer.StatusCode).ShouldBe(200);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        answer.Headers.GetValues("X-Total-Count").Single().ShouldNotBe("0", StringComparer.Ordinal);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var records = document.RootElement.GetProperty(key).EnumerateArray().ToList();
        records.ShouldNotBeEmpty();
        foreach (var record in records)
        {
            if (Is12)
            {
                RequiredProperties.Check12(kind, record);
            }
            else
            {
                RequiredProperties.Check(kind, record);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Singles))]
    public async Task A_single_answers_with_the_record_of_the_collection(string collection, string key)
    {
        var listed = (await district.Client.PageAsync(collection + "?limit=3"))[^1];

        var answer = await district.Client.JsonAsync($"{collection}/{listed.GetProperty("sourcedId").GetString()}");

        answer.EnumerateObject().Single().Name.ShouldBe(key);
        answer.GetProperty(key).GetRawText().ShouldBe(listed.GetRawText());
    }

    [Theory]
    [MemberData(nameof(Singles))]
    public async Task An_unknown_id_is_an_unknown_object(string collection, string key)
    {
        key.ShouldNotBeEmpty();
        using var answer = await district.Client.GetAsync(collection + "/96870498-10C3-4D16-8B11-27BA3651C2CE");

        ((int)answer.StatusCode).ShouldBe(404);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(
            Is12 ? "\"imsx_codeMinorFieldValue\":\"unknownobject\"" : "\"imsx_codeMinor\":\"unknown object\""
        );
    }

    /// <summary>Puts real ids into a path: a secondary school, one of its classes, and people of that class.</summary>
    private async Task<string> FillInAsync(string path)
    {
        if (!path.Contains('{', StringComparison.Ordinal))
        {
            return path;
        }

        // Of the local advisory course, so that the school has a course of its own.
        var course = (await district.Client.PageAsync("courses?filter=courseCode~'ADV-'"))[0];
        var section = (await district.Client.PageAsync($"classes?filter=course.sourcedId='{Id(course)}'")).FirstOrDefault();
        if (section.ValueKind == JsonValueKind.Undefined)
        {
            var school = course.GetProperty("org").GetProperty("sourcedId").GetString();
            section = (await district.Client.PageAsync($"classes?filter=school.sourcedId='{school}'"))[0];
            course = section.GetProperty("course");
        }

        var enrollments = await district.Client.PageAsync($"enrollments?filter=class.sourcedId='{Id(section)}'");
        return path.Replace("{school}", Id(section.GetProperty("school")), StringComparison.Ordinal)
            .Replace("{class}", Id(section), StringComparison.Ordinal)
            .Replace("{course}", Id(course), StringComparison.Ordinal)
            .Replace("{term}", Id(section.GetProperty("terms")[0]), StringComparison.Ordinal)
            .Replace("{student}", Id(Of("student").GetProperty("user")), StringComparison.Ordinal)
            .Replace("{teacher}", Id(Of("teacher").GetProperty("user")), StringComparison.Ordinal);

        JsonElement Of(string role) => enrollments.First(enrollment => enrollment.GetProperty("role").ValueEquals(role));
    }

    private static string Id(JsonElement record) => record.GetProperty("sourcedId").GetString()!;
}

/// <summary>OneRoster 1.1.</summary>
public sealed class Reads11Tests(CleanDistrict district) : ReadsTests(district), IClassFixture<CleanDistrict>;

/// <summary>OneRoster 1.2.</summary>
public sealed class Reads12Tests(CleanDistrict12 district) : ReadsTests(district), IClassFixture<CleanDistrict12>;
