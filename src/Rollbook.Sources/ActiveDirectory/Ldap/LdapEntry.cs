using System.Text;

namespace Rollbook.Sources.ActiveDirectory.Ldap;

/// <summary>An entry that a search found.</summary>
/// <param name="Name">Its distinguished name, as the server writes it.</param>
/// <param name="Attributes">The values of each attribute that it has, by name.</param>
internal sealed record LdapEntry(string Name, IReadOnlyDictionary<string, IReadOnlyList<byte[]>> Attributes)
{
    /// <summary>The first value of an attribute, without blanks around it; null when it has none that is text.</summary>
    public string? Text(string attribute) => Texts(attribute).FirstOrDefault();

    /// <summary>The values of an attribute that are text, without blanks around them.</summary>
    public IEnumerable<string> Texts(string attribute) =>
        Bytes(attribute)
            .Select(value => Encoding.UTF8.GetString(value).Replace("\0", "", StringComparison.Ordinal).Trim())
            .Where(text => text.Length > 0);

    /// <summary>The values of an attribute.</summary>
    public IReadOnlyList<byte[]> Bytes(string attribute) => Attributes.GetValueOrDefault(attribute) ?? [];

    /// <summary>Nothing of a person.</summary>
    public override string ToString() => nameof(LdapEntry);
}
