namespace Rollbook.Web.Features.Data;

/// <summary>Cells of a CSV file (RFC 4180).</summary>
internal static class Csv
{
    /// <summary>
    /// Quoted where needed. A spreadsheet would run text that begins as a formula does, so an apostrophe goes before it; a phone number's plus
    /// and a negative number do no harm and stay.
    /// </summary>
    internal static string Cell(string text)
    {
        if (text is ['=' or '@' or '\t' or '\r', ..] || (text is ['+' or '-', ..] && text.AsSpan(1).ContainsAnyExcept("0123456789 ().-")))
        {
            text = "'" + text;
        }

        return text.AsSpan().ContainsAny("\",\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
