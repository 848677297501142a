namespace Rollbook.Model;

/// <summary>The type of an attribute's value.</summary>
public enum AttributeType
{
    /// <summary>Text; empty text does not exist, it is a missing value.</summary>
    Text,

    /// <summary>A calendar date without a zone, <c>YYYY-MM-DD</c>.</summary>
    Date,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>An ordered list of texts.</summary>
    TextList,

    /// <summary>The Rollbook ID of a record of one family.</summary>
    Reference,

    /// <summary>Rollbook IDs of records of one family.</summary>
    ReferenceList,

    /// <summary>Named texts from the source, printed as a JSON object with its names in ordinal order.</summary>
    Metadata,
}

/// <summary>One attribute of a kind.</summary>
/// <param name="Name">The name in files, on the command line and in the console, as OneRoster 1.2 has it: <c>givenName</c>.</param>
/// <param name="Type">The type of its value.</param>
/// <param name="Target">For references: the family referred to.</param>
/// <param name="Required">For references: a record cannot stand without it (product.md 3.4).</param>
/// <param name="Personal">Personal data: masked for viewers, never in a log.</param>
public sealed record Attribute(string Name, AttributeType Type, Family? Target = null, bool Required = false, bool Personal = false)
{
    /// <summary>The column in the kind's table: <c>given_name</c>.</summary>
    public string Column { get; } = ToColumn(Name);

    /// <summary>The attribute's position in its kind's list, which is its position in a <see cref="Row"/>.</summary>
    public int Index { get; internal set; } = -1;

    /// <summary>Whether the value is one or many Rollbook IDs.</summary>
    public bool IsReference => Type is AttributeType.Reference or AttributeType.ReferenceList;

    private static string ToColumn(string name)
    {
        var text = new System.Text.StringBuilder(name.Length + 8);
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter))
            {
                text.Append('_').Append(char.ToLowerInvariant(letter));
            }
            else
            {
                text.Append(letter);
            }
        }

        return text.ToString();
    }
}
