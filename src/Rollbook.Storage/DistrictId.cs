using System.Text.RegularExpressions;

namespace Rollbook.Storage;

/// <summary>The short names of districts.</summary>
public static partial class DistrictId
{
    /// <summary>Whether the text is one: <c>[a-z][a-z0-9-]{0,39}</c>. Anything else never becomes part of a file's or schema's name.</summary>
    public static bool IsValid(string? text) => text is not null && Pattern().IsMatch(text);

    /// <summary>The text, if it is one.</summary>
    /// <exception cref="RefusedValueException">It is not.</exception>
    public static string Checked(string text) =>
        IsValid(text)
            ? text
            : throw new RefusedValueException(
                $"'{text}' can't be the ID of a district: it has up to 40 lower-case letters, digits and hyphens, the first being a letter."
            );

    [GeneratedRegex(@"\A[a-z][a-z0-9-]{0,39}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
