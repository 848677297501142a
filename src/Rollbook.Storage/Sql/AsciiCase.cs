namespace Rollbook.Storage.Sql;

/// <summary>
/// Text is compared with ASCII letters in lower case and everything else as it is, byte by byte: the one order that SQLite and
/// PostgreSQL (collation "C") have in common.
/// </summary>
internal static class AsciiCase
{
    /// <summary>What <c>lower()</c> gives in both databases.</summary>
    public static string Lower(string text) =>
        string.Create(
            text.Length,
            text,
            static (target, source) =>
            {
                for (var i = 0; i < source.Length; i++)
                {
                    target[i] = source[i] is >= 'A' and <= 'Z' ? (char)(source[i] | 0x20) : source[i];
                }
            }
        );

    /// <summary>
    /// The smallest text that is greater than everything that starts with <paramref name="prefix"/>, so that a prefix is a range an index
    /// can find; null when there is no such text.
    /// </summary>
    public static string? AfterPrefix(string prefix)
    {
        var runes = prefix.EnumerateRunes().ToList();
        while (runes.Count > 0)
        {
            var last = runes[^1].Value;
            runes.RemoveAt(runes.Count - 1);
            if (last < 0x10FFFF)
            {
                // The surrogates are no characters: after U+D7FF comes U+E000.
                runes.Add(new System.Text.Rune(last == 0xD7FF ? 0xE000 : last + 1));
                return string.Concat(runes);
            }
        }

        return null;
    }
}
