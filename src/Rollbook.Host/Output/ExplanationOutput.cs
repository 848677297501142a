using System.Text.Json.Nodes;
using Rollbook.Model;
using Rollbook.Sync.Lineage;
using Spectre.Console;

namespace Rollbook.Host.Output;

/// <summary>Where a record's values come from, for a person and as JSON.</summary>
internal static class ExplanationOutput
{
    internal static void Print(Explanation explanation)
    {
        AnsiConsole.WriteLine(
            explanation.Record is { } record
                ? $"{explanation.Kind} {record.Row.SisId}, Rollbook ID {explanation.Id}, with these values since version {record.Since}."
                : $"{explanation.Kind} with the Rollbook ID {explanation.Id}: not in the roster."
        );
        foreach (var note in explanation.Notes)
        {
            AnsiConsole.WriteLine(note);
        }

        foreach (var source in explanation.Sources)
        {
            AnsiConsole.WriteLine();
            AnsiConsole.WriteLine($"{source.Name}{(source.SisId is { } id ? $", SIS ID {id}" : "")}{Brought(source)}");
            foreach (var sentence in source.Story.Concat(source.FilterStory))
            {
                AnsiConsole.WriteLine("  " + sentence);
            }
        }

        PrintValues(explanation);
        foreach (var source in explanation.Sources.Where(source => source.Raw is not null))
        {
            AnsiConsole.WriteLine();
            AnsiConsole.WriteLine($"{source.Name} says:");
            AnsiConsole.WriteLine(source.Raw!);
            if (source.RawDemographics is { } demographics)
            {
                AnsiConsole.WriteLine("and of its demographics:");
                AnsiConsole.WriteLine(demographics);
            }
        }
    }

    internal static JsonObject Json(Explanation explanation) =>
        new()
        {
            ["id"] = explanation.Id.ToString(),
            ["kind"] = Kinds.Of(explanation.Kind).Name,
            ["inRoster"] = explanation.Record is not null,
            ["since"] = explanation.Record?.Since,
            ["notes"] = Texts(explanation.Notes),
            ["sources"] = new JsonArray([.. explanation.Sources.Select(Of)]),
            ["attributes"] = new JsonArray([.. explanation.Attributes.Select(account => Of(account, explanation))]),
        };

    private static void PrintValues(Explanation explanation)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var head in new[] { "attribute", "value", "from", "fed by", "why" })
        {
            table.AddColumn(head);
        }

        foreach (var account in explanation.Attributes.Where(account => account.Value is not null))
        {
            var winners = account.Winners.Select(position => explanation.Sources[position]).ToList();
            table.AddRow(
                Markup.Escape(account.Attribute.Name),
                Markup.Escape(Text(account.Value)),
                Markup.Escape(string.Join(", ", winners.Select(source => source.Name))),
                Markup.Escape(string.Join("; ", winners.Select(source => Feed(source, account.Attribute)).Distinct(StringComparer.Ordinal))),
                Markup.Escape(account.Why)
            );
        }

        if (table.Rows.Count > 0)
        {
            AnsiConsole.Write(table);
        }
    }

    private static string Brought(SourceAccount source) =>
        source.Run is { } run
            ? $", brought last by run {run.Number}{(source.IsRunCertain ? "" : " or one before it")} ({run.StartedBy}, {JsonOutput.Text(run.StartedAt)})"
            : "";

    private static string Feed(SourceAccount source, Model.Attribute attribute) => source.Feeds.GetValueOrDefault(attribute.Name, "");

    private static string Text(object? value) =>
        JsonOutput.Node(value) is { } node
            ? node switch
            {
                JsonArray items => string.Join(", ", items),
                JsonObject members => string.Join("; ", members.Select(member => $"{member.Key}={member.Value}")),
                _ => node.ToString(),
            }
            : "";

    private static JsonObject Of(SourceAccount source) =>
        new()
        {
            ["app"] = source.App,
            ["key"] = source.Key.ToString(),
            ["sisId"] = source.SisId,
            ["counts"] = source.Counts,
            ["state"] = source.State?.ToString().ToLowerInvariant(),
            ["story"] = Texts(source.Story.Concat(source.FilterStory)),
            ["run"] = source.Run is { } run ? FormattableString.Invariant($"{run.Number}") : null,
            ["runIsCertain"] = source.Run is null ? null : source.IsRunCertain,
            ["raw"] = source.Raw is { } raw ? JsonNode.Parse(raw) : null,
            ["rawDemographics"] = source.RawDemographics is { } demographics ? JsonNode.Parse(demographics) : null,
        };

    private static JsonObject Of(AttributeAccount account, Explanation explanation) =>
        new()
        {
            ["attribute"] = account.Attribute.Name,
            ["value"] = JsonOutput.Node(account.Value),
            ["winners"] = Texts(account.Winners.Select(position => explanation.Sources[position].App)),
            ["rule"] = System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(account.Rule.ToString()),
            ["why"] = account.Why,
            ["said"] = new JsonArray([
                .. explanation
                    .Sources.Where(source => source is { Counts: true, Row: not null })
                    .Select(source =>
                        (JsonNode)
                            new JsonObject
                            {
                                ["app"] = source.App,
                                ["value"] = JsonOutput.Node(source.Row!.Value[account.Attribute]),
                                ["fedBy"] = source.Feeds.GetValueOrDefault(account.Attribute.Name),
                            }
                    ),
            ]),
        };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
