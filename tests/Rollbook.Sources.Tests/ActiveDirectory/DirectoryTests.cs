using System.Text.Json;
using Rollbook.Model;
using Rollbook.Sources.ActiveDirectory;
using Rollbook.Sources.Tests.Contract;
using Rollbook.Sources.Tests.OneRoster;
using Rollbook.Testing;

namespace Rollbook.Sources.Tests.ActiveDirectory;

/// <summary>What the directory says of people, and what is refused.</summary>
public sealed class DirectoryTests
{
    private static readonly DirectoryConnector Connector = new(SisSettings.Hurried);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_comes_with_everything_that_the_directory_says()
    {
        var users = await UsersAsync(
            DirectoryOfTests.Of(await DirectoryOfTests.SharedAsync(), ("numberPrefixes", "t, s"), ("attributes", "carLicense"))
        );
        users.Count.ShouldBe(1261);
        var student = users[DirectoryOfTests.GuidOf(703).ToString()];
        Text(student, "role").ShouldBe("student");
        Text(student, "enabledUser").ShouldBe("false");
        Text(student, "username").ShouldBe("person703");
        Text(student, "givenName").ShouldBe("Given703");
        Text(student, "familyName").ShouldBe("Family703");
        Text(student, "identifier").ShouldBe("10703");
        Text(student, "email").ShouldBe("person703@district.example");
        OrgsOf(student).ShouldBe(["school:roosevelt, north"]);
        var metadata = student.GetProperty("metadata");
        Text(metadata, "userPrincipalName").ShouldBe("person703@district.example");
        Text(metadata, "employeeID").ShouldBe("s10703");
        Text(metadata, "extensionAttribute7").ShouldBe("Bus 1");
        Text(metadata, "department").ShouldBe("Instruction");
        Text(users[DirectoryOfTests.GuidOf(2).ToString()], "enabledUser").ShouldBe("true");
    }

    [Fact]
    public async Task Groups_give_a_teacher_every_school_and_a_star_gives_all_schools()
    {
        var users = await UsersAsync(DirectoryOfTests.Of(await DirectoryOfTests.SharedAsync()));
        OrgsOf(users[DirectoryOfTests.GuidOf(1200).ToString()]).ShouldBe(["school:lincoln high"]);
        OrgsOf(users[DirectoryOfTests.GuidOf(1201).ToString()]).ShouldBe(["school:lincoln high", "school:roosevelt, north"]);
        OrgsOf(users[DirectoryOfTests.GuidOf(1260).ToString()]).ShouldBe(["school:lincoln high", "school:roosevelt, north"]);
        Text(users[DirectoryOfTests.GuidOf(1260).ToString()], "role").ShouldBe("administrator");
    }

    [Fact]
    public async Task People_whom_no_rule_fits_are_told_and_not_sent_and_computers_are_not_asked_for()
    {
        var directory = await DirectoryOfTests.SharedAsync();
        var reading = await Reading.OfAsync(
            Connector,
            DirectoryOfTests.Of(directory, ("rules", DirectoryOfTests.Rules + "\nOU=Nowhere => student, Lincoln High")),
            cancellationToken: Stop
        );
        reading.Notices.ShouldBe([
            "No rule fits 12 people of the directory, who were not sent.",
            "Line 7 of the Rules fits nobody: check how its OU or group is written.",
        ]);
        reading.Messages.OfType<SourceMessage.Rejected>().Single().Reason.ShouldBe("it has no objectGUID");
        reading
            .Messages.OfType<SourceMessage.Unavailable>()
            .Select(message => message.Collection)
            .ShouldBe(Collections.InOrder.Except([Collection.Orgs, Collection.Users]));
    }

    [Fact]
    public async Task A_limit_of_entries_is_got_past_in_pages_or_refused_and_never_taken_for_the_end()
    {
        var directory = await DirectoryOfTests.SharedAsync();
        (await UsersAsync(DirectoryOfTests.Of(directory, ("pageSize", "100")))).Count.ShouldBe(1261);

        var limited = await Reading.OfAsync(Connector, DirectoryOfTests.Of(directory, ("bindDn", OpenLdap.Limited)), cancellationToken: Stop);
        var failure = limited.SourceFailure.ShouldNotBeNull();
        failure.Failure.ShouldBe(SourceFailure.Configuration);
        failure.Message.ShouldStartWith("The directory stopped before the end: its limit of entries for this account is reached.");
        limited.Complete(Collection.Users).ShouldBeNull();
    }

    [Fact]
    public async Task Bases_that_lie_in_one_another_give_each_person_once()
    {
        var reading = await Reading.OfAsync(
            Connector,
            DirectoryOfTests.Of(await DirectoryOfTests.SharedAsync(), ("baseDns", $"OU=Staff,{OpenLdap.Suffix}\n{OpenLdap.Suffix}")),
            cancellationToken: Stop
        );
        reading.Complete(Collection.Users)!.Read.ShouldBe(1261);
    }

    [Fact]
    public async Task A_test_of_the_connection_goes_step_by_step_and_counts()
    {
        var directory = await DirectoryOfTests.SharedAsync();
        foreach (var settings in new[] { DirectoryOfTests.Of(directory), DirectoryOfTests.WithStartTls(directory) })
        {
            var steps = await Connector.CheckAsync(settings);
            steps
                .Select(step => step.Part)
                .ShouldBe([
                    CheckPart.Settings,
                    CheckPart.Connection,
                    CheckPart.Certificate,
                    CheckPart.Credentials,
                    CheckPart.Roster,
                    CheckPart.Roster,
                    CheckPart.Roster,
                ]);
            steps[5].Text.ShouldStartWith("The rules fit 1,261 people of 1,274: 1 administrator, 1,200 students, 60 teachers; 126 of them disabled.");
        }
    }

