using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Web.Features.Administration;
using Rollbook.Web.Tests.Site;

namespace Rollbook.Web.Tests.Administration;

/// <summary>The page that tells who changed what.</summary>
public abstract class AuditLogTests(ConsoleBed bed)
{
    private const string Page = "/d/riverside/administration/audit-log";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shows_who_what_and_old_to_new_encoded()
    {
        await bed.Log.WriteAsync(Entry("ada@x.example") with { OldValue = "1000", NewValue = "\"<b>2000</b>\"" }, Token);
        using var admin = await bed.SignInAsync(ConsoleBed.Riverside, Role.DistrictAdmin);
        var answer = await admin.GetAsync($"{Page}?who=ada@x");
        answer.Main.ShouldContain("ada@x.example (command line) Setting changed synergy: delivery.pageSize Old: 1000 → New: <b>2000</b>");
        answer.Text.ShouldNotContain("<b>2000");
    }

    [Fact]
    public async Task Goes_on_page_by_page_with_its_filters()
    {
        await bed.Log.WriteAsync([.. Enumerable.Range(0, 120).Select(i => Entry($"pager{i:000}@x.example"))], Token);
        using var admin = await bed.SignInAsync(ConsoleBed.Riverside, Role.DistrictAdmin);
        var seen = new List<string>();
        for (string? path = $"{Page}?who=pager&what=configuration.saved"; path is not null; )
        {
            var text = (await admin.GetAsync(path)).Text;
            seen.AddRange(System.Text.RegularExpressions.Regex.Matches(text, "pager[0-9]{3}").Select(match => match.Value));
            path = System.Net.WebUtility.HtmlDecode(
                System.Text.RegularExpressions.Regex.Match(text, "rel=\"next\" href=\"([^\"]+)\"").Groups[1].Value
            )
                is { Length: > 0 } next
                ? next
                : null;
        }

        seen.ShouldBe(Enumerable.Range(0, 120).Reverse().Select(i => $"pager{i:000}"));
    }

    [Fact]
    public async Task Is_downloaded_with_its_filters_and_the_download_is_told()
    {
        await bed.Log.WriteAsync(Entry("=csv@x.example") with { NewValue = "\"a,b\"" }, Token);
        using var admin = await bed.SignInAsync(ConsoleBed.Riverside, Role.DistrictAdmin);
        var lines = (await admin.GetAsync($"{Page}.csv?who=csv@x")).Text.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldBe("at,who,how,action,subject,old,new");
        lines.Length.ShouldBe(2);
        lines[1].ShouldEndWith(",'=csv@x.example,command line,configuration.saved,synergy: delivery.pageSize,,\"\"\"a,b\"\"\"");
        (await admin.GetAsync($"{Page}?what=audit.downloaded")).Main.ShouldContain("Audit log downloaded");
    }

    [Fact]
    public async Task Days_are_those_of_the_district()
    {
        await bed.Log.WriteAsync(Entry("today@x.example"), Token);
        using var admin = await bed.SignInAsync(ConsoleBed.Riverside, Role.DistrictAdmin);
        var here = TimeZoneInfo.ConvertTime(bed.Time.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("America/Los_Angeles"));
        var today = here.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var yesterday = here.AddDays(-1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        (await admin.GetAsync($"{Page}?who=today&from={today}&to={today}")).Main.ShouldContain("today@x.example");
        (await admin.GetAsync($"{Page}?who=today&to={yesterday}")).Main.ShouldContain("No entry matches");
        foreach (var strange in new[] { "from=0001-01-01&to=9999-12-31", "from=yesterday", "before=-1", "before=999999999999999999999", "who=%00" })
        {
            (await admin.GetAsync($"{Page}?{strange}")).Status.ShouldBe(200, strange);
        }
    }

    [Fact]
    public async Task Has_nothing_of_another_district()
    {
        await bed.Log.WriteAsync(Entry("elsewhere@x.example") with { DistrictId = ConsoleBed.Lakeside }, Token);
        using var admin = await bed.SignInAsync(ConsoleBed.Riverside, Role.DistrictAdmin);
        (await admin.GetAsync($"{Page}?who=elsewhere")).Main.ShouldContain("No entry matches");
        (await admin.GetAsync($"{Page}.csv")).Text.ShouldNotContain("elsewhere");
    }

    [Fact]
    public async Task Every_action_has_its_words_and_is_offered()
    {
        var actions = typeof(AuditActions).GetFields().Select(field => (string)field.GetRawConstantValue()!).ToList();
        actions.Count.ShouldBeGreaterThan(30);
        using var admin = await bed.SignInAsync(ConsoleBed.Riverside, Role.DistrictAdmin);
        var page = (await admin.GetAsync(Page)).Text;
        foreach (var action in actions)
        {
            AuditWords.Name(action).ShouldNotBe(action);
            page.ShouldContain($"<option value=\"{action}\">");
        }
    }

    private static AuditEntry Entry(string who) =>
        new(ConsoleBed.Riverside, who, AuditChannel.Command, AuditActions.ConfigurationSaved, "synergy: delivery.pageSize");
}

public sealed class AuditLogTestsOnSqlite(ConsoleBed bed) : AuditLogTests(bed), IClassFixture<ConsoleBed>;

public sealed class AuditLogTestsOnPostgres(PostgresBed bed) : AuditLogTests(bed), IClassFixture<PostgresBed>;
