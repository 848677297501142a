using Rollbook.Model;

namespace Rollbook.Sync.Configuration;

/// <summary>Master Fields (product.md 3.7): which source's value of an attribute holds, where several have the same record.</summary>
public static class MasterFields
{
    /// <summary>
    /// The attributes of a kind of which one source's value holds. Not the SIS ID, which is that of the first source; not the sources, nor the relations, which are
    /// united.
    /// </summary>
    public static IEnumerable<Model.Attribute> AttributesOf(Kind kind) =>
        Kinds.Of(kind).Attributes.Where(attribute => attribute.Index > 1 && attribute.Type != AttributeType.ReferenceList);
}
