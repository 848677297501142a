using System.IO.Compression;
using System.Text;
using nietras.SeparatedValues;
using Rollbook.Model;
using Rollbook.Sharing.Csv;
using Rollbook.Storage;

namespace Rollbook.Sharing.Tests.Csv;

public sealed class OneRosterCsvExportTests
{
    private static readonly RollbookId District = Id(Family.Org, "district");
    private static readonly RollbookId School = Id(Family.Org, "school");
    private static readonly RollbookId Year = Id(Family.AcademicSession, "year");
    private static readonly RollbookId Course = Id(Family.Course, "course");
    private static readonly RollbookId Class = Id(Family.Class, "class");
    private static readonly RollbookId Student = Id(Family.Person, "student");
    private static readonly RollbookId Guardian = Id(Family.Person, "guardian");
    private static readonly RollbookId Enrollment = Id(Family.Enrollment, "enrollment");

    internal static readonly RosterVersion Version = new(
        3,
        7,
        "synergy",
        new DateTimeOffset(2026, 11, 24, 2, 3, 10, TimeSpan.Zero),
        "schedule",
        1,
        null,
        new Dictionary<Kind, ChangeCounts>(),
        new Dictionary<Kind, long>()
    );

    [Fact]
    public async Task The_package_has_the_specified_files_with_the_specified_columns_in_order()
    {
        var package = await WriteAsync(Small());
        package.Keys.ShouldBe(
            ["academicSessions.csv", "orgs.csv", "courses.csv", "classes.csv", "users.csv", "enrollments.csv", "demographics.csv", "manifest.csv"],
            ignoreOrder: true
        );
        Header(package["orgs.csv"]).ShouldBe("sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId,metadata.sisId");
        Header(package["users.csv"])
            .ShouldBe(
                "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,metadata.sisId"
            );
        Header(package["classes.csv"])
            .ShouldBe(
                "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods,metadata.sisId"
            );
        Header(package["enrollments.csv"])
            .ShouldBe("sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate,metadata.sisId");
        Header(package["courses.csv"])
            .ShouldBe(
                "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes,metadata.sisId"
            );
        Header(package["academicSessions.csv"])
            .ShouldBe("sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear,metadata.sisId");
        Header(package["demographics.csv"]).ShouldStartWith("sourcedId,status,dateLastModified,birthDate,sex,americanIndianOrAlaskaNative,");
    }

    [Fact]
    public async Task Values_are_written_as_the_binding_asks_and_quoted_where_they_must_be()
    {
        var package = await WriteAsync(Small());
        var student = Rows(package["users.csv"]).Single(row => row["sourcedId"] == Student.ToString());
        student["familyName"].ShouldBe("O\"Hara, Åberg");
        student["userIds"].ShouldBe("{stateID:AZ1}");
        student["role"].ShouldBe("student");
        student["enabledUser"].ShouldBe("true");
        student["orgSourcedIds"].ShouldBe($"{School},{District}");
        student["agentSourcedIds"].ShouldBe(Guardian.ToString());
        student["username"].ShouldBe("a@x.example", "a person without a user name is known by e-mail");
        student["grades"].ShouldBe("09");
        student["status"].ShouldBeEmpty("bulk files leave it blank");
        Rows(package["users.csv"]).Single(row => row["sourcedId"] == Guardian.ToString())["role"].ShouldBe("guardian");
        Rows(package["demographics.csv"]).Single()["birthDate"].ShouldBe("2011-03-04");
        Rows(package["demographics.csv"]).Single()["asian"].ShouldBe("false");
        var enrollment = Rows(package["enrollments.csv"]).Single();
        (enrollment["userSourcedId"], enrollment["classSourcedId"], enrollment["schoolSourcedId"]).ShouldBe(
            (Student.ToString(), Class.ToString(), School.ToString())
        );
    }

    [Fact]
    public async Task The_manifest_says_bulk_for_what_is_there_and_absent_for_the_rest()
    {
        var manifest = Rows((await WriteAsync(Small()))["manifest.csv"]).ToDictionary(row => row["propertyName"], row => row["value"]);
        manifest["oneroster.version"].ShouldBe("1.1");
        manifest["manifest.version"].ShouldBe("1.0");
        manifest["file.users"].ShouldBe("bulk");
        manifest["file.results"].ShouldBe("absent");
        manifest.Count.ShouldBe(17);

        var empty = await WriteAsync([]);
        empty.Keys.ShouldBe(["manifest.csv"]);
        Rows(empty["manifest.csv"]).ShouldAllBe(row => !row["propertyName"].StartsWith("file.") || row["value"] == "absent");
    }

    [Fact]
    public async Task In_1_2_the_roles_of_users_have_a_file_of_their_own()
    {
        var package = await WriteAsync(Small(), CsvFormat.OneRoster12);
        Header(package["users.csv"])
            .ShouldBe(
                "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,preferredGivenName,preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns,metadata.sisId"
            );
        Header(package["roles.csv"])
            .ShouldBe("sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId");
        Rows(package["roles.csv"])
            .Where(row => row["userSourcedId"] == Student.ToString())
            .Select(row => (row["sourcedId"], row["roleType"], row["role"], row["orgSourcedId"]))
            .ShouldBe([
                ($"{Student}.{School}", "primary", "student", School.ToString()),
                ($"{Student}.{District}", "secondary", "student", District.ToString()),
            ]);
        var manifest = Rows(package["manifest.csv"]).ToDictionary(row => row["propertyName"], row => row["value"]);
        (manifest["oneroster.version"], manifest["file.roles"], manifest["file.userProfiles"]).ShouldBe(("1.2", "bulk", "absent"));
        manifest.Count.ShouldBe(25);
    }

