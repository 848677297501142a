using System.Text;

namespace Rollbook.Sources.ActiveDirectory.Ldap;

/// <summary>A distinguished name (RFC 4514), or the beginning or a middle part of one: its relative names, the nearest first, as they compare.</summary>
internal sealed class DistinguishedName
{
    private readonly string[] parts;

    private DistinguishedName(string[] parts) => this.parts = parts;

    /// <summary>Reads one; null for what is none. Capital letters, blanks around names and ways of escaping make no difference.</summary>
    public static DistinguishedName? Parse(string text)
    {
        var found = new List<string>();
        foreach (var part in Split(text))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !part.AsSpan(0, equals).Trim().ToString().All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.'))
            {
                return null;
            }

            if (Unescape(part[(equals + 1)..].Trim()) is not { Length: > 0 } value)
            {
                return null;
            }

            found.Add($"{part[..equals].Trim()}={value}".ToUpperInvariant());
        }

        return found.Count > 0 ? new DistinguishedName([.. found]) : null;
    }

    /// <summary>Whether the other's names are the first of this one's: that of a group, given with or without what it lies in.</summary>
    public bool BeginsWith(DistinguishedName other) => parts.AsSpan().StartsWith(other.parts);

    /// <summary>Whether it lies in the other: whether the other's names follow one another somewhere behind this one's first.</summary>
    public bool LiesIn(DistinguishedName other)
    {
        for (var at = 1; at + other.parts.Length <= parts.Length; at++)
        {
            if (parts.AsSpan(at).StartsWith(other.parts))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<string> Split(string text)
    {
        var start = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\')
            {
                at++;
            }
            else if (text[at] == ',')
            {
                yield return text[start..at];
                start = at + 1;
            }
        }

        yield return text[start..];
    }

    private static string? Unescape(string value)
    {
        var bytes = new List<byte>();
        for (var at = 0; at < value.Length; at++)
        {
            if (value[at] != '\\')
            {
                var length = char.IsSurrogatePair(value, at) ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(value.Substring(at, length)));
                at += length - 1;
            }
            else if (at + 2 < value.Length && char.IsAsciiHexDigit(value[at + 1]) && char.IsAsciiHexDigit(value[at + 2]))
            {
                bytes.Add(Convert.FromHexString(value.AsSpan(at + 1, 2))[0]);
                at += 2;
            }
            else if (at + 1 < value.Length)
            {
                bytes.AddRange(Encoding.UTF8.GetBytes([value[++at]]));
            }
            else
            {
                return null;
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
