using System.Globalization;
using System.Text.Json.Nodes;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Quality;

namespace Rollbook.Host.Output;

/// <summary>Issues and their causes, for people and as JSON.</summary>
internal static class IssueOutput
{
    internal static string Line(KeptIssue kept)
    {
        var issue = kept.Issue;
        var lacks = issue.Target is { } target ? $"{FamilyWords.Of(target.Family)} {target.SisId}: {Word(target.Absence)}" : "";
        return string.Join(
            '\t',
            kept.App,
            Word(IssueTypes.Of(issue.Rule)),
            Kinds.Of(issue.Kind).Name,
            issue.SisId,
            issue.Attribute,
            Word(issue.Rule),
            Word(issue.Problem),
            lacks
        );
    }

    internal static JsonObject Of(KeptIssue kept)
    {
        var issue = kept.Issue;
        return new JsonObject
        {
            ["app"] = kept.App,
            ["type"] = Word(IssueTypes.Of(issue.Rule)),
            ["kind"] = Kinds.Of(issue.Kind).Name,
            ["id"] = issue.Record.ToString(),
            ["sisId"] = issue.SisId,
            ["attribute"] = issue.Attribute,
            ["rule"] = Word(issue.Rule),
            ["problem"] = Word(issue.Problem),
            ["school"] = issue.School?.ToString(),
            ["lacks"] = issue.Target is { } target ? Of(target) : null,
        };
    }

    internal static JsonObject Of(AcceptedRuns accepted, IReadOnlyList<RootCause> causes)
    {
        var (run, report) = (accepted.Run, accepted.Report);
        var total = QualityCounts.Sum(report.Quality.Values);
        return new JsonObject
        {
            ["app"] = run.App,
            ["run"] = run.Number.ToString(CultureInfo.InvariantCulture),
            ["score"] = report.Quality.Count == 0 ? null : total.Score,
            ["imported"] = total.Imported,
            ["error"] = total.Error,
            ["skipped"] = total.Skipped,
            ["leftOut"] = total.LeftOut,
            ["causes"] = new JsonArray([.. causes.Select(Of)]),
        };
    }

    internal static void Print(AcceptedRuns accepted, IReadOnlyList<RootCause> causes)
    {
        var (run, report) = (accepted.Run, accepted.Report);
        var total = QualityCounts.Sum(report.Quality.Values);
        var formula = string.Create(
            CultureInfo.InvariantCulture,
            $"{run.App}, run {run.Number}: score {total.Score} = ({total.Imported:N0} imported - {total.Error:N0} with an Error) / ({total.Imported:N0} imported + {total.Skipped:N0} Skipped); {total.LeftOut:N0} left out by the district"
        );
        Console.Out.WriteLine(report.Quality.Count == 0 ? $"{run.App}, run {run.Number}: the score is counted by the next import" : formula);
        foreach (var cause in causes)
        {
            var skipped = cause
                .Skipped.OrderBy(count => count.Key)
                .Select(count => FormattableString.Invariant($"{count.Value:N0} {Kinds.Of(count.Key).Plural.ToLowerInvariant()}"))
                .ToList();
            var cost =
                skipped.Count > 0 ? $"not imported: {string.Join(", ", skipped)}"
                : cause.Errors > 0 ? FormattableString.Invariant($"{cause.Errors:N0} with an Error")
                : "read all the same";
            Console.Out.WriteLine($"  {What(cause)}: {cost}");
        }
    }

    private static JsonNode Of(RootCause cause)
    {
        var node = new JsonObject { ["cause"] = Word(cause), ["chosen"] = cause.IsChosen };
        switch (cause)
        {
            case RootCause.Missing missing:
                node["lacks"] = Of(missing.Target);
                break;
            case RootCause.Value value:
                node["kind"] = Kinds.Of(value.Kind).Name;
                node["attribute"] = value.Attribute;
                node["rule"] = Word(value.Rule);
                node["problem"] = Word(value.Problem);
                node["count"] = value.Count;
                node["schools"] = new JsonArray([
                    .. value.Schools.Select(school => new JsonObject { ["school"] = school.School.ToString(), ["count"] = school.Count }),
                ]);
                break;
            case RootCause.File file:
                node["file"] = file.Finding.File;
                node["fileRule"] = file.Finding.Rule;
                node["count"] = file.Finding.Count;
                break;
        }

        node["errors"] = cause.Errors;
        node["skipped"] = JsonOutput.Counts(cause.Skipped);
        return node;
    }

    private static JsonObject Of(MissingTarget target) =>
        new()
        {
            ["kind"] = FamilyWords.Of(target.Family),
            ["id"] = target.Id.ToString(),
            ["sisId"] = target.SisId,
            ["why"] = Word(target.Absence),
        };

    private static string What(RootCause cause) =>
        cause switch
        {
            RootCause.Missing missing => $"{FamilyWords.Of(missing.Target.Family)} {missing.Target.SisId} is not in the source",
            RootCause.Value value => $"{Kinds.Of(value.Kind).Name} {value.Attribute}: {Word(value.Problem)} ({Word(value.Rule)})",
            RootCause.File file => FormattableString.Invariant($"{file.Finding.File}: {file.Finding.Rule}, {file.Finding.Count:N0} times"),
            RootCause.NotMapped => "schools that are not mapped",
            _ => "what can't stand without records that Filter Rules leave out",
        };

    private static string Word(RootCause cause) =>
        cause switch
        {
            RootCause.Missing => "missing",
            RootCause.Value => "value",
            RootCause.NotMapped => "notMapped",
            RootCause.Filtered => "filtered",
            _ => "file",
        };

    private static string Word<TWord>(TWord word)
        where TWord : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(word.ToString());
}
