using System.Formats.Asn1;
using System.Text;

namespace Rollbook.Sources.ActiveDirectory.Ldap;

/// <summary>A search filter: RFC 4515's text, made into what RFC 4511 sends.</summary>
internal ref struct LdapFilter
{
    private const int Deepest = 50;
    private readonly string text;
    private readonly AsnWriter writer;
    private int at;

    private LdapFilter(string text, AsnWriter writer) => (this.text, this.writer) = (text, writer);

    /// <summary>Encodes one.</summary>
    /// <exception cref="FormatException">It is none; the message says, as a clause, what is wrong and at which character.</exception>
    public static byte[] Encode(string text)
    {
        var encoded = new AsnWriter(AsnEncodingRules.BER);
        var filter = new LdapFilter(text.Trim(), encoded);
        filter.Filter(0);
        if (filter.at < filter.text.Length)
        {
            throw filter.Wrong("something follows its last bracket");
        }

        return encoded.Encode();
    }

    private void Filter(int depth)
    {
        if (depth > Deepest)
        {
            throw Wrong("it is nested too deeply");
        }

        Take('(');
        switch (Peek())
        {
            case '&':
                List(0, depth);
                break;
            case '|':
                List(1, depth);
                break;
            case '!':
                at++;
                using (writer.PushSequence(Tag(2)))
                {
                    Filter(depth + 1);
                }

                break;
            default:
                Item();
                break;
        }

        Take(')');
    }

    private void List(int tag, int depth)
    {
        at++;
        using (writer.PushSetOf(Tag(tag)))
        {
            do
            {
                Filter(depth + 1);
            } while (Peek() == '(');
        }
    }

    private void Item()
    {
        var end = text.IndexOfAny(['(', ')'], at);
        var item = end < 0 ? text[at..] : text[at..end];
        var equals = item.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw Wrong("a condition has no attribute or no =");
        }

        var (kind, name, value) = (item[equals - 1], item[..equals], item[(equals + 1)..]);
        name = kind is '>' or '<' or '~' or ':' ? name[..^1] : name;
        switch (kind)
        {
            case '>':
                Pair(5, name, value);
                break;
            case '<':
                Pair(6, name, value);
                break;
            case '~':
                Pair(8, name, value);
                break;
            case ':':
                Extensible(name, value);
                break;
            default:
                Equal(name, value);
                break;
        }

        at += item.Length;
    }

    private readonly void Equal(string name, string value)
    {
        if (string.Equals(value, "*", StringComparison.Ordinal))
        {
            writer.WriteOctetString(Name(name), Tag(7));
        }
        else if (value.Contains('*', StringComparison.Ordinal))
        {
            using (writer.PushSequence(Tag(4)))
            {
                writer.WriteOctetString(Name(name));
                using (writer.PushSequence())
                {
                    var pieces = value.Split('*');
                    for (var i = 0; i < pieces.Length; i++)
                    {
                        if (pieces[i].Length > 0)
                        {
                            writer.WriteOctetString(
                                Value(pieces[i]),
                                Tag(
                                    i == 0 ? 0
                                    : i == pieces.Length - 1 ? 2
                                    : 1
                                )
                            );
                        }
                    }
                }
            }
        }
        else
        {
            Pair(3, name, value);
        }
    }

    private readonly void Pair(int tag, string name, string value)
    {
        using (writer.PushSequence(Tag(tag)))
        {
            writer.WriteOctetString(Name(name));
            writer.WriteOctetString(Value(value));
        }
    }

    // attribute:dn:rule:=value, of which all but the value may be missing.
    private readonly void Extensible(string name, string value)
    {
        var parts = name.Split(':');
        var isDn = parts.Skip(1).Any(part => string.Equals(part, "dn", StringComparison.OrdinalIgnoreCase));
        var rule = parts.Skip(1).SingleOrDefault(part => !string.Equals(part, "dn", StringComparison.OrdinalIgnoreCase));
        using (writer.PushSequence(Tag(9)))
        {
            if (rule is not null)
            {
                writer.WriteOctetString(Name(rule), Tag(1));
            }

            if (parts[0].Length > 0)
            {
                writer.WriteOctetString(Name(parts[0]), Tag(2));
            }

            writer.WriteOctetString(Value(value), Tag(3));
            if (isDn)
            {
                writer.WriteBoolean(true, Tag(4));
            }
        }
    }

    private readonly byte[] Name(string name) =>
        name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or ';' or '_')
            ? Encoding.ASCII.GetBytes(name)
            : throw Wrong("an attribute's name has other characters than letters, digits, - and .");

    private readonly byte[] Value(string value)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '\\')
            {
                if (i + 2 >= value.Length || !char.IsAsciiHexDigit(value[i + 1]) || !char.IsAsciiHexDigit(value[i + 2]))
                {
                    throw Wrong(@"a \ is not followed by two hexadecimal digits");
                }

                bytes.Add(Convert.FromHexString(value.AsSpan(i + 1, 2))[0]);
                i += 2;
            }
            else
            {
                var length = char.IsSurrogatePair(value, i) ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(value.Substring(i, length)));
                i += length - 1;
            }
        }

        return [.. bytes];
    }

    private readonly char Peek() => at < text.Length ? text[at] : '\0';

    private void Take(char expected)
    {
        if (Peek() != expected)
        {
            throw Wrong($"a {expected} is missing");
        }

        at++;
    }

    private readonly FormatException Wrong(string what) => new(FormattableString.Invariant($"{what} (character {at + 1})"));

    private static Asn1Tag Tag(int number) => new(TagClass.ContextSpecific, number);
}
