using System.Globalization;
using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>Values that a person or an address gives as text.</summary>
internal static class AttributeText
{
    /// <summary>The text as a parameter of the attribute's type.</summary>
    /// <exception cref="RefusedValueException">It is not a value of this type; the message says what is expected.</exception>
    public static object Parse(Dialect dialect, Model.Attribute attribute, string text) =>
        attribute.Type switch
        {
            AttributeType.Date when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) =>
                dialect.Date(date),
            AttributeType.Boolean when text is "true" or "false" => text is "true",
            AttributeType.Reference or AttributeType.ReferenceList when RollbookId.TryParse(text, out var id) => dialect.Id(id),
            AttributeType.Text or AttributeType.TextList or AttributeType.Metadata => AsciiCase.Lower(Checked(attribute.Name, text)),
            _ => throw new RefusedValueException($"'{text}' is not a value of '{attribute.Name}': {Expected(attribute.Type)} is expected."),
        };

    /// <summary>The text, if the databases can hold it.</summary>
    /// <exception cref="RefusedValueException">It has a character that no database text can have.</exception>
    public static string Checked(string attribute, string text) =>
        text.Contains('\0', StringComparison.Ordinal)
            ? throw new RefusedValueException($"The text for '{attribute}' contains the character U+0000, which no value has.")
            : text;

    private static string Expected(AttributeType type) =>
        type switch
        {
            AttributeType.Date => "a date as YYYY-MM-DD",
            AttributeType.Boolean => "true or false",
            _ => "a Rollbook ID",
        };
}