    [Theory]
    [InlineData("caCertificate", "", CheckPart.Certificate, "its issuer is not trusted here")]
    [InlineData("host", "127.0.0.1", CheckPart.Certificate, "it is for another host name")]
    [InlineData("host", "nowhere.invalid", CheckPart.Host, "does not resolve")]
    [InlineData("port", "1", CheckPart.Connection, "refused the connection")]
    [InlineData("bindDn", "nobody", CheckPart.Credentials, "does not take this Bind DN")]
    [InlineData("baseDns", "OU=Nowhere,DC=district,DC=example", CheckPart.Roster, "Line 1 of the Base DNs is not in the directory")]
    [InlineData("filter", "(cn=nobody at all)", CheckPart.Roster, "The Filter lets nobody through")]
    [InlineData("rules", "OU=Nowhere => student, Lincoln High", CheckPart.Roster, "no rule fits any")]
    public async Task What_is_wrong_is_named_with_its_part_and_a_remedy(string setting, string value, CheckPart part, string text)
    {
        var failed = (await Connector.CheckAsync(DirectoryOfTests.Of(await DirectoryOfTests.SharedAsync(), (setting, value))))[^1];
        failed.Ok.ShouldBeFalse();
        failed.Part.ShouldBe(part);
        failed.Text.ShouldContain(text);
        failed.Remedy.ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public async Task A_password_goes_in_clear_to_this_machine_only()
    {
        var directory = await DirectoryOfTests.SharedAsync();
        var plain = DirectoryOfTests.WithStartTls(directory, ("security", "none"), ("host", "127.0.0.1"));
        (await UsersAsync(plain)).Count.ShouldBe(1261);

        var away = DirectoryOfTests.WithStartTls(directory, ("security", "none"), ("host", "dc1.district.example"));
        Connector.Inspect(away).Single().Problem.ShouldNotBeNull().ShouldContain("in clear");
        (await Connector.CheckAsync(away))[^1].Part.ShouldBe(CheckPart.Settings);
        (await Reading.OfAsync(Connector, away, cancellationToken: Stop)).SourceFailure!.Part.ShouldBe(CheckPart.Settings);
    }

    [Theory]
    [InlineData("host", "ldaps://dc1.district.example")]
    [InlineData("port", "0")]
    [InlineData("password", " ")]
    [InlineData("baseDns", "district.example")]
    [InlineData("filter", "(cn=a")]
    [InlineData("filter", "cn=a")]
    [InlineData("filter", "(&)")]
    [InlineData("filter", @"(cn=\zz)")]
    [InlineData("pageSize", "1001")]
    [InlineData("numberAttribute", "pager")]
    [InlineData("attributes", "a b")]
    [InlineData("caCertificate", "a certificate")]
    public async Task A_setting_that_is_wrong_is_refused_before_anything_is_asked(string setting, string value)
    {
        var settings = DirectoryOfTests.Of(await DirectoryOfTests.SharedAsync(), (setting, value));
        Connector.Inspect(settings).Single().Name.ShouldBe(setting);
        (await Connector.CheckAsync(settings)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Rules_are_refused_line_by_line()
    {
        const string Lines = """
            OU=Students => student, Lincoln High
            OU=Students student, Lincoln High
            Students => student, Lincoln High
            OU=Students => pupil, Lincoln High
            OU=Students => student
            """;
        var problem = Connector
            .Inspect(DirectoryOfTests.Of(await DirectoryOfTests.SharedAsync(), ("rules", Lines)))
            .Single()
            .Problem.ShouldNotBeNull();
        foreach (var line in new[] { "Line 2 has no =>", "Line 3 has no OU", "Line 4 has a role that there is not", "Line 5 names no school" })
        {
            problem.ShouldContain(line);
        }

        problem.ShouldNotContain("Line 1");
    }

    [Theory]
    [InlineData("(&(objectClass=user)(|(sAMAccountName=person1)(sAMAccountName=person2))(!(sAMAccountName=person1)))", 1)]
    [InlineData("(&(sAMAccountName=person10*)(mail=*))", 56)]
    [InlineData("(sAMAccountName=*son70*1)", 1)]
    [InlineData("(objectGUID=\\04\\03\\02\\01\\06\\05\\08\\07\\09\\0a\\0b\\0c\\00\\00\\00\\05)", 1)]
    [InlineData("(&(objectCategory=person)(!(userAccountControl:1.2.840.113556.1.4.803:=2)))", 1135)]
    public async Task Filters_mean_what_they_say(string filter, int people)
    {
        var reading = await Reading.OfAsync(
            Connector,
            DirectoryOfTests.Of(await DirectoryOfTests.SharedAsync(), ("filter", filter)),
            cancellationToken: Stop
        );
        reading.Failure.ShouldBeNull();
        reading.Complete(Collection.Users)!.Read.ShouldBe(people);
    }

    private static async Task<Dictionary<string, JsonElement>> UsersAsync(SourceSettings settings)
    {
        var users = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        await foreach (var message in Connector.ReadAsync(new ReadRequest(settings, Reading.Ids), Stop))
        {
            if (message is SourceMessage.Batch { Records: var batch })
            {
                using (batch)
                {
                    foreach (var record in batch.Records)
                    {
                        using var document = JsonDocument.Parse(batch.Json(record));
                        if (message.Collection == Collection.Users)
                        {
                            users.Add(Text(document.RootElement, "sourcedId")!, document.RootElement.Clone());
                        }
                    }
                }
            }
        }

        return users;
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static IEnumerable<string?> OrgsOf(JsonElement user) => user.GetProperty("orgs").EnumerateArray().Select(org => Text(org, "sourcedId"));
}
