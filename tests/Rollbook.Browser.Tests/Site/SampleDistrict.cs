using System.Globalization;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Duplicates;
using Rollbook.Sync.Quality;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Setup;
using Rollbook.Testing;

namespace Rollbook.Browser.Tests.Site;

/// <summary>
/// A small district with everything that a page must be able to show: long names, missing values, a deleted student with the enrollments that
/// went along, a failed and a held run. Written through the store's contract only, so it serves any store.
/// </summary>
internal sealed class SampleDistrict(IDistrictStore store, DateTimeOffset now)
{
    internal const string Draft = "synergy-2";
    internal const string ReadingExport = "reading";
    internal const string LibraryExport = "library";
    internal const string HeldHash = "6d1f0c2e7d354a909f6b0c2f8f1f2d77";
    internal const string LongSchool =
        "Saint Bartholomew-Wolverhampton International Baccalaureate and Performing Arts Preparatory Academy at Rancho Santa Margarita";

    /// <summary>What the district's last import counted, and every one that a test ends.</summary>
    internal static readonly IReadOnlyDictionary<Kind, QualityCounts> Quality = new Dictionary<Kind, QualityCounts>
    {
        [Kind.School] = new(Imported: 6),
        [Kind.Class] = new(Imported: 8, Skipped: 2),
        [Kind.Student] = new(Imported: 240, Error: 12, Skipped: 1, LeftOut: 2),
        [Kind.Enrollment] = new(Imported: 488, Skipped: 59, LeftOut: 2),
    };

    private static readonly string[] Families =
    [
        "Abernathy",
        "Baptiste-Featherstonehaugh",
        "Castellanos",
        "Dhillon",
        "Eze",
        "Fukuda",
        "García",
        "Hòa",
        "Iverson",
        "Johansson",
        "Kealoha",
        "Łukasiewicz",
    ];
    private static readonly string[] Given = ["Ana", "Bodhi", "Chidi", "Dolores", "Emre", "Freya", "Giang", "Hana", "Ilya", "José", "Keiko"];
    private static readonly string[] Subjects = ["Algebra I", "Biology", "Chemistry", "Drama", "English 9", "French II", "Geometry", "U.S. History"];
    private readonly SampleRows rows = new(store.District.Id);

    internal async Task FillAsync()
    {
        await ConfigureAsync();
        var first = First();
        await ImportAsync(first, now.AddDays(-40), "command", "admin@riverside.example");
        for (var night = 39; night >= 2; night--)
        {
            var changes = new SampleChanges();
            for (var i = 0; night % 3 != 0 && i < night % 7 * 4; i++)
            {
                changes.Update(rows.Student(i * 3, email: $"s{i * 3:00000}.{night}@riverside.example"));
            }

            await ImportAsync(changes, now.AddDays(-night), "schedule", "schedule");
        }

        await ImportAsync(Nightly(), now.AddDays(-1), "schedule", "schedule");
        await FindAsync();
        await DeliverAsync();
        await FailAsync("synergy", now.AddHours(-3));
        await HoldAsync("directory", now.AddHours(-2));
        await DeclineAsync(await HoldAsync("directory", now.AddHours(-1)), now.AddMinutes(-20));
        await new SampleNotifications(store, now).FillAsync();
        await new SampleRehearsal(store, now).FillAsync();
    }

    private async Task ConfigureAsync()
    {
        var configuration = new DistrictConfiguration
        {
            Webhook = new WebhookSettings("https://hooks.riverside.example/rollbook"),
            Id = store.District.Id,
            Name = store.District.Name,
            TimeZone = store.District.TimeZone,
            Rollover =
            [
                new RolloverPeriod(new DateOnly(2020, 7, 1), new DateOnly(2020, 7, 5), RolloverMode.Suspend),
                new RolloverPeriod(new DateOnly(2020, 7, 6), new DateOnly(2999, 7, 31), RolloverMode.NoDeletions),
            ],
            Apps = new Dictionary<string, AppConfiguration>(StringComparer.Ordinal)
            {
                ["synergy"] = new()
                {
                    Type = "synergy",
                    Name = "Synergy",
                    Attributes = new Dictionary<string, IReadOnlyList<AttributePair>>(StringComparer.Ordinal)
                    {
                        ["student"] =
                        [
                            new() { Target = "email", Template = "{{ username | downcase }}@riverside.example" },
                            new()
                            {
                                Target = "grades",
                                Source = "grades",
                                Map = new Dictionary<string, string>(StringComparer.Ordinal) { ["K"] = "KG", ["00"] = "KG" },
                            },
                            new() { Target = "metadata.adviser", Source = "metadata.counselor" },
                        ],
                    },
                    Filters =
                    [
                        new FilterRule
                        {
                            Kind = "student",
                            Name = "No test accounts",
                            Where = [new RuleCondition("givenName", FilterOperator.NotEqual, ["Chidi"])],
                        },
                    ],
                },
                ["directory"] = new()
                {
                    Type = "county-directory",
                    Order = 2,
                    Name = "Active Directory of the county office of education, staff and contractors",
                },
            },
            Exports = new Dictionary<string, AppConfiguration>(StringComparer.Ordinal)
            {
                [ReadingExport] = Export(
                    "Reading program of the county library",
                    ("sftp.host", "sftp.reading.example"),
                    ("sftp.user", "riverside"),
                    ("sftp.path", "in/roster.zip"),
                    ("waitFor", "synergy")
                ),
                [LibraryExport] = Export("Library catalog", ("mode", "delta"), ("version", "1.2")),
            },
        };
        await DraftAsync();
        await store.Configuration.AddAsync(0, configuration.ToDocument(), "admin@riverside.example", now.AddDays(-41), CancellationToken.None);
    }

