using Rollbook.Model;

namespace Rollbook.Storage.Tests;

/// <summary>
/// A district as the first schema kept it is opened, migrated and read by today's program: whatever the tables become, what was written stays. The dumps in
/// <c>Fixtures</c> were made from that schema and are never made anew; a later schema gets a dump of its own beside them.
/// </summary>
public abstract class FirstSchemaCompliance(TestBed bed)
{
    private static readonly RollbookId School = Records.Id(Kind.School, "o1");
    private static readonly RollbookId Student = Records.Id(Kind.Student, "u1");
    private static readonly RollbookId Contact = Records.Id(Kind.Contact, "u2");

    private static readonly StagedChange Amara = Records.Create(
        Kind.Student,
        "u1",
        ("sources", new[] { "synergy" }),
        ("givenName", "Amara"),
        ("familyName", "Đỗ, \"O'Hara\""),
        ("grades", new[] { "09", "a,b" }),
        ("enabled", true),
        ("schools", new[] { School }),
        ("primarySchool", School),
        ("contacts", new[] { Contact }),
        ("birthDate", new DateOnly(2012, 2, 29)),
        ("metadata", new Dictionary<string, string>(StringComparer.Ordinal) { ["locker"] = "12" })
    );

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_first_schema_kept_is_read_today()
    {
        await bed.RestoreAsync("first");
        await ExpectAsync((await bed.Installation.OpenAsync("first", Token)).ShouldNotBeNull());
    }

    [Fact]
    public async Task What_is_written_today_reads_the_same()
    {
        var store = await bed.NewDistrictAsync();
        await WriteAsync(store);
        await ExpectAsync(store);
    }

    [Fact]
    public async Task A_district_of_the_first_schema_goes_on_from_where_it_was()
    {
        await bed.RestoreAsync("again");
        var store = (await bed.Installation.OpenAsync("again", Token)).ShouldNotBeNull();
        (await store.PublishAsync(Records.Delete(Kind.Enrollment, "e1"), Records.Update(Kind.Student, "u1", ("givenName", "Bo")))).ShouldBe(3);
        (await store.Roster.GetAsync(Kind.Student, Student, 2, Token))!.Row.Hash.ShouldBe(Amara.Row.Hash);
        (await store.Runs.AddAsync("synergy", "schedule", "ada", 1, Publishing.Noon, Token)).Number.ShouldBe(5);
        (await store.Uploads.NextSegmentsAsync(1, Token)).ShouldBe(2);
    }

    private static async Task WriteAsync(IDistrictStore store)
    {
        (await store.Configuration.AddAsync(0, """{"id":"first"}""", "ada", Publishing.Noon, Token)).ShouldNotBeNull();
        var run = await store.StartRunAsync();
        var segment = await store.Uploads.NextSegmentsAsync(1, Token);
        await store.Uploads.AppendAsync(
            "synergy",
            run,
            Collection.Users,
            [new Segment(segment, 1, new byte[] { 1, 2 }, new byte[] { 3, 0, 255 })],
            Token
        );
        var first = new MemoryChangeSet(
            Records.Create(Kind.School, "o1", ("name", "Lincoln High")),
            Records.Create(Kind.Calendar, "s1", ("startDate", new DateOnly(2026, 8, 10))),
            Records.Create(Kind.Course, "c1", ("school", School)),
            Records.Create(Kind.Class, "k1", ("course", Records.Id(Kind.Course, "c1")), ("calendars", new[] { Records.Id(Kind.Calendar, "s1") })),
            Records.Create(Kind.Student, "u1", ("givenName", "Amy")),
            Records.Create(Kind.Contact, "u2"),
            Records.Create(Kind.Teacher, "u3", ("email", "t@riverside.example")),
            Records.Create(Kind.Admin, "u4"),
            Records.Create(Kind.Enrollment, "e1", ("person", Student), ("primary", false))
        );
        var unresolved = new UnresolvedChanges(
            ClearAll: true,
            [],
            [new(Collection.Enrollments, Records.Id(Kind.Enrollment, "e2"), Student, Required: true)]
        );
        (await store.Roster.PublishAsync(Publishing.Publication(run, 0, first, unresolved), Token)).ShouldBe(new PublishResult.Published(1));
        await store.PublishAsync(Amara with { Operation = Operation.Update }, Records.Delete(Kind.Admin, "u4"));
        var failed = await store.StartRunAsync();
        await store.Runs.MoveAsync(failed, "publishing", "failed", """{"failure":null}""", Publishing.Noon, Token);
    }

    private static async Task ExpectAsync(IDistrictStore store)
    {
        (await store.Configuration.LatestAsync(Token))!.Document.ShouldBe("""{"id":"first"}""");
        var version = (await store.Roster.LatestAsync(Token))!;
        (version.Number, version.Run, version.App, version.PublishedAt, version.PublishedBy, version.Reason).ShouldBe(
            (2, 2L, "synergy", Publishing.Noon, "ada", "because")
        );
        version.Changes[Kind.Admin].ShouldBe(new ChangeCounts(Delete: 1));
        version.Totals.Where(total => total.Value > 0).Sum(total => total.Value).ShouldBe(8);

        foreach (var kind in Kinds.All.Select(definition => definition.Kind))
        {
            (await store.Roster.ReadAsync(kind, null, Token).CountAsync(Token)).ShouldBe(kind == Kind.Admin ? 0 : 1, kind.ToString());
            (await store.Roster.ReadAsync(kind, 1, Token).CountAsync(Token)).ShouldBe(1, kind.ToString());
        }

        (await store.Roster.GetAsync(Kind.Student, Student, null, Token))!.Row.Hash.ShouldBe(Amara.Row.Hash);
        (await store.Roster.GetAsync(Kind.Student, Student, 1, Token))!.Row["givenName"].ShouldBe("Amy");
        (await AtSchoolAsync(store, null)).ShouldBe([Student]);
        (await AtSchoolAsync(store, 1)).ShouldBeEmpty();
        (await store.Roster.ReferrersAsync(Kind.Class, Kinds.Of(Kind.Class)["calendars"], [Records.Id(Kind.Calendar, "s1")], Token)).ShouldBe([
            Records.Id(Kind.Class, "k1"),
        ]);
        (await store.Roster.HistoryAsync(Kind.Student, Student, Token))
            .Select(change => change.Change.Operation)
            .ShouldBe([Operation.Update, Operation.Create]);
        (await store.Roster.HashesAsync(Kind.Student, [Student], Token))[Student].ShouldBe(Amara.Row.Hash);

        (await store.Uploads.AcceptedAsync("synergy", Token))!.Run.ShouldBe(2);
        var index = (await store.Uploads.ReadIndexAsync("synergy", Collection.Users, Token).ToListAsync(Token)).ShouldHaveSingleItem();
        index.Index.ShouldBe([1, 2]);
        (await store.Uploads.ReadDataAsync(index.Number, Token)).ShouldBe([3, 0, 255]);
        (await store.Uploads.UnresolvedAsync("synergy", [Student], Token)).ShouldHaveSingleItem().Required.ShouldBeTrue();
        (await store.Runs.ListAsync(null, null, 10, Token)).Select(run => run.State).ShouldBe(["failed", "published", "published"]);
    }

    private static async Task<IEnumerable<RollbookId>> AtSchoolAsync(IDistrictStore store, int? asOf)
    {
        var filter = new RecordFilter("schools", FilterCondition.Equal, School.ToString());
        return (await store.Roster.PageAsync(new RecordQuery(Kind.Student, asOf, Filters: [filter]), Token)).Records.Select(record => record.Id);
    }
}
