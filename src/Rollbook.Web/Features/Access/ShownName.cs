namespace Rollbook.Web.Features.Access;

/// <summary>Names of people and districts, as they are shown.</summary>
internal static class ShownName
{
    /// <summary>The columns' length.</summary>
    internal const int Longest = 200;

    /// <summary>What to say where there is none.</summary>
    internal static readonly string Wanted = $"Enter a name of at most {Longest} characters.";

    /// <summary>Whether the text is one.</summary>
    internal static bool IsOne(string text) => text.Length is > 0 and <= Longest && !text.Any(char.IsControl);

    /// <summary>What of a text that somebody else gave is one; empty when nothing is.</summary>
    internal static string Of(string text)
    {
        var name = string.Concat(text.Where(sign => !char.IsControl(sign))).Trim();
        return name.Length <= Longest ? name : name[..(char.IsHighSurrogate(name[Longest - 1]) ? Longest - 1 : Longest)];
    }
}
