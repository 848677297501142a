using Rollbook.Sources.OneRosterCsv.Format;
using Rollbook.Storage;
using Rollbook.Sync.Quality;
using Rollbook.Sync.Runs;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Features.Apps;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Quality;

/// <summary>A root cause in words.</summary>
/// <param name="Title">What is wrong, with its numbers.</param>
/// <param name="Cost">What it costs.</param>
/// <param name="Mend">Who can mend it, and how.</param>
/// <param name="Links">Where to look and where to mend, each with its words.</param>
internal sealed record CauseWords(string Title, string Cost, string Mend, IReadOnlyList<(string Text, string Href)> Links)
{
    private const int SchoolsNamed = 3;

    internal static CauseWords Of(RootCause cause, AppSummary app, IssueNames names, CurrentDistrict district) =>
        cause switch
        {
            RootCause.Missing missing => OfMissing(missing, app, district),
            RootCause.Value value => OfValue(value, app, names, district),
            RootCause.NotMapped => new CauseWords(
                NotMapped(app.Accepted?.Report.NotMappedSchools),
                $"Not imported: {QualityWords.List(cause.Skipped)}.",
                "The district, in Schools Mapping, if these schools are to be imported.",
                [("Schools that are not mapped", district.Path($"apps/{app.Id}/settings/schools?filter=missing"))]
            ),
            RootCause.Filtered => new CauseWords(
                "Records can't stand without others that Filter Rules leave out",
                $"Not imported: {QualityWords.List(cause.Skipped)}.",
                "The district, in Filter Rules, if these records are to be imported.",
                [("Filter Rules", district.Path($"apps/{app.Id}/settings/filters"))]
            ),
            RootCause.File { Finding: var finding } => new CauseWords(
                $"{finding.File} breaks the rule {finding.Rule} {Wording.Count(finding.Count, "time", "times")}",
                $"It was read all the same. {CsvRules.All.GetValueOrDefault(finding.Rule)}".TrimEnd(),
                "Whoever exports the package from the student information system.",
                app.LastImport is { } run ? [($"Findings of run {run.Number}", district.Path($"history/{run.Number}"))] : []
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, "Not a cause."),
        };

    private static CauseWords OfMissing(RootCause.Missing missing, AppSummary app, CurrentDistrict district)
    {
        var target = missing.Target;
        var what = FamilyWords.Of(target.Family);
        return new CauseWords(
            $"{Wording.Capital(what)} {target.SisId} is not in the source, and {Wording.Count(missing.Skipped.Values.Sum(), "record needs", "records need")} it",
            $"Not imported: {QualityWords.List(missing.Skipped)}.",
            $"SIS staff: let the source give this {what}, or correct the records that name it.",
            [("Show its records", new IssueFilter(app.Id, Cause: target.Id).Address(district))]
        );
    }

    private static CauseWords OfValue(RootCause.Value value, AppSummary app, IssueNames names, CurrentDistrict district)
    {
        var plural = Kinds.Of(value.Kind).Plural.ToLowerInvariant();
        var attribute = QualityWords.Attribute(value.Kind, value.Attribute);
        var isReference = Kinds.Of(value.Kind).Find(value.Attribute)?.IsReference == true;
        var what =
            value.Problem == IssueProblem.Missing ? "is missing"
            : isReference ? "leads nowhere"
            : "is not valid";
        var title = $"{attribute} {what} for {QualityWords.Count(value.Kind, value.Count)}{Where(value, names)}";
        var settings = district.Path($"apps/{app.Id}/settings");
        List<(string, string)> links =
        [
            (
                "Show these records",
                new IssueFilter(app.Id, Kind: value.Kind, Attribute: value.Attribute, Rule: value.Rule, Problem: value.Problem).Address(district)
            ),
        ];
        if (value.Rule == IssueRule.Required)
        {
            return new CauseWords(
                title,
                $"Not imported: {QualityWords.List(value.Skipped)}.",
                $"SIS staff: correct {attribute} of these {plural}, which can't stand without it.",
                links
            );
        }

        links.Add(("Data Requirements", $"{settings}/requirements?kind={Kinds.Of(value.Kind).Name}"));
        links.Add(("Attributes Mapping", $"{settings}/attributes?kind={Kinds.Of(value.Kind).Name}"));
        return new CauseWords(
            title,
            value.Rule == IssueRule.Skip ? $"Not imported: {QualityWords.List(value.Skipped)}." : "Imported all the same.",
            $"SIS staff: correct {attribute} of these {plural}. Or the district: {QualityWords.Name(value.Rule)} was chosen in Data Requirements.",
            links
        );
    }

    private static string NotMapped(NotMappedSchools? schools)
    {
        if (schools is null)
        {
            return "Schools of the source are not mapped";
        }

        var (count, names) = (schools.Count, string.Join(", ", schools.Names));
        return count == 1 ? $"{names} is not mapped"
            : count == schools.Names.Count ? $"{Wording.Number(count)} schools are not mapped: {names}"
            : $"{Wording.Number(count)} schools are not mapped: {names} and {Wording.Number(count - schools.Names.Count)} more";
    }

    /// <summary>At which schools: all of them when they are few, else those with most.</summary>
    private static string Where(RootCause.Value value, IssueNames names)
    {
        if (value.Schools.Count == 0)
        {
            return "";
        }

        if (value.Schools is [(var only, var all)] && all == value.Count)
        {
            return $" at {names.School(only)}";
        }

        var named = value.Schools.Take(SchoolsNamed).Select(school => $"{Wording.Number(school.Count)} at {names.School(school.School)}");
        var more = value.Schools.Count - SchoolsNamed;
        return $": {string.Join(", ", named)}{(more > 0 ? $", the rest at {Wording.Count(more, "other school", "other schools")}" : "")}";
    }

    /// <summary>The schools that are named in causes.</summary>
    internal static IEnumerable<RollbookId> Schools(IEnumerable<RootCause> causes) =>
        causes.OfType<RootCause.Value>().SelectMany(value => value.Schools.Take(SchoolsNamed)).Select(school => school.School);
}
