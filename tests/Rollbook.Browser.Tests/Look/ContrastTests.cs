using System.Globalization;
using System.Text.RegularExpressions;
using Rollbook.Web;

namespace Rollbook.Browser.Tests.Look;

/// <summary>The colour tokens keep the contrast that WCAG 2.1 asks for: 4.5 for text, 3 for what is drawn.</summary>
public sealed partial class ContrastTests
{
    private static readonly Dictionary<string, (string Light, string Dark)> Tokens = Read();

    public static TheoryData<string, string, double> Pairs =>
        new()
        {
            { "text", "ground", 4.5 },
            { "text", "surface", 4.5 },
            { "text", "sunken", 4.5 },
            { "text", "accent-soft", 4.5 },
            { "text", "danger-soft", 4.5 },
            { "text", "attention-soft", 4.5 },
            { "muted", "ground", 4.5 },
            { "muted", "surface", 4.5 },
            { "muted", "sunken", 4.5 },
            { "accent", "ground", 4.5 },
            { "accent", "surface", 4.5 },
            { "accent", "sunken", 4.5 },
            { "accent-strong", "accent-soft", 4.5 },
            { "on-accent", "accent", 4.5 },
            { "on-accent", "accent-strong", 4.5 },
            { "ground", "text", 4.5 },
            { "good", "good-soft", 4.5 },
            { "attention", "attention-soft", 4.5 },
            { "danger", "danger-soft", 4.5 },
            { "information", "information-soft", 4.5 },
            { "danger", "surface", 4.5 },
            { "attention", "surface", 4.5 },
            { "edge", "ground", 3 },
            { "edge", "surface", 3 },
            { "accent", "line", 3 },
            { "good", "surface", 3 },
            { "information", "surface", 3 },
        };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_pair_has_enough_contrast_in_both_themes(string front, string back, double least)
    {
        Ratio(Tokens[front].Light, Tokens[back].Light).ShouldBeGreaterThanOrEqualTo(least);
        Ratio(Tokens[front].Dark, Tokens[back].Dark).ShouldBeGreaterThanOrEqualTo(least);
    }

    private static Dictionary<string, (string Light, string Dark)> Read()
    {
        using var stream = new StreamReader(typeof(ConsoleAssets).Assembly.GetManifestResourceStream("console.css")!);
        return Token()
            .Matches(stream.ReadToEnd())
            .ToDictionary(match => match.Groups[1].Value, match => (match.Groups[2].Value, match.Groups[3].Value));
    }

    private static double Ratio(string first, string second)
    {
        var (a, b) = (Luminance(first), Luminance(second));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string colour) => (0.2126 * Channel(colour, 0)) + (0.7152 * Channel(colour, 2)) + (0.0722 * Channel(colour, 4));

    private static double Channel(string colour, int at)
    {
        var value = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }

    [GeneratedRegex("--([a-z-]+): light-dark\\(#([0-9a-f]{6}), #([0-9a-f]{6})\\)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Token();
}
