using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Rollbook.Simulator.Faults;

/// <summary>Holds the switches, counts what they have spoilt, and reads the per-request header.</summary>
internal sealed class FaultBoard(FaultSwitches initial, TimeProvider time)
{
    public const string Header = "X-Simulator-Fault";

    private readonly Lock gate = new();
    private FaultSwitches current = initial;
    private int skipped;
    private int spoilt;
    private long minute;
    private int inMinute;

    public static JsonSerializerOptions Json { get; } =
        new(JsonSerializerDefaults.Web)
        {
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            NumberHandling = JsonNumberHandling.AllowReadingFromString,
            WriteIndented = true,
        };

    /// <summary>Setting the switches starts their counting anew.</summary>
    public FaultSwitches Current
    {
        get => current;
        set
        {
            lock (gate)
            {
                (current, skipped, spoilt, inMinute) = (value.Validated(), 0, 0, 0);
            }
        }
    }

    /// <summary>The switches with some properties replaced; a <see cref="JsonException"/> or <see cref="ArgumentException"/> names what can't be read.</summary>
    public static FaultSwitches Patch(FaultSwitches switches, JsonObject changes)
    {
        var all = JsonSerializer.SerializeToNode(switches, Json)!.AsObject();
        foreach (var (name, value) in changes)
        {
            all[JsonNamingPolicy.CamelCase.ConvertName(name)] = value?.DeepClone();
        }

        return all.Deserialize<FaultSwitches>(Json)!.Validated();
    }

    /// <summary>The switches for one request, and whether its answer is to be spoilt as a whole.</summary>
    public (FaultSwitches Switches, Breakage Breakage) For(HttpRequest request, string path)
    {
        if (request.Headers.TryGetValue(Header, out var header))
        {
            var own = Patch(current, ParseHeader(header.ToString()));
            return (own, own.Breakage);
        }

        lock (gate)
        {
            return (current, TakeRate() ? TakeBreakage(path) : Breakage.TooManyRequests);
        }
    }

    private static JsonObject ParseHeader(string header)
    {
        var changes = new JsonObject();
        foreach (var part in header.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = equals < 0 ? (part, "true") : (part[..equals].Trim(), part[(equals + 1)..].Trim());
            changes[name] =
                value is "true" or "false" || value.StartsWith('{') || value.StartsWith('[') ? JsonNode.Parse(value) : JsonValue.Create(value);
        }

        return changes;
    }

    private bool TakeRate()
    {
        if (current.RequestsPerMinute is not { } allowed)
        {
            return true;
        }

        var now = time.GetUtcNow().ToUnixTimeSeconds() / 60;
        inMinute = now == minute ? inMinute + 1 : 1;
        minute = now;
        return inMinute <= allowed;
    }

    private Breakage TakeBreakage(string path)
    {
        var meant = current.Breakage != Breakage.None && (current.Only is not { } only || path.StartsWith(only, StringComparison.OrdinalIgnoreCase));
        if (!meant || skipped++ < current.SkipPages || spoilt >= (current.Times ?? int.MaxValue))
        {
            return Breakage.None;
        }

        spoilt++;
        return current.Breakage;
    }
}
