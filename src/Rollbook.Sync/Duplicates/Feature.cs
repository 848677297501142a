namespace Rollbook.Sync.Duplicates;

/// <summary>What an attribute says of who somebody is.</summary>
internal enum FeatureNature
{
    /// <summary>A given name. Two people whose given names have nothing in common are two: siblings, twins above all, have everything else in common.</summary>
    Given,

    /// <summary>A family name.</summary>
    Family,

    /// <summary>The birth date.</summary>
    Date,

    /// <summary>What stays with a person, or changes seldom: the state's ID, grade, schools.</summary>
    Steady,

    /// <summary>Where one reaches a person; people of one household may have it together.</summary>
    Reached,

    /// <summary>What a system issued for each of its records: that it differs says nothing.</summary>
    Issued,

    /// <summary>Another text, which may be misspelt.</summary>
    Text,
}

/// <summary>One thing by which people are compared.</summary>
/// <param name="Name">The attribute's name.</param>
/// <param name="Nature">What it says.</param>
/// <param name="Attribute">Where it is in a row; null for one that the source adds.</param>
/// <param name="Column">Everybody's values.</param>
internal sealed record Feature(string Name, FeatureNature Nature, Model.Attribute? Attribute, ValueColumn Column);
