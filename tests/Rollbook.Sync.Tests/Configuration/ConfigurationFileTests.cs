using Rollbook.Sources.Synergy;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Tests.Configuration;

public sealed class ConfigurationFileTests
{
    private const string Hook = "a-secret-of-more-than-24-letters";

    private const string Good = """
        district:
          id: riverside
          name: Riverside Unified
          timeZone: America/Los_Angeles
        apps:
          synergy:
            type: synergy
            delivery:
              apiUrl: https://sis.riverside.example/ims/oneroster/v1p1
              tokenUrl: https://sis.riverside.example/oauth/token
              clientId: rollbook
              clientSecret: ${env:SYNERGY_SECRET}
              acceptTerms: true
              oauth: "2.0"
              version: auto
              pageSize: 1000
            advanced:
              sisIdPrefix: "B-"
              bulkUploadMode: false
              multipleDataSources: false
              previewOfDataUpload: false
              syncHoldThreshold: off
              holdMode: everything
            schools: auto
        """;

    [Fact]
    public void The_documented_file_is_read()
    {
        var read = Read(Good).ShouldBeOfType<ConfigurationFileResult.Read>();
        read.Configuration.Id.ShouldBe("riverside");
        read.Configuration.TimeZone.ShouldBe("America/Los_Angeles");
        var app = read.Configuration.Apps["synergy"];
        app.Advanced.ShouldBe(
            new AdvancedSettings
            {
                SisIdPrefix = "B-",
                BulkUploadMode = false,
                SyncHoldThreshold = 0,
            }
        );
        app.Delivery["pageSize"].ShouldBe("1000");
        app.Delivery.ContainsKey("clientSecret").ShouldBeFalse();
        app.Secrets.ShouldBe(["clientSecret"]);
        read.Secrets[("synergy", "clientSecret")].ShouldBe("s3cret");
        read.ToString().ShouldNotContain("s3cret");
        read.Configuration.ToDocument().ShouldNotContain("s3cret");
        DistrictConfiguration.FromDocument(read.Configuration.ToDocument()).ToDocument().ShouldBe(read.Configuration.ToDocument());
    }

    [Theory]
    [InlineData("webhook: { url: https://hooks.riverside.example/a, secret: '${env:HOOK}' }", null, null)]
    [InlineData("webhook: { url: ftp://x, secret: '${env:HOOK}' }", "district.notifications.webhook.url", "begins with https://")]
    [InlineData("webhook: { url: 'https://a:b@x', secret: '${env:HOOK}' }", "district.notifications.webhook.url", "without a user name")]
    [InlineData("webhook: { url: https://x }", "district.notifications.webhook.secret", "is missing")]
    [InlineData("webhook: { secret: '${env:HOOK}' }", "district.notifications.webhook.url", "is missing")]
    [InlineData("webhook: { url: https://x, secret: written-out-here-for-all-to-see }", "district.notifications.webhook.secret", "never written")]
    [InlineData("webhook: { url: https://x, secret: '${env:SYNERGY_SECRET}' }", "district.notifications.webhook.secret", "at least 24")]
    [InlineData("webhook: { url: https://x, secret: '${env:HOOK}', header: y }", "district.notifications.webhook", "header")]
    [InlineData("webhooks: {}", "district.notifications", "did you mean webhook?")]
    public void A_webhook_is_read_with_its_secret_apart(string line, string? path, string? expected)
    {
        var text = Good.Replace("apps:", $"  notifications: {{ {line} }}\napps:", StringComparison.Ordinal);
        if (path is null)
        {
            var read = Read(text).ShouldBeOfType<ConfigurationFileResult.Read>();
            read.Configuration.Webhook.ShouldBe(new WebhookSettings("https://hooks.riverside.example/a"));
            read.Secrets[(WebhookSettings.Owner, WebhookSettings.Secret)].ShouldBe(Hook);
            read.Configuration.ToDocument().ShouldNotContain(Hook);
            return;
        }

        var error = Read(text).ShouldBeOfType<ConfigurationFileResult.Refused>().Errors.ShouldHaveSingleItem();
        error.ToString().ShouldContain("district.yaml:5");
        error.ToString().ShouldContain(path);
        error.ToString().ShouldContain(expected!);
    }