    [Fact]
    public async Task A_line_break_in_a_value_becomes_a_blank()
    {
        var package = await WriteAsync([Record(Kind.School, School, ("name", "Lincoln\r\nHigh"), ("type", "school"))]);
        Rows(package["orgs.csv"]).Single()["name"].ShouldBe("Lincoln  High");
    }

    [Fact]
    public async Task The_same_version_gives_the_same_bytes()
    {
        using var first = new MemoryStream();
        using var second = new MemoryStream();
        await new OneRosterCsvExport(new RosterInMemory(Version, Small())).WriteAsync(first, 3, default);
        await new OneRosterCsvExport(new RosterInMemory(Version, [.. Small().Reverse()])).WriteAsync(second, 3, default);
        first.ToArray().ShouldBe(second.ToArray());
    }

    [Fact]
    public async Task A_version_that_does_not_exist_is_refused() =>
        await Should.ThrowAsync<ArgumentException>(() => new OneRosterCsvExport(new RosterInMemory(Version, [])).WriteAsync(Stream.Null, 4, default));

    internal static IReadOnlyList<RosterRecord> Small() =>
        [
            Record(Kind.School, District, ("name", "Riverside"), ("type", "district")),
            Record(Kind.School, School, ("name", "Lincoln"), ("type", "school"), ("parent", District)),
            Record(
                Kind.Calendar,
                Year,
                ("title", "2026-27"),
                ("type", "schoolYear"),
                ("startDate", new DateOnly(2026, 8, 10)),
                ("endDate", new DateOnly(2027, 6, 5)),
                ("schoolYear", "2027")
            ),
            Record(Kind.Course, Course, ("title", "English 9"), ("school", District)),
            Record(Kind.Class, Class, ("title", "English 9, Period 3"), ("course", Course), ("school", School), ("calendars", new[] { Year })),
            Record(
                Kind.Student,
                Student,
                ("stateId", "AZ1"),
                ("email", "a@x.example"),
                ("givenName", "Amara"),
                ("familyName", "O\"Hara, Åberg"),
                ("grades", new[] { "09" }),
                ("enabled", true),
                ("schools", new[] { School, District }),
                ("contacts", new[] { Guardian }),
                ("birthDate", new DateOnly(2011, 3, 4)),
                ("asian", false)
            ),
            Record(
                Kind.Contact,
                Guardian,
                ("role", "guardian"),
                ("familyName", "Åberg"),
                ("schools", new[] { School }),
                ("students", new[] { Student })
            ),
            Record(Kind.Enrollment, Enrollment, ("person", Student), ("class", Class), ("school", School), ("role", "student")),
        ];

    private static RosterRecord Record(Kind kind, RollbookId id, params (string Name, object Value)[] values)
    {
        var writer = new RowWriter();
        foreach (var attribute in Kinds.Of(kind).Attributes)
        {
            switch (values.FirstOrDefault(value => value.Name == attribute.Name).Value ?? (attribute.Name is "sisId" ? "SIS-1" : null))
            {
                case null:
                    writer.Missing();
                    break;
                case string text:
                    writer.Text(text);
                    break;
                case bool flag:
                    writer.Boolean(flag);
                    break;
                case DateOnly date:
                    writer.Date(date);
                    break;
                case RollbookId reference:
                    writer.Reference(reference);
                    break;
                case RollbookId[] references:
                    writer.References(references);
                    break;
                case string[] texts:
                    writer.Texts(texts);
                    break;
            }
        }

        return new RosterRecord(id, writer.ToRow(kind).Copy(), 1);
    }

    private static RollbookId Id(Family family, string text) => RollbookId.Derive(new IdScope("d", "a", family), text);

    private static async Task<Dictionary<string, string>> WriteAsync(IReadOnlyList<RosterRecord> records, CsvFormat format = CsvFormat.OneRoster11)
    {
        using var stream = new MemoryStream();
        await new OneRosterCsvExport(new RosterInMemory(Version, records), format).WriteAsync(stream, 3, default);
        using var zip = new ZipArchive(stream);
        var files = new Dictionary<string, string>();
        foreach (var entry in zip.Entries)
        {
            using var reader = new StreamReader(await entry.OpenAsync(), Encoding.UTF8);
            files[entry.FullName] = await reader.ReadToEndAsync();
        }

        return files;
    }

    private static string Header(string file) => file.Split('\n')[0].TrimEnd('\r');

    private static List<Dictionary<string, string>> Rows(string file)
    {
        using var reader = Sep.New(',').Reader(options => options with { Unescape = true }).FromText(file);
        var names = reader.Header.ColNames;
        var rows = new List<Dictionary<string, string>>();
        foreach (var row in reader)
        {
            var values = new Dictionary<string, string>();
            foreach (var name in names)
            {
                values[name] = row[name].ToString();
            }

            rows.Add(values);
        }

        return rows;
    }
}
