using Rollbook.Sharing.Exports;
using Rollbook.Sources.Synergy;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Tests.Configuration;

/// <summary>Export apps in the configuration file.</summary>
public sealed class ExportsSectionTests
{
    private const string Good = """
        district:
          id: riverside
          name: Riverside Unified
          timeZone: America/Los_Angeles
        apps:
          synergy:
            type: synergy
            name: Synergy
            order: 1
            delivery:
              apiUrl: https://sis.riverside.example
              clientId: rollbook
              clientSecret: ${env:SYNERGY_CLIENT_SECRET}
              acceptTerms: true
          vendor:
            type: oneroster-csv-export
            name: Vendor
            delivery:
              mode: delta
              sftp:
                host: sftp.vendor.example
                path: in/roster-{version}.zip
                user: riverside
                password: ${env:VENDOR_SFTP_PASSWORD}
              version: "1.2"
              waitFor: synergy
              acceptTerms: true
        """;

    private static readonly Dictionary<string, string> Environment = new(StringComparer.Ordinal)
    {
        ["SYNERGY_CLIENT_SECRET"] = "s3cret",
        ["VENDOR_SFTP_PASSWORD"] = "p4ss",
    };

    [Fact]
    public void An_export_app_is_read_apart_from_the_imports_and_written_as_the_same_bytes()
    {
        var read = Read(Good);
        read.Configuration.Apps.Keys.ShouldBe(["synergy"]);
        var vendor = read.Configuration.Exports["vendor"];
        (vendor.Name, vendor.AcceptTerms, vendor.Delivery["mode"], vendor.Delivery["sftp.host"]).ShouldBe(
            ("Vendor", true, "delta", "sftp.vendor.example")
        );
        vendor.Secrets.ShouldBe(["sftp.password"]);
        read.Secrets[("vendor", "sftp.password")].ShouldBe("p4ss");

        var text = ConfigurationText.Write(read.Configuration);
        text.ShouldEndWith(Good[Good.IndexOf("  vendor:", StringComparison.Ordinal)..].ReplaceLineEndings("\n") + "\n");
        var again = Read(text);
        again.Configuration.ToDocument().ShouldBe(read.Configuration.ToDocument());
        ConfigurationText.Write(again.Configuration).ShouldBe(text);
        DistrictConfiguration.FromDocument(read.Configuration.ToDocument()).ToDocument().ShouldBe(read.Configuration.ToDocument());
    }

    [Fact]
    public void A_district_without_export_apps_is_kept_as_before_there_were_any() =>
        new DistrictConfiguration { Id = "riverside", Name = "Riverside" }
            .ToDocument()
            .ShouldNotContain("xports");

    [Fact]
    public void What_changes_is_told_setting_by_setting()
    {
        var old = Read(Good).Configuration;
        var now = Read(Good.Replace("mode: delta", "mode: bulk", StringComparison.Ordinal)).Configuration;
        var change = ConfigurationChanges.Between(old, now).ShouldHaveSingleItem();
        (change.Path, change.Old, change.New).ShouldBe(("apps.vendor.delivery.mode", "\"delta\"", "\"bulk\""));
        ConfigurationChanges.Between(old, now.Without("vendor")).ShouldHaveSingleItem().Path.ShouldBe("apps.vendor");
        ConfigurationChanges
            .Between(old, old, [("vendor", "sftp.password")])
            .ShouldHaveSingleItem()
            .Path.ShouldBe("apps.vendor.delivery.sftp.password");
    }

    [Theory]
    [InlineData("waitFor: synergy", "waitFor: directory", 26, "apps.vendor.delivery.waitFor", "directory is none of them")]
    [InlineData("waitFor: synergy", "waitFor: vendor", 26, "apps.vendor.delivery.waitFor", "vendor is none of them")]
    [InlineData("roster-{version}.zip", "roster.zip", 22, "apps.vendor.delivery.sftp.path", "{version}")]
    [InlineData("version: \"1.2\"", "version: \"1.3\"", 25, "apps.vendor.delivery.version", "1.1, 1.2")]
    [InlineData("    name: Vendor", "    schedule: off", 17, "apps.vendor", "known here are type, name, delivery")]
    [InlineData("    name: Vendor", "    schools: auto", 17, "apps.vendor", "known here are type, name, delivery")]
    [InlineData("${env:VENDOR_SFTP_PASSWORD}", "hunter2", 24, "apps.vendor.delivery.sftp.password", "a secret is named")]
    [InlineData("mode: delta", "made: delta", 19, "apps.vendor.delivery", "did you mean mode")]
    public void What_is_wrong_is_refused_at_its_line(string right, string wrong, int line, string path, string message)
    {
        var refused = Try(Good.Replace(right, wrong, StringComparison.Ordinal)).ShouldBeOfType<ConfigurationFileResult.Refused>();
        refused.Errors.ShouldContain(
            error => error.Line == line && error.Path.StartsWith(path, StringComparison.Ordinal) && error.Message.Contains(message),
            string.Join('\n', refused.Errors)
        );
        refused.Errors.ShouldAllBe(error => !error.Message.Contains("hunter2"));
    }

    private static ConfigurationFileResult.Read Read(string text)
    {
        var result = Try(text);
        return result.ShouldBeOfType<ConfigurationFileResult.Read>(string.Join('\n', (result as ConfigurationFileResult.Refused)?.Errors ?? []));
    }

    private static ConfigurationFileResult Try(string text) =>
        new ConfigurationFile(
            [new SynergyConnector()],
            Environment.GetValueOrDefault,
            ScheduleRules.Default,
            [new OneRosterCsvExporter(new ExportOptions { WorkFolder = Path.GetTempPath() })]
        ).Read("district.yaml", text);
}
