using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Rollbook.Simulator.Faults;
using Rollbook.Simulator.Tokens;

namespace Rollbook.Simulator.Control;

/// <summary>
/// The simulator's own API for tests in other processes, from this machine only: <c>truth</c>, <c>truth/{collection}</c>,
/// <c>truth/{collection}/records</c>, <c>scenarios</c>, <c>scenarios/{name}</c> (POST), <c>faults</c> (GET, PUT, PATCH, DELETE),
/// <c>log</c> (GET, DELETE), <c>tokens</c> (DELETE revokes all).
/// </summary>
internal sealed class ControlApi(SimulatedSynergy simulator, TokenStore tokens)
{
    public async Task HandleAsync(HttpContext context, string path)
    {
        if (context.Connection.RemoteIpAddress is { } caller && !IPAddress.IsLoopback(caller))
        {
            await AnswerAsync(context, 403, Problem("The control API answers callers on this machine only."));
            return;
        }

        try
        {
            var body = await ReadAsync(context.Request);
            var (status, answer) = Answer(context.Request.Method, path.Trim('/').Split('/'), body);
            await AnswerAsync(context, status, answer);
        }
        catch (Exception problem) when (problem is ArgumentException or InvalidOperationException or JsonException)
        {
            await AnswerAsync(context, 400, Problem(problem.Message));
        }
    }

    private (int Status, object Answer) Answer(string method, string[] path, JsonObject body) =>
        (method, path) switch
        {
            ("GET", ["truth"]) => (200, simulator.GetTruth()),
            ("GET", ["truth", var name]) when Kinds.TryParse(name, out var kind) => (200, simulator.GetTruth().Ids(kind)),
            ("GET", ["truth", var name, "records"]) when Kinds.TryParse(name, out var kind) => (200, Records(kind)),
            ("GET", ["scenarios"]) => (200, ScenarioCalls.All.ToDictionary(call => call.Name, call => call.Arguments, StringComparer.Ordinal)),
            ("POST", ["scenarios", var name]) when ScenarioCalls.Find(name) is { } call => (200, call.Run(simulator.Scenarios, body)),
            ("GET", ["faults"]) => (200, simulator.Faults),
            ("PUT", ["faults"]) => (200, simulator.Faults = FaultBoard.Patch(FaultSwitches.For(simulator.Options.Profile), body)),
            ("PATCH", ["faults"]) => (200, simulator.Faults = FaultBoard.Patch(simulator.Faults, body)),
            ("DELETE", ["faults"]) => (200, simulator.Faults = FaultSwitches.For(simulator.Options.Profile)),
            ("GET", ["log"]) => (200, simulator.Log),
            ("DELETE", ["log"]) => Done(simulator.Log.Clear),
            ("DELETE", ["tokens"]) => Done(tokens.RevokeAll),
            _ => (404, Problem("The control API has no such call.")),
        };

    private JsonObject Records(Kind kind)
    {
        var records = new JsonObject();
        foreach (var (id, json) in simulator.GetTruth().Records(kind))
        {
            records[id] = JsonNode.Parse(json);
        }

        return records;
    }

    private static (int Status, object Answer) Done(Action act)
    {
        act();
        return (200, new JsonObject { ["done"] = true });
    }

    private static JsonObject Problem(string message) => new() { ["problem"] = message };

    private static async Task<JsonObject> ReadAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var text = await reader.ReadToEndAsync();
        return string.IsNullOrWhiteSpace(text)
            ? []
            : JsonNode.Parse(text) as JsonObject ?? throw new JsonException("The body must be a JSON object.");
    }

    private static async Task AnswerAsync(HttpContext context, int status, object answer)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json;charset=UTF-8";
        await JsonSerializer.SerializeAsync(context.Response.Body, answer, answer.GetType(), FaultBoard.Json, context.RequestAborted);
    }
}
