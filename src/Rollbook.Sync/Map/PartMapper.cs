using System.Text;
using Rollbook.Model;

namespace Rollbook.Sync.Map;

/// <summary>Makes the canonical values of a demographics record, in the order of <see cref="SourceFields.DemographicFields"/>: about fifty bytes, and behind them which are not valid, where any is not.</summary>
internal sealed class PartMapper
{
    private readonly SourceFields fields = new(Collection.Demographics);
    private readonly RowWriter row = new();
    private readonly (int Slot, AttributeType Type)[] steps;
    private readonly int birthdate;
    private readonly TimeZoneInfo zone;

    /// <summary>Makes one.</summary>
    /// <param name="zone">The zone in which a moment becomes a date.</param>
    internal PartMapper(TimeZoneInfo zone)
    {
        this.zone = zone;
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

        var invalid = 0;
        for (var i = 0; i < steps.Length; i++)
        {
            var value = fields[steps[i].Slot];
            var isValid = true;
            switch (steps[i].Type)
            {
                case AttributeType.Date:
                    // OneRoster spells it birthDate; some servers write birthdate.
                    isValid = (value.IsMissing ? fields[birthdate] : value).WriteDate(row, zone);
                    break;
                case AttributeType.Boolean:
                    isValid = value.WriteBoolean(row);
                    break;
                default:
                    value.WriteText(row);
                    break;
            }

            invalid |= isValid ? 0 : 1 << i;
        }

        if (invalid != 0)
        {
            row.Value(BitConverter.GetBytes(invalid));
        }

        return row.Written.ToArray();
    }

    /// <summary>A bit for each of the values that the source has and that is not valid.</summary>
    internal static int Invalid(ReadOnlySpan<byte> part)
    {
        if (part.IsEmpty)
        {
            return 0;
        }

        var reader = new RowReader(part);
        for (var i = 0; i < SourceFields.DemographicFields.Length; i++)
        {
            reader.Next(out _);
        }

        return reader.IsAtEnd ? 0 : BitConverter.ToInt32(reader.Next(out _));
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

    /// <summary>One of the values as text; null when missing.</summary>
    internal static string? Text(ReadOnlySpan<byte> part, int position)
    {
        var bytes = Get(part, position);
        var isFlag = Kinds.Of(Kind.Student)[SourceFields.DemographicFields[position]].Type == AttributeType.Boolean;
        return bytes.IsEmpty ? null
            : !isFlag ? Encoding.UTF8.GetString(bytes)
            : bytes[0] != 0 ? "true"
            : "false";
    }
}
