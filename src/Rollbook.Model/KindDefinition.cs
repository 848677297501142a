namespace Rollbook.Model;

/// <summary>What the records of a kind are made of. The lists are those of command-line.md section 2, in its order.</summary>
public sealed class KindDefinition
{
    private readonly Dictionary<string, Attribute> byName;

    internal KindDefinition(Kind kind, Family family, string plural, string sortAttribute, params Attribute[] own)
    {
        Kind = kind;
        Family = family;
        Plural = plural;
        Attributes =
        [
            new Attribute("sisId", AttributeType.Text),
            new Attribute("sources", AttributeType.TextList),
            .. own,
            new Attribute("metadata", AttributeType.Metadata, Personal: true),
        ];
        for (var i = 0; i < Attributes.Count; i++)
        {
            Attributes[i].Index = i;
        }

        byName = Attributes.ToDictionary(attribute => attribute.Name, StringComparer.Ordinal);
        SortAttribute = this[sortAttribute];
    }

    /// <summary>The kind.</summary>
    public Kind Kind { get; }

    /// <summary>The space its IDs live in.</summary>
    public Family Family { get; }

    /// <summary>The kind's word on the command line and its table: <c>student</c>.</summary>
    public string Name => Kind.ToString().ToLowerInvariant();

    /// <summary>The word for many of them on the screen: <c>Students</c>.</summary>
    public string Plural { get; }

    /// <summary>
    /// Every attribute in order: <c>sisId</c>, <c>sources</c> (the apps that feed the record), the kind's own, and <c>metadata</c> last.
    /// </summary>
    public IReadOnlyList<Attribute> Attributes { get; }

    /// <summary>The attribute by which people look for such a record; indexed, so lists can be sorted by it at any size.</summary>
    public Attribute SortAttribute { get; }

    /// <summary>The attribute that says at which school or schools a record is; null for a kind that is at none.</summary>
    public Attribute? SchoolAttribute => Find("schools") ?? Find("school");

    /// <summary>The attribute of this name.</summary>
    /// <exception cref="KeyNotFoundException">The kind has no such attribute.</exception>
    public Attribute this[string name] => byName[name];

    /// <summary>The attribute of this name, or null.</summary>
    public Attribute? Find(string name) => byName.GetValueOrDefault(name);
}