    private static AppConfiguration Export(string name, params (string Name, string Value)[] delivery) =>
        new()
        {
            Type = "oneroster-csv-export",
            Name = name,
            AcceptTerms = true,
            Delivery = delivery.ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.Ordinal),
        };

    /// <summary>One export app has all that is published; the other's server is down.</summary>
    private async Task DeliverAsync()
    {
        var newest = (await store.Roster.LatestAsync(CancellationToken.None))!.Number;
        const string Rows =
            """{"classes":{"active":8,"deleted":0},"enrollments":{"active":481,"deleted":7},"orgs":{"active":6,"deleted":0},"users":{"active":251,"deleted":2}}""";
        for (var version = 1; version <= newest; version++)
        {
            int? since = version == 1 ? null : version - 1;
            await EndAsync(LibraryExport, version, since, new DeliveryEnd(DeliveryState.Delivered, 18_412, Rows), now.AddDays(version - newest - 1));
        }

        await EndAsync(ReadingExport, newest - 1, null, new DeliveryEnd(DeliveryState.Delivered, 1_318_412, Rows), now.AddDays(-2));
        await EndAsync(
            ReadingExport,
            newest,
            null,
            new DeliveryEnd(
                DeliveryState.Failed,
                Failure: "The connection to the SFTP server sftp.reading.example on port 22 failed or broke off. Check host and port, and that firewalls let this server through; then try again."
            ),
            now.AddHours(-1)
        );
    }

    private async Task EndAsync(string app, int version, int? since, DeliveryEnd end, DateTimeOffset at)
    {
        var target = app == LibraryExport ? "1.2 download" : "1.1 sftp sftp.reading.example: in/roster.zip";
        var start = new DeliveryStart("Publication", target, version, since);
        var delivery = await store.Deliveries.BeginAsync(app, start, at, CancellationToken.None);
        await store.Deliveries.EndAsync(delivery.Number, end, at.AddSeconds(4), CancellationToken.None);
    }

    /// <summary>A set-up that has come to its last step and is not finished.</summary>
    private async Task DraftAsync()
    {
        var app = new AppConfiguration
        {
            Type = "synergy",
            Name = "Synergy of the charter schools",
            AcceptTerms = true,
            Secrets = ["clientSecret"],
            Delivery = new Dictionary<string, string>
            {
                ["apiUrl"] = "https://sis.charter.riverside.example/synergy",
                ["tokenUrl"] = "https://sis.charter.riverside.example/synergy/oauth/token",
                ["clientId"] = "rollbook",
                ["pageSize"] = "500",
            },
            Schools = SchoolsMapping.Automatic,
            Schedule = new SyncSchedule { Times = [new TimeOnly(2, 0), new TimeOnly(12, 30)] },
        };
        var draft = new AppSetup(Draft, app, IsDraft: true, SetupStep.Done, 0, "admin@riverside.example", now.AddHours(-5));
        await store.Drafts.SaveAsync(Draft, 0, draft.ToDraftDocument(), draft.SavedBy, draft.SavedAt, CancellationToken.None);
        await store.Configuration.SetSecretAsync($"{Draft}/clientSecret", new PlainSecrets().Protect("unused"), CancellationToken.None);
    }

    private SampleChanges First()
    {
        var changes = new SampleChanges();
        changes.Create(rows.Make(Kind.School, "district", new() { ["name"] = "Riverside Unified", ["type"] = "district" }));
        string[] schools = ["Lincoln High", "Washington Middle", "Roosevelt Elementary", LongSchool, "Ida B. Wells K–8"];
        for (var i = 0; i < schools.Length; i++)
        {
            changes.Create(
                rows.Make(
                    Kind.School,
                    $"school-{i}",
                    new()
                    {
                        ["name"] = schools[i],
                        ["type"] = "school",
                        ["identifier"] = $"{6_100_000 + i}",
                        ["parent"] = rows.Id(Family.Org, "district"),
                    }
                )
            );
        }

        foreach (
            var (id, title, type) in new[]
            {
                ("2026", "2026–27", "schoolYear"),
                ("fall", "Fall 2026", "semester"),
                ("spring", "Spring 2027", "semester"),
            }
        )
        {
            changes.Create(
                rows.Make(
                    Kind.Calendar,
                    id,
                    new()
                    {
                        ["title"] = title,
                        ["type"] = type,
                        ["startDate"] = new DateOnly(2026, 8, 17),
                        ["endDate"] = new DateOnly(2027, 6, 4),
                        ["schoolYear"] = "2027",
                    }
                )
            );
        }

        for (var i = 0; i < Subjects.Length; i++)
        {
            changes.Create(
                rows.Make(
                    Kind.Course,
                    $"course-{i}",
                    new()
                    {
                        ["title"] = Subjects[i],
                        ["courseCode"] = $"C{i:000}",
                        ["grades"] = new[] { "09", "10" },
                        ["school"] = rows.Id(Family.Org, "school-0"),
                        ["calendar"] = rows.Id(Family.AcademicSession, "2026"),
                    }
                )
            );
            changes.Create(rows.Class(i, $"{Subjects[i]}, period {i + 1}"));
            changes.Create(
                rows.Person(
                    Kind.Teacher,
                    $"t{i:000}",
                    Families[i],
                    Given[i],
                    new()
                    {
                        ["role"] = "teacher",
                        ["title"] = "Teacher",
                        ["enabled"] = true,
                    }
                )
            );
            changes.Create(rows.Enrollment($"t{i:000}", i, "teacher"));
        }

        changes.Create(
            rows.Person(
                Kind.Admin,
                "a001",
                "Kealoha",
                "Noelani",
                new()
                {
                    ["role"] = "administrator",
                    ["title"] = "Principal",
                    ["enabled"] = true,
                }
            )
        );
        for (var i = 0; i < 240; i++)
        {
            var shared = rows.SharedStudent();
            changes.Create(i == 20 ? (shared.Id, shared.Together) : rows.Student(i, email: $"s{i:00000}@riverside.example"));
            changes.Create(rows.Enrollment($"s{i:00000}", i % Subjects.Length, "student"));
            changes.Create(rows.Enrollment($"s{i:00000}", (i + 3) % Subjects.Length, "student"));
        }

        for (var i = 0; i < 12; i++)
        {
            changes.Create(
                rows.Person(
                    Kind.Contact,
                    $"c{i:000}",
                    Families[i],
                    Given[i % Given.Length],
                    new()
                    {
                        ["role"] = "parent",
                        ["phone"] = "+1 951 555 0100",
                        ["students"] = new[] { rows.Id(Family.Person, $"s{i:00000}"), rows.Id(Family.Person, $"s{i + 12:00000}") },
                    }
                )
            );
        }

        return changes;
    }

    /// <summary>The newest version: two new students, four changed, one gone and with them their enrollments.</summary>
    private SampleChanges Nightly()
    {
        var changes = new SampleChanges();
        for (var i = 240; i < 242; i++)
        {
            changes.Create(rows.Student(i, email: $"s{i:00000}@riverside.example"));
            changes.Create(rows.Enrollment($"s{i:00000}", 1, "student"));
        }

        for (var i = 10; i < 14; i++)
        {
            changes.Update(rows.Student(i, email: $"changed{i}@riverside.example", grade: "11"));
        }

        changes.Delete(Kind.Student, rows.Id(Family.Person, "s00005"));
        changes.Delete(Kind.Enrollment, rows.Id(Family.Enrollment, "s00005-5"), consequence: true);
        changes.Delete(Kind.Enrollment, rows.Id(Family.Enrollment, "s00005-0"), consequence: true);
        return changes;
    }

    private async Task ImportAsync(SampleChanges changes, DateTimeOffset at, string trigger, string by)
    {
        var run = await store.Runs.AddAsync("synergy", trigger, by, 1, at, CancellationToken.None);
        await MoveAsync(run.Number, "reading", "deriving", "publishing");
        var latest = await store.Roster.LatestAsync(CancellationToken.None);
        var members = latest is null ? await new SampleUpload(store, rows).KeepAsync(run.Number) : MemberChanges.None;
        var report = new RunReport
        {
            Read = new Dictionary<Kind, long>
            {
                [Kind.School] = 6,
                [Kind.Calendar] = 3,
                [Kind.Course] = 8,
                [Kind.Class] = 8,
                [Kind.Student] = 240,
                [Kind.Teacher] = 8,
                [Kind.Admin] = 1,
                [Kind.Contact] = 12,
                [Kind.Enrollment] = 488,
            },
            Skipped = new Dictionary<Kind, long>
            {
                [Kind.Class] = 2,
                [Kind.Student] = 3,
                [Kind.Enrollment] = 61,
            },
            NotMapped = new Dictionary<Kind, long> { [Kind.Student] = 2 },
            Quality = Quality,
            Reported = new Dictionary<Kind, long> { [Kind.Student] = 12 },
            Changes = changes.Counts,
            Notices =
            [
                "3 students have no school that is mapped and were skipped.",
                "The source gave pages of 500 instead of 1,000; all pages were read.",
            ],
            Seconds = new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["reading"] = 42.1,
                ["deriving"] = 3.4,
                ["publishing"] = 0.8,
            },
        };
        await store.Roster.PublishAsync(
            new Publication(
                run.Number,
                "synergy",
                latest?.Number ?? 0,
                1,
                "sample",
                by,
                () => at.AddSeconds(46),
                null,
                changes,
                new UnresolvedChanges(ClearAll: false, [], []),
                [],
                (_, _) => report.ToJson()
            )
            {
                Issues = new IssueChanges(ClearAll: true, [], [.. new SampleIssues(rows).All()]),
                Members = members,
            },
            CancellationToken.None
        );
    }

    /// <summary>Two duplicates, of two and of three students, a suggestion, and a decision.</summary>
    private async Task FindAsync()
    {
        var search = new DuplicateSearch(
            Suggestions: false,
            39,
            1,
            0,
            now.AddDays(-1),
            ["14 contacts have the same phone. Nobody was made one by such a value; see whether the domain phone is a good one."]
        );
        var reasons = new Likeness(
            [
                new("familyName", Agreement.Same, 8.4),
                new("givenName", Agreement.Close, 5.1),
                new("birthDate", Agreement.Differs, -6),
                new("phone", Agreement.Same, 3.2),
            ],
            1.7
        );
        SourceRecord[] students = [.. new[] { 20, 31, 33, 44, 55 }.Select(i => new SourceRecord("synergy", rows.Id(Family.Person, $"s{i:00000}")))];
        var three = new DuplicateCase(2, Kind.Student, ["givenName", "familyName", "birthDate"], 3, students[..3]);
        await store.Duplicates.ReplaceAsync(search, [new DuplicateCase(1, Kind.Student, ["email"], 2, students[..2]), three], CancellationToken.None);
        var alike = new DuplicateCase(
            AgreeingPeople.NumberOf(students[3..], suggestion: true),
            Kind.Student,
            Domain: null,
            2_353,
            students[3..],
            reasons.ToJson()
        );
        await store.Duplicates.ReplaceAsync(search with { Suggestions = true, Notices = [] }, [alike], CancellationToken.None);
        var decision = new DuplicateDecision(
            Kind.Student,
            students[2],
            students[4],
            DuplicateVerdict.KeepSeparate,
            "admin@riverside.example",
            now.AddHours(-20)
        );
        await store.Duplicates.DecideAsync([decision], CancellationToken.None);
    }

    private async Task FailAsync(string app, DateTimeOffset at)
    {
        var run = await store.Runs.AddAsync(app, "schedule", "schedule", 1, at, CancellationToken.None);
        await MoveAsync(run.Number, "reading");
        var report = new RunReport
        {
            Failure = new RunFailure(
                "credentials",
                "The token URL https://sis.riverside.example/oauth/token refused the client ID or the secret (401). Ask the SIS administrator whether the secret was renewed, then enter it in the app's settings.",
                Retry: false
            ),
        };
        await store.Runs.MoveAsync(run.Number, "reading", "failed", report.ToJson(), at.AddSeconds(2), CancellationToken.None);
    }

    private async Task DeclineAsync(long run, DateTimeOffset at)
    {
        var report = RunReport.FromJson((await store.Runs.GetAsync(run, CancellationToken.None))!.Report) with
        {
            Decision = new RunDecision(
                IsAccepted: false,
                "admin@riverside.example",
                at,
                "The county's directory lost a site in last night's move.\nMs. Okafor restores it, then we import again."
            ),
        };
        await store.Runs.MoveAsync(run, "held", "declined", report.ToJson(), at, CancellationToken.None);
        await store.Staged.RemoveAsync(run, CancellationToken.None);
    }

    /// <summary>A run that a limit holds, or that waits as a preview; its number.</summary>
    internal async Task<long> HoldAsync(string app, DateTimeOffset at, bool preview = false)
    {
        var run = await store.Runs.AddAsync(app, "console", "admin@riverside.example", 1, at, CancellationToken.None);
        await MoveAsync(run.Number, "reading", "deriving");
        var changes = Withdrawals();
        var report = new RunReport
        {
            Read = new Dictionary<Kind, long> { [Kind.Student] = 214, [Kind.Enrollment] = 422 },
            Changes = changes.Counts.ToDictionary(
                counts => counts.Key,
                counts =>
                    counts.Value with
                    {
                        Unchanged =
                            counts.Key == Kind.Student ? 207
                            : counts.Key == Kind.Enrollment ? 422
                            : 0,
                    }
            ),
            Holds = preview
                ? []
                :
                [
                    new RunHold(
                        "delete",
                        Kind.Student,
                        "source",
                        30,
                        241,
                        12.45,
                        "30 of the 241 students that this source has in the roster would be deleted (12.4 %). The limit is 10 %, from 25 records on."
                    ),
                    new RunHold(
                        "delete",
                        Kind.Student,
                        "school",
                        30,
                        120,
                        25,
                        $"{LongSchool}: 30 of the 120 students that this source has in the roster would be deleted (25 %). The limit in one school is 20 %, from 10 records on."
                    ),
                ],
            ChangeHash = HeldHash,
            WaitsAs = preview ? RunState.Waiting : RunState.Held,
            Notices = ["3 students have no school that is mapped and were skipped."],
            Seconds = new Dictionary<string, double>(StringComparer.Ordinal) { ["reading"] = 12.6 },
        };
        await store.Staged.KeepAsync(run.Number, "deriving", preview ? "waiting" : "held", changes, report.ToJson(), CancellationToken.None);
        if (!preview)
        {
            await PairAsync(app, changes);
        }

        return run.Number;
    }

    /// <summary>Some of those who would go are known again under new SIS IDs; two of them are kept separate.</summary>
    private async Task PairAsync(string app, SampleChanges changes)
    {
        var scope = new IdScope("riverside", app, Family.Person);
        var gone = changes.Read(Kind.Student).Where(change => change.Operation == Operation.Delete).Select(change => change.Id).ToList();
        var pairs = gone.Index()
            .Select(each => new SuccessorPair(
                Kind.Student,
                RollbookId.Derive(scope, $"new-{each.Index}"),
                each.Item,
                each.Index % 3 == 0 ? "givenName + familyName + birthDate" : "email"
            ))
            .ToList();
        await store.Successors.ProposeAsync(app, pairs, CancellationToken.None);
        await store.Successors.DecideAsync(app, [.. pairs.Take(2).Select(pair => pair.Key)], isSeparate: true, CancellationToken.None);
    }

    /// <summary>A school more with a class and two students, four students changed, and thirty gone with their enrollments.</summary>
    private SampleChanges Withdrawals()
    {
        var changes = new SampleChanges();
        changes.Create(rows.Make(Kind.School, "school-new", new() { ["name"] = "Mary Seacole Middle", ["type"] = "school" }));
        for (var i = 300; i < 302; i++)
        {
            changes.Create(
                rows.Person(
                    Kind.Student,
                    $"s{i:00000}",
                    "Newcomer",
                    Given[i % Given.Length],
                    new() { ["email"] = $"s{i:00000}@riverside.example" },
                    rows.Id(Family.Org, "school-new")
                )
            );
            changes.Create(rows.Enrollment($"s{i:00000}", 2, "student"));
        }

        for (var i = 60; i < 64; i++)
        {
            changes.Update(rows.Student(i, email: $"moved{i}@riverside.example", grade: "12"));
        }

        for (var i = 100; i < 130; i++)
        {
            changes.Delete(Kind.Student, rows.Id(Family.Person, $"s{i:00000}"));
            changes.Delete(Kind.Enrollment, rows.Id(Family.Enrollment, $"s{i:00000}-{i % Subjects.Length}"), consequence: true);
            changes.Delete(Kind.Enrollment, rows.Id(Family.Enrollment, $"s{i:00000}-{(i + 3) % Subjects.Length}"), consequence: true);
        }

        return changes;
    }

    private async Task MoveAsync(long run, params string[] states)
    {
        var from = "queued";
        foreach (var to in states)
        {
            await store.Runs.MoveAsync(run, from, to, null, null, CancellationToken.None);
            from = to;
        }
    }
}
