using System.Text.Json;
using Rollbook.Model;
using Rollbook.Sources.OneRosterCsv;
using Rollbook.Sources.Tests.Contract;
using Rollbook.Testing;

namespace Rollbook.Sources.Tests.OneRosterCsv;

/// <summary>Rows become the records that OneRoster REST would give.</summary>
public sealed class RecordTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_user_of_1_1_has_lists_references_ids_and_metadata_and_no_password()
    {
        var package = CsvPackage.District();
        package["users.csv"] =
            "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,metadata.house\n"
            + "U1,,,true,\"S0,S1\",student,iris,\"{stateID:77},{local:a:b}\",\"Iris \"\"I\"\"\",Müller,,N1,,,,,\"09, 10\",hunter2,Blue\n";
        var user = (await RecordsAsync(package, Collection.Users)).ShouldHaveSingleItem();
        user.ShouldBe(
            """{"sourcedId":"U1","enabledUser":"true","orgs":[{"sourcedId":"S0"},{"sourcedId":"S1"}],"role":"student","username":"iris","userIds":[{"type":"stateID","identifier":"77"},{"type":"local","identifier":"a:b"}],"givenName":"Iris \"I\"","familyName":"Müller","identifier":"N1","grades":["09","10"],"metadata":{"house":"Blue"}}"""
        );
    }

    [Fact]
    public async Task The_order_of_the_columns_makes_no_difference()
    {
        var package = CsvPackage.District();
        var before = await RecordsAsync(package, Collection.Orgs);
        var rows = package["orgs.csv"].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        rows[1].ShouldBe("D,,,Riverside Unified,district,D0,");
        package["orgs.csv"] =
            "type,name,parentSourcedId,sourcedId,identifier\ndistrict,Riverside Unified,,D,D0\nschool,\"School 0, Riverside\",D,S0,100\nschool,\"School 1, Riverside\",D,S1,101\n";
        (await RecordsAsync(package, Collection.Orgs)).ShouldBe(before);
    }

    [Fact]
    public async Task Roles_and_profiles_of_1_2_are_folded_into_the_user()
    {
        var package = CsvPackage.District("1.2");
        package["users.csv"] =
            "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,preferredGivenName,preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns\n"
            + "U1,,,true,ada,,Ada,Byron,,,,,,,,,M1,Addie,,,S1,she/her\n";
        package["roles.csv"] =
            "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId\n"
            + "R1,,,U1,secondary,aide,,,S0,\nR2,,,U1,primary,teacher,2026-08-16,,S1,UP1\n";
        package["userProfiles.csv"] =
            "sourcedId,status,dateLastModified,userSourcedId,profileType,vendorId,applicationId,description,credentialType,username,password\n"
            + "UP1,,,U1,app,V,A,,sso,ada,hunter2\n";
        package.Replace("manifest.csv", "file.userProfiles,absent", "file.userProfiles,bulk");
        var user = (await RecordsAsync(package, Collection.Users)).ShouldHaveSingleItem();
        user.ShouldBe(
            """{"sourcedId":"U1","enabledUser":"true","username":"ada","givenName":"Ada","familyName":"Byron","userMasterIdentifier":"M1","preferredFirstName":"Addie","primaryOrg":{"sourcedId":"S1"},"pronouns":"she/her","role":"teacher","orgs":[{"sourcedId":"S1"},{"sourcedId":"S0"}],"roles":[{"sourcedId":"R1","roleType":"secondary","role":"aide","org":{"sourcedId":"S0"}},{"sourcedId":"R2","roleType":"primary","role":"teacher","org":{"sourcedId":"S1"},"userProfile":"UP1","beginDate":"2026-08-16"}],"userProfiles":[{"profileId":"UP1","profileType":"app","vendorId":"V","applicationId":"A","credentials":[{"type":"sso","username":"ada"}]}]}"""
        );
    }

    [Fact]
    public async Task A_class_has_references_and_lists_and_every_record_is_json()
    {
        var records = await RecordsAsync(CsvPackage.District(), Collection.Classes);
        records[0]
            .ShouldBe(
                """{"sourcedId":"C0-0","title":"English 9 - 0","grades":["09"],"course":{"sourcedId":"ENG"},"classCode":"ENG9-00","classType":"scheduled","location":"R0","school":{"sourcedId":"S0"},"terms":[{"sourcedId":"T1"},{"sourcedId":"T2"}],"subjects":["English"],"subjectCodes":["01001"],"periods":["1","2"]}"""
            );
        foreach (var record in records)
        {
            using var _ = JsonDocument.Parse(record);
        }
    }

    [Fact]
    public async Task A_byte_order_mark_and_quotes_everywhere_change_nothing()
    {
        var package = CsvPackage.District();
        var before = await RecordsAsync(package, Collection.AcademicSessions);
        package["academicSessions.csv"] =
            "\uFEFF"
            + string.Join(
                "\r\n",
                package["academicSessions.csv"]
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(line => string.Join(',', line.Split(',').Select(field => $"\"{field}\"")))
            );
        (await RecordsAsync(package, Collection.AcademicSessions)).ShouldBe(before);
    }

    [Fact]
    public async Task A_row_marked_tobedeleted_is_a_record_marked_deleted()
    {
        var package = CsvPackage.District(mode: "delta").Replace("orgs.csv", "S1,active", "S1,tobedeleted");
        using var disk = new PackageOnDisk(package);
        var reading = await disk.ReadAsync();
        reading.Failure.ShouldBeNull();
        reading.Messages.OfType<SourceMessage.Complete>().ShouldBeEmpty();
        reading.Messages.OfType<SourceMessage.Changes>().Select(changes => changes.Collection).ShouldBe(Collections.InOrder);
        (await DeletedAsync(disk)).ShouldBe([RollbookId.Derive(Reading.Ids(Family.Org), "S1")]);
    }

    private static async Task<List<RollbookId>> DeletedAsync(PackageOnDisk disk)
    {
        var deleted = new List<RollbookId>();
        var request = new ReadRequest(disk.Settings, Reading.Ids);
        await foreach (var message in new OneRosterCsvConnector(PackageOnDisk.Hurried).ReadAsync(request, Stop))
        {
            if (message is SourceMessage.Batch { Records: var batch })
            {
                using (batch)
                {
                    deleted.AddRange(batch.Records.Where(record => record.Deleted).Select(record => record.Key));
                }
            }
        }

        return deleted;
    }

    private static async Task<List<string>> RecordsAsync(CsvPackage package, Collection collection)
    {
        using var disk = new PackageOnDisk(package);
        var records = new List<string>();
        var request = new ReadRequest(disk.Settings, Reading.Ids);
        await foreach (var message in new OneRosterCsvConnector(PackageOnDisk.Hurried).ReadAsync(request, Stop))
        {
            if (message is SourceMessage.Batch { Records: var batch })
            {
                using (batch)
                {
                    if (message.Collection == collection)
                    {
                        records.AddRange(batch.Records.Select(record => System.Text.Encoding.UTF8.GetString(batch.Json(record).Span)));
                    }
                }
            }
        }

        return records;
    }
}
