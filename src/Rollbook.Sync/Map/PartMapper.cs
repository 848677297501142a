using Rollbook.Model;

namespace Rollbook.Sync.Map;

/// <summary>Makes the canonical values of a demographics record, in the order of <see cref="SourceFields.DemographicFields"/>: about fifty bytes.</summary>
internal sealed class PartMapper
{
    private readonly SourceFields fields = new(Collection.Demographics);
    private readonly RowWriter row = new();
    private readonly (int Slot, AttributeType Type)[] steps;
    private readonly int birthdate;

    internal PartMapper()
    {
        var student = Kinds.Of(Kind.Student);
        steps = [.. SourceFields.DemographicFields.Select(name => (fields.Slot(name), student[name].Type))];
        birthdate = fields.Slot("birthdate");
    }

    internal byte[] Map(ReadOnlyMemory<byte> json)
    {
        row.Clear();
        if (!fields.Read(json))
        {
            return [];
        }

        for (var i = 0; i < steps.Length; i++)
        {
            var value = fields[steps[i].Slot];
            switch (steps[i].Type)
            {
                case AttributeType.Date:
                    // OneRoster spells it birthDate; some servers write birthdate.
                    (value.IsMissing ? fields[birthdate] : value).WriteDate(row);
                    break;
                case AttributeType.Boolean:
                    value.WriteBoolean(row);
                    break;
                default:
                    value.WriteText(row);
                    break;
            }
        }

        return row.Written.ToArray();
    }

    /// <summary>The bytes of one of the values; empty when missing.</summary>
    internal static ReadOnlySpan<byte> Get(ReadOnlySpan<byte> part, int position)
    {
        if (part.IsEmpty)
        {
            return default;
        }

        var reader = new RowReader(part);
        for (var i = 0; i < position; i++)
        {
            reader.Next(out _);
        }

        return reader.Next(out _);
    }
}
