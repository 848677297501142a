using System.Text.Json;
using Rollbook.Sync.Runs;

namespace Rollbook.Sync.Duplicates;

/// <summary>How one attribute of two people compares.</summary>
public enum Agreement
{
    /// <summary>Both have the same value.</summary>
    Same,

    /// <summary>The values are nearly the same: a letter or two, a digit of a date.</summary>
    Close,

    /// <summary>The given name of one is the family name of the other, and the other way round.</summary>
    Swapped,

    /// <summary>The values differ.</summary>
    Differs,
}

/// <summary>Why two people are taken for one, or for two.</summary>
/// <param name="Attribute">The attribute.</param>
/// <param name="Agreement">How it compares.</param>
/// <param name="Bits">What it says, in bits: 10 makes it a thousand times likelier that the two are one, −10 a thousand times less likely.</param>
public sealed record LikenessReason(string Attribute, Agreement Agreement, double Bits);

/// <summary>What speaks for two records being one person.</summary>
/// <param name="Reasons">Attribute by attribute, the weightiest first.</param>
/// <param name="Bits">The sum, less what it takes to pick one person out of all.</param>
public sealed record Likeness(IReadOnlyList<LikenessReason> Reasons, double Bits)
{
    /// <summary>How likely it is that they are one, between 0 and 1.</summary>
    public double Probability => 1 / (1 + Math.Pow(2, -Bits));

    /// <summary>As kept.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, RunJson.Options);

    /// <summary>As kept, back.</summary>
    public static Likeness FromJson(string json) => JsonSerializer.Deserialize<Likeness>(json, RunJson.Options)!;
}
