using System.Text;
using System.Text.Json;
using Rollbook.Model;
using Rollbook.Sources.ActiveDirectory;
using Rollbook.Sources.Tests.Contract;
using Rollbook.Testing;

namespace Rollbook.Sources.Tests.ActiveDirectory;

/// <summary>Against a real domain controller, with Active Directory's own schema, keys, groups and page limit.</summary>
public sealed class SambaTests
{
    private static readonly DirectoryConnector Connector = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_domain_controller_is_tested_and_read_and_a_person_keeps_the_key_when_renamed_and_moved()
    {
        Assert.SkipUnless(SambaDomain.CanRun, "Samba's ports can be had by root only.");
        await using var domain = await SambaDomain.StartAsync();
        var ldif = new StringBuilder();
        foreach (var unit in new[] { "OU=Lincoln High", "OU=Students,OU=Lincoln High", "OU=Alumni", "OU=Staff" })
        {
            ldif.Append(SambaDomain.Unit(unit));
        }

        for (var i = 0; i < 1_100; i++)
        {
            ldif.Append(
                SambaDomain.Person(
                    $"Student {i}",
                    "OU=Students,OU=Lincoln High",
                    i % 10 == 3,
                    ("sAMAccountName", $"student{i}"),
                    ("givenName", $"Given{i}"),
                    ("sn", $"Family{i}"),
                    ("employeeID", $"s{10_000 + i}")
                )
            );
        }

        ldif.Append(SambaDomain.Person("Tess", "OU=Staff", isDisabled: false, ("sAMAccountName", "tess")));
        ldif.Append(
            $"dn: CN=Teachers,OU=Staff,{SambaDomain.Suffix}\nchangetype: add\nobjectClass: group\nmember: CN=Tess,OU=Staff,{SambaDomain.Suffix}\n\n"
        );
        await domain.ApplyAsync(ldif.ToString());
        foreach (var security in new[] { "ldaps", "starttls" })
        {
            var steps = await Connector.CheckAsync(Settings(domain, security));
            steps.ShouldAllBe(step => step.Ok);
            steps[5].Text.ShouldContain("1,100 students, 1 teacher; 110 of them disabled.");
        }

        var before = await UsersAsync(Settings(domain, "ldaps"));
        before.Count.ShouldBe(1_101);
        before["student3"].Enabled.ShouldBe("false");
        before["student4"].ShouldBe(before["student4"] with { Enabled = "true", Role = "student", Number = "10004" });
        before["tess"].Role.ShouldBe("teacher");

        await domain.ApplyAsync(
            $"dn: CN=Student 4,OU=Students,OU=Lincoln High,{SambaDomain.Suffix}\nchangetype: modrdn\nnewrdn: CN=Married\ndeleteoldrdn: 1\nnewsuperior: OU=Lincoln High,{SambaDomain.Suffix}\n\n"
                + $"dn: CN=Student 5,OU=Students,OU=Lincoln High,{SambaDomain.Suffix}\nchangetype: delete\n\n"
        );
        var after = await UsersAsync(Settings(domain, "ldaps"));
        after.Count.ShouldBe(1_100);
        after["student4"].Key.ShouldBe(before["student4"].Key);

        var wrong = await Reading.OfAsync(Connector, Settings(domain, "ldaps", "wr0ng"), cancellationToken: Stop);
        wrong.SourceFailure!.Part.ShouldBe(CheckPart.Credentials);
    }

    private static SourceSettings Settings(SambaDomain domain, string security, string password = SambaDomain.Password) =>
        new(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["host"] = domain.Address.ToString(),
                ["security"] = security,
                ["caCertificate"] = domain.Authority,
                ["bindDn"] = SambaDomain.Account,
                ["password"] = password,
                ["baseDns"] = SambaDomain.Suffix,
                ["numberPrefixes"] = "s",
                ["rules"] = "OU=Lincoln High => student, Lincoln High\nCN=Teachers,OU=Staff => teacher, Lincoln High",
            }
        );

    private static async Task<Dictionary<string, User>> UsersAsync(SourceSettings settings)
    {
        var users = new Dictionary<string, User>(StringComparer.Ordinal);
        await foreach (var message in Connector.ReadAsync(new ReadRequest(settings, Reading.Ids), Stop))
        {
            if (message is SourceMessage.Batch { Records: var batch })
            {
                using (batch)
                {
                    foreach (var record in batch.Records.Where(_ => message.Collection == Collection.Users))
                    {
                        using var document = JsonDocument.Parse(batch.Json(record));
                        var user = document.RootElement;
                        users.Add(
                            Text(user, "username")!,
                            new User(record.Key, Text(user, "role"), Text(user, "enabledUser"), Text(user, "identifier"))
                        );
                    }
                }
            }
        }

        return users;
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private sealed record User(RollbookId Key, string? Role, string? Enabled, string? Number);
}
