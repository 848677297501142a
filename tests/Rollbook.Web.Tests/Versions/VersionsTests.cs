using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Web.Tests.Site;

namespace Rollbook.Web.Tests.Versions;

/// <summary>Versions in the console: listed, compared, rolled back to, kept and purged, and by whom.</summary>
public abstract class VersionsTests(ConsoleBed bed) : IAsyncLifetime
{
    private static readonly IdScope Scope = new("versions", "synergy", Family.Org);
    private static int districts;

    private readonly string district = FormattableString.Invariant($"versions-{Interlocked.Increment(ref districts)}");
    private IDistrictStore store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Home => $"/d/{district}";

    public async ValueTask InitializeAsync()
    {
        store = await bed
            .Services.GetRequiredService<IInstallationStore>()
            .CreateAsync(new DistrictInfo(district, "Versions Unified", "America/Los_Angeles"), Token);
        await PublishAsync(configuration: 1, (Operation.Create, "lincoln", "Lincoln"), (Operation.Create, "mercer", "Mercer"));
        await PublishAsync(configuration: 1, (Operation.Update, "lincoln", "Linkoln"));
        await PublishAsync(configuration: 2, (Operation.Delete, "mercer", ""), (Operation.Create, "tubman", "Tubman"));
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Are_listed_with_what_made_them_and_compared_in_either_direction()
    {
        using var viewer = await bed.SignInAsync(district, Role.Viewer);
        var page = await viewer.GetAsync($"{Home}/history/versions");
        page.Main.ShouldContain("Import of synergy, with a changed configuration");
        page.Main.ShouldContain("It was the first day.");
        page.Main.ShouldNotContain("Roll back to here");
        page.Text.ShouldContain($"href=\"{Home}/data?version=2\"");

        var there = (await viewer.GetAsync($"{Home}/history/versions/compare?from=1&to=3")).Main;
        there.ShouldContain("Version 1 compared with version 3");
        there.ShouldMatch("Lincoln.*Linkoln");
        there.ShouldContain("Mercer");
        there.ShouldContain("Tubman");
        var back = (await viewer.GetAsync($"{Home}/history/versions/compare?from=3&to=1&kind=school&operation=create")).Main;
        back.ShouldContain("Mercer");
        back.ShouldNotContain("Tubman");
        (await viewer.GetAsync($"{Home}/history/versions/compare?from=2&to=2")).Main.ShouldContain("These versions do not differ");
        (await viewer.GetAsync($"{Home}/history/versions/compare?from=1&to=9")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Are_rolled_back_to_after_a_look_at_what_would_change()
    {
        using var primary = await bed.SignInAsync(district, Role.PrimaryDistrictAdmin);
        var page = $"{Home}/history/versions/1/rollback";
        (await primary.GetAsync(page)).Main.ShouldContain("The next import of every app is held until a person decides");
        var unsaid = await PostAsync(primary, $"{page}/start", ("reason", "  "));
        (await primary.GetAsync(unsaid.Location!)).Main.ShouldContain("Give a reason");
        (await store.Runs.UndecidedAsync(null, Token)).ShouldBeEmpty();

        var started = await PostAsync(primary, $"{page}/start", ("reason", "The night's export was half done."));
        var run = (await store.Runs.UndecidedAsync(null, Token)).ShouldHaveSingleItem();
        started.Location.ShouldBe($"{Home}/history/{run.Number}");
        var review = await primary.GetAsync(started.Location!);
        review.Main.ShouldContain("A rollback waits for a person");
        review.Main.ShouldContain("The night's export was half done.");
        (await store.Roster.LatestAsync(Token))!.Number.ShouldBe(3);
        (await primary.GetAsync($"{Home}/history/{run.Number}/changes")).Main.ShouldMatch("Linkoln.*Lincoln");
        var home = (await primary.GetAsync(Home)).Main;
        home.ShouldContain($"Rollback, run {run.Number}");
        home.ShouldContain("A rollback to version 1 waits for a person");

        await PostAsync(
            primary,
            $"{Home}/history/{run.Number}/decision",
            ("decision", "accept"),
            ("reason", "Looks right."),
            ("hash", Regex.Match(review.Text, "name=\"hash\" value=\"([^\"]+)\"").Groups[1].Value)
        );
        await bed.Services.GetRequiredService<IImports>().WaitAsync(district, run.Number, Token);
        var version = (await store.Roster.LatestAsync(Token))!;
        (version.Number, version.Restored).ShouldBe((4, 1));
        (await store.Roster.ReadAsync(Kind.School, null, Token).Select(school => (string)school.Row["name"]!).ToListAsync(Token)).ShouldBe(
            ["Lincoln", "Mercer"],
            ignoreOrder: true
        );
        (await primary.GetAsync($"{Home}/history/{run.Number}")).Main.ShouldContain("The roster has the content of version 1 again.");
        var list = (await primary.GetAsync($"{Home}/history/versions")).Main;
        list.ShouldContain("The roster is rolled back to version 1");
        list.ShouldContain("Rollback to version 1");
        (await primary.GetAsync(Home)).Main.ShouldContain("The roster is rolled back to version 1");
        (await primary.GetAsync($"{Home}/history")).Main.ShouldContain("Rollback to version 1");
        var audit = (await primary.GetAsync($"{Home}/administration/audit-log")).Main;
        audit.ShouldContain($"Rollback started version 1 New: run {run.Number}: The night's export was half done.");
        audit.ShouldContain($"Waiting run accepted roster New: run {run.Number}: Looks right.");
        (await primary.GetAsync(page)).Main.ShouldContain("There is nothing to roll back");
    }

    [Theory]
    [InlineData(Role.DistrictAdmin)]
    [InlineData(Role.Viewer)]
    public async Task Are_rolled_back_to_kept_and_purged_by_a_primary_district_admin_alone(Role role)
    {
        using var other = await bed.SignInAsync(district, role);
        (await other.GetAsync($"{Home}/history/versions")).Main.ShouldContain("A Primary District Admin sets this, and purges.");
        foreach (var path in new[] { "versions/1/rollback", "versions/purge" })
        {
            (await other.GetAsync($"{Home}/history/{path}")).Status.ShouldBe(403, path);
        }

        foreach (var path in new[] { "versions/1/rollback/start", "versions/purge/confirm", "versions/retention" })
        {
            (await PostAsync(other, $"{Home}/history/{path}", ("reason", "I say so."), ("oldest", "3"), ("versions", "1"))).Status.ShouldBe(
                403,
                path
            );
        }

        (await store.Runs.UndecidedAsync(null, Token)).ShouldBeEmpty();
        (await store.Roster.LatestAsync(Token))!.OldestKept.ShouldBe(1);
    }

    [Fact]
    public async Task Are_kept_as_long_as_is_set_and_purged_when_a_person_says_so()
    {
        using var primary = await bed.SignInAsync(district, Role.PrimaryDistrictAdmin);
        var page = $"{Home}/history/versions";
        (await primary.GetAsync($"{page}/purge")).Main.ShouldContain("The district keeps every version.");
        var wrong = await PostAsync(primary, $"{page}/retention", ("versions", "0"), ("days", "many"));
        var told = (await primary.GetAsync(wrong.Location!.Split('#')[0])).Main;
        told.ShouldContain("Newest versions: enter a whole number from 1 to 100,000, or nothing.");
        told.ShouldContain("Days: enter a whole number");

        await PostAsync(primary, $"{page}/retention", ("versions", "2"), ("days", ""));
        (await primary.GetAsync(page)).Main.ShouldContain("Saved. The district keeps the newest 2 versions.");
        ConfigurationText
            .Write(DistrictConfiguration.FromDocument((await store.Configuration.LatestAsync(Token))!.Document))
            .ShouldContain("  retention:\n    versions: 2\n");

        // What is set is what stays: also a purge that is asked for by number leaves it.
        (await PostAsync(primary, $"{page}/purge/confirm", ("oldest", "3"))).Status.ShouldBe(302);
        (await primary.GetAsync(page)).Main.ShouldContain("The district keeps the newest 2 versions, so version 2 and what came after it stay.");
        (await store.Roster.LatestAsync(Token))!.OldestKept.ShouldBe(1);

        var asked = await primary.GetAsync($"{page}/purge");
        asked.Main.ShouldContain("1 version, number 1, can't be browsed, compared or rolled back to afterwards.");
        (await PostAsync(primary, $"{page}/purge/confirm", ("oldest", "2"))).Status.ShouldBe(302);
        (await primary.GetAsync(page)).Main.ShouldContain("1 version purged: 1 old values are no longer kept.");
        (await store.Roster.LatestAsync(Token))!.OldestKept.ShouldBe(2);
        (await primary.GetAsync($"{Home}/data/school?version=1")).Main.ShouldContain("Version 1 was purged");
        (await primary.GetAsync($"{Home}/data/school/{RollbookId.Derive(Scope, "lincoln")}?version=1")).Location.ShouldBe(
            $"{Home}/data/school?version=1"
        );
        (await primary.GetAsync($"{Home}/data/school.csv?version=1")).Status.ShouldBe(404);
        (await primary.GetAsync($"{page}/compare?from=1&to=3")).Main.ShouldContain("Version 1 was purged");
        (await primary.GetAsync($"{page}/1/rollback")).Main.ShouldContain("Version 1 was purged");
        var first = (await store.Roster.VersionAsync(1, Token))!.Run;
        (await primary.GetAsync($"{Home}/history/{first}/changes")).Main.ShouldContain("The changes of this version were purged");
        (await primary.GetAsync($"{Home}/data/school/{RollbookId.Derive(Scope, "lincoln")}?tab=history")).Main.ShouldContain(
            "Changes up to version 2 were purged."
        );
        var audit = (await primary.GetAsync($"{Home}/administration/audit-log")).Main;
        audit.ShouldContain("Versions purged versions New: versions 1 to 1");
        audit.ShouldContain("Setting changed district.retention");
    }

    [Fact]
    public async Task Are_not_downloaded_in_part_when_they_are_purged_meanwhile()
    {
        var many = Enumerable.Range(0, 20_000).Select(i => (Operation.Create, $"s{i}", i + new string('x', 1_000)));
        await PublishAsync(configuration: 2, [.. many]);
        await PublishAsync(configuration: 2, (Operation.Delete, "s1", ""));
        using var viewer = await bed.SignInAsync(district, Role.Viewer);
        await using var csv = await viewer.OpenAsync($"{Home}/data/school.csv?version=4");
        await csv.ReadExactlyAsync(new byte[1], Token);
        await store.Roster.PurgeAsync(5, Token);
        await Should.ThrowAsync<IOException>(() => csv.CopyToAsync(Stream.Null, Token));
    }

    private async Task<Answer> PostAsync(Visitor visitor, string path, params (string Name, string Value)[] fields) =>
        await visitor.PostAsync(path, [(Visitor.Field, await visitor.TokenAsync(Home)), .. fields]);

    /// <summary>Publishes changes of schools as a run of an app would.</summary>
    private async Task PublishAsync(int configuration, params (Operation Operation, string SisId, string Name)[] schools)
    {
        var changes = new Changes([
            .. schools
                .Select(school => new StagedChange(
                    school.Operation,
                    Kind.School,
                    RollbookId.Derive(Scope, school.SisId),
                    school.Operation == Operation.Delete ? default : School(school.SisId, school.Name),
                    Consequence: false
                ))
                .OrderBy(change => change.Id),
        ]);
        var run = await store.Runs.AddAsync("synergy", "command", "ada", configuration, bed.Time.GetUtcNow(), Token);
        await store.Runs.MoveAsync(run.Number, "queued", "publishing", null, null, Token);
        var latest = (await store.Roster.LatestAsync(Token))?.Number ?? 0;
        var result = await store.Roster.PublishAsync(
            new Publication(
                run.Number,
                "synergy",
                latest,
                configuration,
                "fingerprint",
                "ada",
                bed.Time.GetUtcNow,
                latest == 0 ? "It was the first day." : null,
                changes,
                new UnresolvedChanges(ClearAll: false, [], []),
                [],
                (_, _) => new RunReport { Changes = changes.Counts }.ToJson()
            ),
            Token
        );
        result.ShouldBeOfType<PublishResult.Published>();
    }

    private static Row School(string sisId, string name)
    {
        var writer = new RowWriter();
        foreach (var attribute in Kinds.Of(Kind.School).Attributes)
        {
            switch (attribute.Name)
            {
                case "sisId":
                    writer.Text(sisId);
                    break;
                case "name":
                    writer.Text(name);
                    break;
                default:
                    writer.Missing();
                    break;
            }
        }

        return writer.ToRow(Kind.School).Copy();
    }

    private sealed class Changes(IReadOnlyList<StagedChange> list) : IChangeSet
    {
        public IReadOnlyDictionary<Kind, ChangeCounts> Counts { get; } =
            new Dictionary<Kind, ChangeCounts>
            {
                [Kind.School] = new(
                    list.LongCount(change => change.Operation == Operation.Create),
                    list.LongCount(change => change.Operation == Operation.Update),
                    list.LongCount(change => change.Operation == Operation.Delete)
                ),
            };

        public IEnumerable<StagedChange> Read(Kind kind) => kind == Kind.School ? list : [];
    }
}

public sealed class VersionsTestsOnSqlite(ConsoleBed bed) : VersionsTests(bed), IClassFixture<ConsoleBed>;

public sealed class VersionsTestsOnPostgres(PostgresBed bed) : VersionsTests(bed), IClassFixture<PostgresBed>;
