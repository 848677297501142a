using System.Globalization;
using System.Text.Json;
using Fluid.Values;
using Rollbook.Model;

namespace Rollbook.Sync.Map.Templates;

/// <summary>
/// The attributes of a raw record as a template sees them: texts trimmed as everywhere, numbers, true and false, lists, and what is nested by its names.
/// What is missing or blank is nil. <c>userIds.stateID</c> finds the identifier of that type, <c>demographics.sex</c> what the demographics say.
/// </summary>
internal static class SourceModel
{
    internal static FluidValue? Of(Value value, string name) =>
        name is "userIds" ? new DictionaryValue(new Identifiers(value))
        : value.IsMissing ? null
        : value.Type is JsonTokenType.StartObject or JsonTokenType.StartArray ? Nested(value)
        : Scalar(value.Type, value.Text());

    /// <summary>The mapped demographics of the record, which is empty when it has none.</summary>
    internal static FluidValue OfDemographics(ReadOnlySpan<byte> part)
    {
        var values = new Dictionary<string, FluidValue>(StringComparer.Ordinal);
        foreach (var (position, name) in SourceFields.DemographicFields.Index())
        {
            if (PartMapper.Text(part, position) is { } text)
            {
                var isFlag = Kinds.Of(Kind.Student)[name].Type == AttributeType.Boolean;
                values[name] = isFlag ? BooleanValue.Create(text is "true") : StringValue.Create(text);
            }
        }

        return new DictionaryValue(new FluidValueDictionaryFluidIndexable(values));
    }

    private static FluidValue Nested(Value value)
    {
        using var document = JsonDocument.Parse(value.Raw.ToArray());
        return Of(document.RootElement);
    }

    private static FluidValue Of(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new Dictionary<string, FluidValue>(StringComparer.Ordinal);
                foreach (var member in element.EnumerateObject())
                {
                    if (Value.NameOf(member) is { } name)
                    {
                        members[name] = Of(member.Value);
                    }
                }

                return new DictionaryValue(new FluidValueDictionaryFluidIndexable(members));
            case JsonValueKind.Array:
                return new ArrayValue([.. element.EnumerateArray().Select(Of)]);
            case JsonValueKind.Number:
                return Scalar(JsonTokenType.Number, element.GetRawText());
            case JsonValueKind.True or JsonValueKind.False:
                return BooleanValue.Create(element.ValueKind == JsonValueKind.True);
            case JsonValueKind.String:
                return Scalar(JsonTokenType.String, Value.Clean(Value.TextOf(element)));
            default:
                return NilValue.Instance;
        }
    }

    private static FluidValue Scalar(JsonTokenType type, string? text) =>
        type switch
        {
            _ when text is null => NilValue.Instance,
            JsonTokenType.True or JsonTokenType.False => BooleanValue.Create(type == JsonTokenType.True),
            JsonTokenType.Number when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => NumberValue.Create(
                number
            ),
            _ => StringValue.Create(text),
        };

    /// <summary>A list of <c>{type, identifier}</c> by type, compared without case and punctuation.</summary>
    private sealed class Identifiers : IFluidIndexable
    {
        private readonly Dictionary<string, FluidValue> byType = new(StringComparer.Ordinal);

        internal Identifiers(Value value)
        {
            foreach (var (type, identifier) in value.Identifiers())
            {
                byType.TryAdd(Value.Letters(type), StringValue.Create(identifier));
            }
        }

        public int Count => byType.Count;

        public IEnumerable<string> Keys => byType.Keys;

        public bool TryGetValue(string name, out FluidValue value) => byType.TryGetValue(Value.Letters(name), out value!);
    }
}
