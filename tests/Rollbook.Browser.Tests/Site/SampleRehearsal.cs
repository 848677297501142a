using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Runs;
using Rollbook.Sync.WhatIf;

namespace Rollbook.Browser.Tests.Site;

/// <summary>A rehearsal of next year's upload that would be held, with long names of schools.</summary>
internal sealed class SampleRehearsal(IDistrictStore store, DateTimeOffset now)
{
    internal async Task FillAsync()
    {
        var job = await store.Jobs.AddAsync("synergy", Rehearsals.Kind, ConsoleSite.Admin, now.AddHours(-2), default);
        var students = new ChangeCounts
        {
            Create = 412,
            Update = 3_106,
            Delete = 598,
            Unchanged = 1_296,
        };
        var enrollments = new ChangeCounts
        {
            Create = 31_044,
            Delete = 32_871,
            Consequences = 4_190,
        };
        var report = new WhatIfReport
        {
            App = "synergy",
            Basis = WhatIfBasis.Source,
            Read = new Dictionary<Kind, long> { [Kind.Student] = 4_814, [Kind.Enrollment] = 31_044 },
            Changes = new Dictionary<Kind, ChangeCounts> { [Kind.Student] = students, [Kind.Enrollment] = enrollments },
            Schools =
            [
                new("1", "Dr. Martin Luther King Jr. Academy of Mathematics, Science and the Performing Arts (Grades 6 to 12)", Counts(students)),
                new("2", "Lincoln High", Counts(students)),
            ],
            Samples =
            [
                new(Kind.Student, Operation.Delete, "1", "S-1042", "Fitzgerald, Dean"),
                new(Kind.Student, Operation.Create, "2", "S-7001", "Oluwadamilolaoluwa-Featherstonehaugh, Muhammadjon"),
                new(Kind.Enrollment, Operation.Create, "3", "E-1", null),
            ],
            WaitsAs = RunState.Held,
            Holds =
            [
                new(
                    "delete",
                    Kind.Student,
                    "source",
                    598,
                    5_000,
                    12,
                    "598 of the 5,000 students that this source has in the roster would be deleted (12 %). The limit is 10 %, from 25 records on."
                ),
            ],
            Seconds = 41.2,
        };
        await store.Jobs.EndAsync(job, JobState.Done, report.ToJson(), now.AddHours(-2).AddMinutes(1), default);
    }

    private static Dictionary<Kind, ChangeCounts> Counts(ChangeCounts counts) => new() { [Kind.Student] = counts };
}
