using System.Buffers;
using System.IO.Hashing;
using System.Text;
using Rollbook.Model;

namespace Rollbook.Sync.Unite;

/// <summary>A set of attributes of a kind that together identify one record (product.md 3.6).</summary>
internal sealed class Domain
{
    private const char Separator = '\u001F';

    private readonly Model.Attribute[] attributes;

    internal Domain(Kind kind, IReadOnlyList<string> names)
    {
        Kind = kind;
        Name = string.Join(" + ", names);
        attributes = [.. names.Select(name => Kinds.Of(kind)[name])];
    }

    /// <summary>The kind.</summary>
    internal Kind Kind { get; }

    /// <summary>Its attributes, by which it is the same as another of the kind.</summary>
    internal string Name { get; }

    /// <summary>Its attributes.</summary>
    internal IReadOnlyList<string> Attributes => [.. attributes.Select(attribute => attribute.Name)];

    /// <summary>Whether it consists of these attributes.</summary>
    internal bool IsOf(IReadOnlyList<string> names) => attributes.Select(attribute => attribute.Name).SequenceEqual(names, StringComparer.Ordinal);

    /// <summary>What a record has in it, for comparison; null when one of the attributes is missing, since an empty value never matches.</summary>
    /// <param name="row">The record.</param>
    /// <param name="successor">The record as which one goes on that it refers to; null where each goes on as itself.</param>
    internal UInt128? Of(Row row, Func<RollbookId, RollbookId>? successor = null)
    {
        var text = new StringBuilder();
        foreach (var attribute in attributes)
        {
            if (row[attribute] is not { } value || Comparable(Written(value, successor)) is not { Length: > 0 } comparable)
            {
                return null;
            }

            text.Append(comparable).Append(Separator);
        }

        return XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>A text as it is compared: without regard to case, to surrounding and repeated white space, and to the Unicode form.</summary>
    internal static string Comparable(string text)
    {
        var form = text.Normalize(NormalizationForm.FormKC);
        var written = new StringBuilder(form.Length);
        foreach (var letter in form.AsSpan().Trim())
        {
            if (!char.IsWhiteSpace(letter))
            {
                written.Append(char.ToUpperInvariant(letter));
            }
            else if (written[^1] != ' ')
            {
                written.Append(' ');
            }
        }

        return written.ToString();
    }

    private static string Written(object value, Func<RollbookId, RollbookId>? successor) =>
        value switch
        {
            DateOnly date => date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            string text => text,
            RollbookId id => Known(id, successor).ToString(),
            RollbookId[] ids => string.Join(' ', ids.Select(id => Known(id, successor)).Distinct().Order()),
            _ => throw new InvalidOperationException("Only texts, dates and references make a domain."),
        };

    private static RollbookId Known(RollbookId id, Func<RollbookId, RollbookId>? successor) => successor?.Invoke(id) ?? id;
}
