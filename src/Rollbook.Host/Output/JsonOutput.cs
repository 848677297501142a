using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Runs;

namespace Rollbook.Host.Output;

/// <summary>The JSON documents of the command line (command-line.md section 1), to the letter.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static void Document(JsonNode node) => Console.Out.WriteLine(node.ToJsonString(Indented));

    internal static void Line(JsonNode node) => Console.Out.WriteLine(node.ToJsonString(OneLine));

    internal static JsonObject Of(RunRecord run)
    {
        var report = RunReport.FromJson(run.Report);
        return new JsonObject
        {
            ["run"] = FormattableString.Invariant($"{run.Number}"),
            ["app"] = AppOf(run.App),
            ["purpose"] = report.Purpose.ToString().ToLowerInvariant(),
            ["state"] = run.State,
            ["version"] = run.Version,
            ["startedAt"] = Text(run.StartedAt),
            ["endedAt"] = run.EndedAt is { } ended ? Text(ended) : null,
            ["read"] = Counts(report.Read),
            ["skipped"] = Counts(report.Skipped),
            ["filtered"] = Counts(report.Filtered),
            ["reported"] = Counts(report.Reported),
            ["score"] = report.Quality.Count == 0 ? null : Sync.Quality.QualityCounts.Sum(report.Quality.Values).Score,
            ["changes"] = Of(report.Changes),
            ["holds"] = new JsonArray([.. report.Holds.Select(Of)]),
            ["failure"] = report.Failure is { } failure
                ? new JsonObject
                {
                    ["part"] = failure.Part,
                    ["message"] = failure.Message,
                    ["retry"] = failure.Retry,
                }
                : null,
            ["leftOut"] = Of(report.LeftOut),
            ["changeHash"] = report.ChangeHash,
            ["rollback"] = report.Rollback is { } rollback ? new JsonObject { ["version"] = rollback.Version, ["reason"] = rollback.Reason } : null,
            ["decision"] = report.Decision is { } decision
                ? new JsonObject
                {
                    ["accepted"] = decision.IsAccepted,
                    ["by"] = decision.By,
                    ["at"] = Text(decision.At),
                    ["reason"] = decision.Reason,
                }
                : null,
            ["findings"] = new JsonArray([.. report.Findings.Select(Of)]),
            ["notices"] = new JsonArray([.. report.Notices.Select(notice => (JsonNode)notice)]),
            ["trigger"] = run.Trigger,
            ["startedBy"] = run.StartedBy,
            ["configurationVersion"] = run.ConfigurationVersion,
        };
    }

    internal static JsonObject Of(RosterVersion version) =>
        new()
        {
            ["version"] = version.Number,
            ["run"] = FormattableString.Invariant($"{version.Run}"),
            ["app"] = AppOf(version.App),
            ["publishedAt"] = Text(version.PublishedAt),
            ["publishedBy"] = version.PublishedBy,
            ["configurationVersion"] = version.ConfigurationVersion,
            ["reason"] = version.Reason,
            ["restored"] = version.Restored,
            ["purged"] = version.IsPurged,
            ["changes"] = Of(version.Changes),
            ["totals"] = Counts(version.Totals),
        };

    /// <summary>The app; null for what is no app's.</summary>
    private static string? AppOf(string app) => app.Length == 0 ? null : app;

    internal static JsonObject Of(PublishedChange change) =>
        new()
        {
            ["operation"] = change.Operation.ToString().ToLowerInvariant(),
            ["kind"] = Kinds.Of(change.Kind).Name,
            ["id"] = change.Id.ToString(),
            ["sisId"] = (change.New ?? change.Old)?.SisId,
            ["old"] = change.Old is { } old ? Attributes(old) : null,
            ["new"] = change.New is { } now ? Attributes(now) : null,
        };

    internal static JsonObject Of(RosterRecord record)
    {
        var line = new JsonObject { ["id"] = record.Id.ToString() };
        foreach (var (name, value) in Attributes(record.Row).ToList())
        {
            line[name] = value?.DeepClone();
        }

        return line;
    }

    private static JsonObject Attributes(Row row)
    {
        var values = new JsonObject();
        foreach (var attribute in Kinds.Of(row.Kind).Attributes)
        {
            var value = row[attribute];
            if (attribute.Type == AttributeType.Metadata)
            {
                foreach (var (name, text) in (SortedDictionary<string, string>?)value ?? [])
                {
                    values["metadata." + name] = text;
                }
            }
            else
            {
                values[attribute.Name] = Node(value);
            }
        }

        return values;
    }

    internal static JsonNode? Node(object? value) =>
        value switch
        {
            null => null,
            bool flag => flag,
            DateOnly date => date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            string text => text,
            IEnumerable<string> texts => new JsonArray([.. texts.Select(text => (JsonNode)text)]),
            SortedDictionary<string, string> metadata => new JsonObject(
                metadata.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value))
            ),
            IEnumerable<RollbookId> ids => new JsonArray([.. ids.Select(id => (JsonNode)id.ToString())]),
            _ => value.ToString(),
        };

    internal static JsonObject Counts(IReadOnlyDictionary<Kind, long> counts)
    {
        var node = new JsonObject();
        foreach (var definition in Kinds.All)
        {
            if (counts.TryGetValue(definition.Kind, out var count))
            {
                node[definition.Name] = count;
            }
        }

        return node;
    }

    internal static JsonObject Of(IReadOnlyDictionary<Kind, ChangeCounts> changes)
    {
        var node = new JsonObject();
        foreach (var definition in Kinds.All)
        {
            if (changes.TryGetValue(definition.Kind, out var count))
            {
                node[definition.Name] = new JsonObject
                {
                    ["create"] = count.Create,
                    ["update"] = count.Update,
                    ["delete"] = count.Delete,
                    ["rekey"] = count.Rekey,
                    ["unchanged"] = count.Unchanged,
                    ["consequences"] = count.Consequences,
                };
            }
        }

        return node;
    }

    internal static JsonNode Of(RunHold hold) =>
        new JsonObject
        {
            ["limit"] = hold.Limit,
            ["kind"] = Kinds.Of(hold.Kind).Name,
            ["scope"] = hold.Scope,
            ["school"] = hold.School,
            ["count"] = hold.Count,
            ["base"] = hold.Base,
            ["percent"] = hold.Percent,
            ["message"] = hold.Message,
        };

    private static JsonNode Of(FileFinding finding) =>
        new JsonObject
        {
            ["rule"] = finding.Rule,
            ["file"] = finding.File,
            ["count"] = finding.Count,
            ["examples"] = new JsonArray([
                .. finding.Examples.Select(example => new JsonObject
                {
                    ["line"] = example.Line,
                    ["column"] = example.Column,
                    ["value"] = example.Value,
                }),
            ]),
        };

    internal static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
}
