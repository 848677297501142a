using System.Buffers.Text;
using System.Text;
using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>Where a page begins: after (or before) the record of this ID, whose sort attribute has this value.</summary>
/// <param name="Sort">The attribute that the page is sorted by.</param>
/// <param name="Id">The record.</param>
/// <param name="Key">Its value as text, as it is compared; null when it has none.</param>
internal sealed record PageCursor(string Sort, RollbookId Id, string? Key)
{
    /// <summary>The cursor of a record.</summary>
    public static PageCursor Of(RosterRecord record, Model.Attribute sort) => new(sort.Name, record.Id, SortKey.TextOf(record.Row[sort]));

    /// <summary>Opaque text that is safe in an address.</summary>
    public override string ToString()
    {
        var sort = Encoding.UTF8.GetBytes(Sort);
        var key = Encoding.UTF8.GetBytes(Key ?? "");
        return Base64Url.EncodeToString([Key is null ? (byte)0 : (byte)1, .. Id.ToByteArray(), (byte)sort.Length, .. sort, .. key]);
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="RefusedValueException">It is not that, or belongs to a list sorted otherwise.</exception>
    public static PageCursor Parse(string text, Model.Attribute sort)
    {
        var cursor = TryParse(text) ?? throw new RefusedValueException("The page's cursor is damaged. Start again from the first page.");
        return string.Equals(cursor.Sort, sort.Name, StringComparison.Ordinal)
            ? cursor
            : throw new RefusedValueException(
                $"The page's cursor belongs to a list that is not sorted by '{sort.Name}'. Start again from the first page."
            );
    }

    private static PageCursor? TryParse(string text)
    {
        try
        {
            var bytes = Base64Url.DecodeFromChars(text);
            if (bytes.Length < 18 || bytes[0] > 1 || bytes.Length < 18 + bytes[17] || (bytes[0] == 0 && bytes.Length != 18 + bytes[17]))
            {
                return null;
            }

            var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
            var key = bytes[0] == 0 ? null : strict.GetString(bytes.AsSpan(18 + bytes[17]));
            return new PageCursor(strict.GetString(bytes.AsSpan(18, bytes[17])), RollbookId.FromBytes(bytes.AsSpan(1, 16)), key);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return null;
        }
    }
}