    [Theory]
    [InlineData("id: riverside", "id: River Side", 2, "district.id", "lower-case")]
    [InlineData("timeZone: America/Los_Angeles", "timeZone: Pacific", 4, "district.timeZone", "IANA")]
    [InlineData("name: Riverside Unified", "retention: { versions: 0 }", 3, "district.retention.versions", "a whole number from 1")]
    [InlineData("name: Riverside Unified", "retention: { days: ever }", 3, "district.retention.days", "a whole number from 1")]
    [InlineData("name: Riverside Unified", "retention: { version: 3 }", 3, "district.retention", "did you mean versions?")]
    [InlineData("name: Riverside Unified", "retention: 30", 3, "district.retention", "expected")]
    [InlineData("name: Riverside Unified", "nmae: Riverside", 3, "district", "did you mean name?")]
    [InlineData("type: synergy", "type: sinergy", 7, "apps.synergy.type", "synergy")]
    [InlineData("clientSecret: ${env:SYNERGY_SECRET}", "clientSecret: hunter2", 12, "apps.synergy.delivery.clientSecret", "never written")]
    [InlineData("clientSecret: ${env:SYNERGY_SECRET}", "clientSecret: ${env:NOBODY}", 12, "apps.synergy.delivery.clientSecret", "NOBODY is not set")]
    [InlineData("acceptTerms: true", "acceptTerms: maybe", 13, "apps.synergy.delivery.acceptTerms", "true or false")]
    [InlineData("version: auto", "version: \"2.0\"", 15, "apps.synergy.delivery.version", "expected one of")]
    [InlineData("pageSize: 1000", "pageSize: 20", 16, "apps.synergy.delivery.pageSize", "from 100 to 5000")]
    [InlineData("apiUrl: https", "apiUrl: ftp", 9, "apps.synergy.delivery.apiUrl", "not a web address")]
    [InlineData("bulkUploadMode: false", "bulkUploadMode: 3", 19, "apps.synergy.advanced.bulkUploadMode", "true or false")]
    [InlineData("bulkUploadMode: false", "bulkUplaodMode: false", 19, "apps.synergy.advanced", "did you mean bulkUploadMode?")]
    [InlineData("previewOfDataUpload: false", "previewOfDataUpload: maybe", 21, "apps.synergy.advanced.previewOfDataUpload", "true or false")]
    [InlineData("syncHoldThreshold: off", "syncHoldThreshold: 101", 22, "apps.synergy.advanced.syncHoldThreshold", "from 1 to 100, or off")]
    [InlineData("syncHoldThreshold: off", "syncHoldThreshold: 0", 22, "apps.synergy.advanced.syncHoldThreshold", "from 1 to 100, or off")]
    [InlineData("holdMode: everything", "holdMode: nothing", 23, "apps.synergy.advanced.holdMode", "expected everything or removals")]
    [InlineData(
        "holdMode: everything",
        "limits: [{ operation: delete, count: 5 }]\n      changeWindows: [{ from: 2027-07-01, until: 2027-07-02, syncHoldThreshold: 60 }]",
        24,
        "apps.synergy.advanced.changeWindows",
        "Give the window limits of its own"
    )]
    [InlineData("holdMode: everything", "limits: [{ percent: 5 }]", 23, "apps.synergy.advanced.limits[0]", "needs an operation")]
    [InlineData("holdMode: everything", "limits: [{ operation: delete }]", 23, "apps.synergy.advanced.limits[0]", "a percent or a count")]
    [InlineData(
        "holdMode: everything",
        "limits: [{ operation: remove, percent: 5 }]",
        23,
        "apps.synergy.advanced.limits[0].operation",
        "create, update, delete, rekey"
    )]
    [InlineData("holdMode: everything", "limits: [{ operation: delete, percent: 0 }]", 23, "apps.synergy.advanced.limits[0].percent", "above 0")]
    [InlineData(
        "holdMode: everything",
        "limits: [{ operation: delete, count: -1 }]",
        23,
        "apps.synergy.advanced.limits[0].count",
        "a whole number from 1"
    )]
    [InlineData(
        "holdMode: everything",
        "limits: [{ operation: delete, kind: pupil, count: 1 }]",
        23,
        "apps.synergy.advanced.limits[0].kind",
        "student"
    )]
    [InlineData(
        "holdMode: everything",
        "limits: [{ operation: delete, kind: calendar, scope: school, count: 1 }]",
        23,
        "apps.synergy.advanced.limits[0]",
        "not at a school"
    )]
    [InlineData("schools: auto", "schools: all", 24, "apps.synergy.schools", "expected auto or a list")]
    [InlineData("schools: auto", "schools: [{ source: A }]", 24, "apps.synergy.schools", "either create")]
    [InlineData("schools: auto", "schools: [{ source: A, create: X }, { source: A, school: Y }]", 24, "apps.synergy.schools.source", "mapped twice")]
    [InlineData("schools: auto", "schools: { mapped: [], leftOut: [A] }", 24, "apps.synergy.schools.leftOut", "goes with auto: true")]
    [InlineData(
        "schools: auto",
        "schools:\n      auto: true\n      mapped: [{ source: A, create: X }]\n      leftOut:\n        - B\n        - A",
        29,
        "apps.synergy.schools.leftOut",
        "\"A\" is in mapped as well"
    )]
    [InlineData("schools: auto", "schools: { leftOut: [A, A], auto: true }", 24, "apps.synergy.schools.leftOut", "left out twice")]
    [InlineData("schools: auto", "schools: { auto: true, leftOut: [\" \"] }", 24, "apps.synergy.schools.leftOut", "expected a school's sourcedId")]
    [InlineData("schools: auto", "attributes: { pupil: [] }", 24, "apps.synergy.attributes", "known here are")]
    [InlineData(
        "schools: auto",
        "attributes: { student: [{ source: a, target: sisId }] }",
        24,
        "apps.synergy.attributes.student",
        "no attribute sisId"
    )]
    [InlineData("schools: auto", "attributes: { student: [{ target: email }] }", 24, "apps.synergy.attributes.student", "either source or template")]
    [InlineData(
        "schools: auto",
        "attributes: { student: [{ source: a, target: email }, { source: b, target: email }] }",
        24,
        "apps.synergy.attributes.student.target",
        "fed twice"
    )]
    [InlineData("schools: auto", "schedule: { days: daily }", 24, "apps.synergy.schedule.times", "at least one time")]
    [InlineData("schools: auto", "schedule: { times: [\"02:00\", \"02:04\"] }", 24, "apps.synergy.schedule.times", "at least 5 minutes")]
    [InlineData("schools: auto", "schedule: { cron: \"0 2 * * *\" }", 24, "apps.synergy.schedule.cron", "expected six fields")]
    [InlineData("schools: auto", "schedule: { cron: \"0 0 25 * * ?\" }", 24, "apps.synergy.schedule.cron", "Hour values must be between 0 and 23")]
    [InlineData("schools: auto", "schedule: { cron: \"0 0 2 30 2 ?\" }", 24, "apps.synergy.schedule.cron", "never comes")]
    [InlineData("schools: auto", "schedule: { cron: \"0 * * * * ?\" }", 24, "apps.synergy.schedule.cron", "00:01:00 and 00:02:00 are closer")]
    [InlineData("schools: auto", "schedule: { cron: \"0 0 2 * * ?\", times: [\"02:00\"] }", 24, "apps.synergy.schedule.cron", "not both")]
    [InlineData("schools: auto", "schedule: { days: [monday, 3], times: [\"02:00\"] }", 24, "apps.synergy.schedule.days", "not both")]
    [InlineData("schools: auto", "schedule: { times: [\"26:00\"] }", 24, "apps.synergy.schedule.times", "a time such as")]
    [InlineData("schools: auto", "limits: {}", 24, "apps.synergy.limits", "not carry this out yet")]
    [InlineData("delivery:", "delivery: [", 10, "", "not YAML")]
    public void What_is_wrong_is_refused_with_line_and_remedy(string right, string wrong, int line, string path, string message)
    {
        var refused = Read(Good.Replace(right, wrong, StringComparison.Ordinal)).ShouldBeOfType<ConfigurationFileResult.Refused>();
        refused.Errors.ShouldContain(
            error => error.Path == path && error.Message.Contains(message) && (path.Length == 0 || error.Line == line),
            string.Join('\n', refused.Errors)
        );
        refused.Errors.ShouldAllBe(error => !error.Message.Contains("hunter2"));
    }

    [Fact]
    public void Everything_wrong_is_told_in_one_go() =>
        Read(Good.Replace("id: riverside", "id: R", StringComparison.Ordinal).Replace("schools: auto", "shcools: auto", StringComparison.Ordinal))
            .ShouldBeOfType<ConfigurationFileResult.Refused>()
            .Errors.Count.ShouldBe(2);

    [Fact]
    public void A_missing_setting_is_named() =>
        Read(Good.Replace("      apiUrl: https://sis.riverside.example/ims/oneroster/v1p1\n", "", StringComparison.Ordinal))
            .ShouldBeOfType<ConfigurationFileResult.Refused>()
            .Errors.Single()
            .Path.ShouldBe("apps.synergy.delivery.apiUrl");

    private static ConfigurationFileResult Read(string text) =>
        new ConfigurationFile(
            [new SynergyConnector()],
            name =>
                name is "SYNERGY_SECRET" ? "s3cret"
                : name is "HOOK" ? Hook
                : null,
            ScheduleRules.Default
        ).Read("district.yaml", text);
}
