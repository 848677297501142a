namespace Rollbook.Web.Features.Access;

/// <summary>E-mail addresses as far as a form can tell.</summary>
public static class EmailAddress
{
    /// <summary>What to say where there is none.</summary>
    public const string Wanted = "Enter an e-mail address, such as name@district.example.";

    // The column's length.
    private const int Longest = 256;

    /// <summary>Whether the text looks like one.</summary>
    public static bool IsOne(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= Longest
            && text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at
            && at == text.LastIndexOf('@')
            && at < text.Length - 1
            && !text.Any(sign => char.IsControl(sign) || char.IsWhiteSpace(sign));
    }
}
