using Rollbook.Model;
using Rollbook.Storage;

namespace Rollbook.Browser.Tests.Site;

/// <summary>
/// What is wrong in the sample district: students without an e-mail address, one who is skipped with her enrollments, and two classes of a school that the source
/// does not have, which take theirs along.
/// </summary>
internal sealed class SampleIssues(SampleRows rows)
{
    private MissingTarget Closed => new(Family.Org, rows.Id(Family.Org, "school-9"), "school-9", Absence.NotInSource);

    internal IEnumerable<Issue> All()
    {
        for (var i = 0; i < 12; i++)
        {
            yield return Of(Collection.Users, Kind.Student, $"s{20 + i:00000}", "email", IssueRule.Report, IssueProblem.Missing) with
            {
                School = rows.Id(Family.Org, i % 4 == 0 ? "school-3" : "school-0"),
            };
        }

        yield return Of(Collection.Users, Kind.Student, "s09000", "grades", IssueRule.Skip, IssueProblem.Invalid) with
        {
            School = rows.Id(Family.Org, "school-0"),
        };
        for (var i = 0; i < 2; i++)
        {
            yield return Lacking(Collection.Classes, Kind.Class, $"class-9{i}", "school", Closed);
        }

        var student = new MissingTarget(Family.Person, rows.Id(Family.Person, "s09000"), "s09000", Absence.LeftOut);
        var filtered = new MissingTarget(Family.Person, rows.Id(Family.Person, "s09001"), "s09001", Absence.Filtered);
        for (var i = 0; i < 61; i++)
        {
            var closed = new MissingTarget(Family.Class, rows.Id(Family.Class, $"class-9{i % 2}"), $"class-9{i % 2}", Absence.LeftOut);
            yield return Lacking(
                Collection.Enrollments,
                Kind.Enrollment,
                $"x{i:000}",
                i < 7 ? "person" : "class",
                i < 5 ? student
                    : i < 7 ? filtered
                    : closed
            );
        }
    }

    private Issue Lacking(Collection collection, Kind kind, string sisId, string attribute, MissingTarget target) =>
        Of(collection, kind, sisId, attribute, IssueRule.Required, IssueProblem.Invalid) with
        {
            Target = target,
        };

    private Issue Of(Collection collection, Kind kind, string sisId, string attribute, IssueRule rule, IssueProblem problem) =>
        new(collection, rows.Id(Kinds.Of(kind).Family, sisId), kind, attribute, rule, problem, sisId, School: null);
}
