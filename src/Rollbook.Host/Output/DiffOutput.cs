using System.Globalization;
using System.Text.Json.Nodes;
using Rollbook.Model;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Sync.WhatIf;
using Spectre.Console;

namespace Rollbook.Host.Output;

/// <summary>A diff for a person and for a script. The person is shown no record: those are in the document for scripts.</summary>
internal static class DiffOutput
{
    private const int MostText = 120;
    private const int MostSchools = 20;

    internal static void Print(ConfigurationDiff diff)
    {
        if (!diff.Any)
        {
            Write($"District {diff.District}: nothing would change.");
            return;
        }

        Write(diff.IsNew ? $"District {diff.District} would be new." : $"District {diff.District} would change.");
        Write("");
        Write("Configuration");
        foreach (var change in diff.Configuration)
        {
            Print(change);
        }

        if (diff.Roster.Count > 0)
        {
            Write("");
            Write("Roster");
        }

        foreach (var app in diff.Roster)
        {
            Print(app);
        }
    }

    internal static JsonObject Json(ConfigurationDiff diff) =>
        new()
        {
            ["district"] = diff.District,
            ["new"] = diff.IsNew,
            ["changed"] = diff.Any,
            ["configuration"] = new JsonArray([
                .. diff.Configuration.Select(change => new JsonObject
                {
                    ["path"] = change.Path,
                    ["old"] = change.Old is { } old ? JsonNode.Parse(old) : null,
                    ["new"] = change.New is { } now ? JsonNode.Parse(now) : null,
                }),
            ]),
            ["roster"] = new JsonArray([.. diff.Roster.Select(Json)]),
        };

    internal static JsonNode Json(RosterDiff app) =>
        app switch
        {
            RosterDiff.Derived { Report: var report } => new JsonObject
            {
                ["app"] = app.App,
                ["basis"] = report.Basis == WhatIfBasis.KeptUpload ? "keptUpload" : "source",
                ["reason"] = null,
                ["read"] = JsonOutput.Counts(report.Read),
                ["skipped"] = JsonOutput.Counts(report.Skipped),
                ["changes"] = JsonOutput.Of(report.Changes),
                ["schools"] = new JsonArray([
                    .. report.Schools.Select(school => new JsonObject
                    {
                        ["id"] = school.Id,
                        ["name"] = school.Name,
                        ["changes"] = JsonOutput.Of(school.Changes),
                    }),
                ]),
                ["samples"] = new JsonArray([
                    .. report.Samples.Select(sample => new JsonObject
                    {
                        ["operation"] = sample.Operation.ToString().ToLowerInvariant(),
                        ["kind"] = Kinds.Of(sample.Kind).Name,
                        ["id"] = sample.Id,
                        ["sisId"] = sample.SisId,
                        ["name"] = sample.Name,
                    }),
                ]),
                ["waitsAs"] = report.WaitsAs?.ToString().ToLowerInvariant(),
                ["holds"] = new JsonArray([.. report.Holds.Select(JsonOutput.Of)]),
                ["limitChanges"] = new JsonArray([.. report.LimitChanges.Select(change => (JsonNode)change)]),
                ["notices"] = new JsonArray([.. report.Notices.Select(notice => (JsonNode)notice)]),
                ["seconds"] = report.Seconds,
            },
            RosterDiff.Untold untold => new JsonObject
            {
                ["app"] = app.App,
                ["basis"] = null,
                ["reason"] = untold.Reason,
            },
            _ => throw new InvalidOperationException("Unknown result."),
        };

    private static void Print(ConfigurationChange change)
    {
        if (change.App is not { } app)
        {
            Write($"  {change.Path}: {Shown(change.OldText)} -> {Shown(change.NewText)}");
            return;
        }

        Write(change.New is null ? $"  - the app {app} is taken out" : $"  + the app {app} is added");
        foreach (var part in change.Parts.Where(_ => change.New is not null))
        {
            Write($"      {part.Path}: {Shown(part.NewText)}");
        }
    }

    internal static void Print(RosterDiff app)
    {
        if (app is not RosterDiff.Derived { Report: var report })
        {
            Write($"  {app.App}: {((RosterDiff.Untold)app).Reason}");
            return;
        }

        var from = report.Basis == WhatIfBasis.KeptUpload ? "what the source said at its last import" : "its source, read now";
        var took = string.Create(CultureInfo.InvariantCulture, $"{report.Seconds:N1} s");
        if (!report.Any)
        {
            Write($"  {app.App}: nothing would change, from {from} ({took}).");
            PrintWaiting(report);
            PrintNotices(report);
            return;
        }

        Write($"  {app.App}, from {from} ({took}):");
        AnsiConsole.Write(Table(report));
        foreach (var school in report.Schools.Take(MostSchools))
        {
            Write($"    {school.Name}: {string.Join(", ", school.Changes.OrderBy(kind => kind.Key).Select(Shown))}");
        }

        if (report.Schools.Count > MostSchools)
        {
            Write(string.Create(CultureInfo.InvariantCulture, $"    and {report.Schools.Count - MostSchools:N0} more schools; --json has them all"));
        }

        PrintWaiting(report);
        PrintNotices(report);
    }

    private static void PrintWaiting(WhatIfReport report)
    {
        foreach (var change in report.LimitChanges)
        {
            Write("    " + change);
        }

        if (report.WaitsAs == RunState.Waiting)
        {
            Write($"    {Subject(report)} would wait for a person: Preview of data upload is on.");
        }
        else if (report.WaitsAs is not null)
        {
            Write($"    {Subject(report)} would be held until a person decides:");
            foreach (var hold in report.Holds)
            {
                Write("      " + hold.Message);
            }
        }
    }

    private static string Subject(WhatIfReport report) => report.Basis == WhatIfBasis.Source ? "This import" : "The next import";

    private static void PrintNotices(WhatIfReport report)
    {
        foreach (var notice in report.Notices)
        {
            Write("    " + notice);
        }
    }

    private static Table Table(WhatIfReport report)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn("kind");
        foreach (var head in new[] { "created", "updated", "deleted", "of these by consequence", "unchanged", "skipped" })
        {
            table.AddColumn(new TableColumn(head).RightAligned());
        }

        foreach (var kind in Kinds.All)
        {
            var counts = report.Changes.GetValueOrDefault(kind.Kind) ?? new ChangeCounts();
            table.AddRow(
                kind.Name,
                Number(counts.Create),
                Number(counts.Update),
                Number(counts.Delete),
                Number(counts.Consequences),
                Number(counts.Unchanged),
                Number(report.Skipped.GetValueOrDefault(kind.Kind))
            );
        }

        return table;
    }

    private static string Shown(KeyValuePair<Kind, ChangeCounts> kind)
    {
        var (name, counts) = (Kinds.Of(kind.Key).Plural.ToLowerInvariant(), kind.Value);
        List<string> parts = [];
        foreach (var (count, sign) in new[] { (counts.Create, "+"), (counts.Update, "~"), (counts.Delete, "-") })
        {
            if (count > 0)
            {
                parts.Add(sign + Number(count));
            }
        }

        return $"{name} {string.Join(' ', parts)}";
    }

    private static string Shown(string? text) =>
        text switch
        {
            null => "(nothing)",
            "" => "\"\"",
            { Length: > MostText } => text[..MostText].ReplaceLineEndings(" ") + "…",
            _ => text.ReplaceLineEndings(" "),
        };

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static void Write(string line) => Console.Out.WriteLine(line);
}
