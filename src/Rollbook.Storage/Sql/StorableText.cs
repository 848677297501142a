using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>What no column can hold. The Sync room strips control characters; this is the last line behind it, the same for both databases.</summary>
internal static class StorableText
{
    /// <summary>The bytes of a text, a date or metadata, or of a list of texts, which are refused when they have a zero in them.</summary>
    /// <exception cref="RefusedValueException">There is a zero.</exception>
    public static ReadOnlySpan<byte> Checked(Model.Attribute attribute, ReadOnlySpan<byte> value)
    {
        if (
            value.Contains((byte)0)
            && (attribute.Type != AttributeType.TextList || RowReader.Texts(value).Any(text => text.Contains('\0', StringComparison.Ordinal)))
        )
        {
            throw new RefusedValueException(
                $"A value of '{attribute.Name}' contains the character U+0000, which a database can't store. Nothing was published."
            );
        }

        return value;
    }
}
