using Rollbook.Simulator;
using Kind = Rollbook.Model.Kind;

namespace Rollbook.Host.Commands;

/// <summary>What the simulator has, in the words of the roster.</summary>
internal static class SimulatedTruth
{
    internal static IReadOnlyDictionary<Kind, long> ByKind(Truth truth) =>
        new Dictionary<Kind, long>
        {
            [Kind.School] = truth.Counts["orgs"],
            [Kind.Calendar] = truth.AcademicSessions,
            [Kind.Course] = truth.Courses,
            [Kind.Class] = truth.Classes,
            [Kind.Student] = truth.Students,
            [Kind.Teacher] = truth.Teachers + truth.Aides + truth.Proctors,
            [Kind.Admin] = truth.Administrators,
            [Kind.Contact] = truth.Contacts,
            [Kind.Enrollment] = truth.Enrollments - truth.Orphans,
        };
}
