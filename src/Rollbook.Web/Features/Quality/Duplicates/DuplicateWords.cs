using Rollbook.Storage;
using Rollbook.Sync.Duplicates;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Quality.Duplicates;

/// <summary>What the console calls what is found about duplicates.</summary>
internal static class DuplicateWords
{
    private const int ReasonsTold = 4;

    /// <summary>Given name + Family name + Birth date.</summary>
    internal static string Domain(Kind kind, IReadOnlyList<string> domain) =>
        string.Join(" + ", domain.Select(name => Kinds.Of(kind).Find(name) is { } attribute ? Wording.Label(attribute) : name));

    /// <summary>How an attribute compares.</summary>
    internal static string Mark(AttributeMark mark) =>
        mark switch
        {
            AttributeMark.Agree => "Agree",
            AttributeMark.Differ => "Differ",
            _ => "Missing",
        };

    /// <summary>A decision in the past tense.</summary>
    internal static string Verdict(DuplicateVerdict verdict) => verdict == DuplicateVerdict.Merge ? "Merged" : "Kept separate";

    /// <summary>97 %; never a certainty.</summary>
    internal static string Percent(Likeness likeness) => $"{Math.Min((int)(likeness.Probability * 100), 99)} %";

    /// <summary>What speaks for and against it, the weightiest first.</summary>
    internal static string Reasons(Kind kind, Likeness likeness) =>
        string.Join("; ", likeness.Reasons.Take(ReasonsTold).Select(reason => $"{Attribute(kind, reason.Attribute)} {Word(reason.Agreement)}"));

    private static string Attribute(Kind kind, string name) => Kinds.Of(kind).Find(name) is { } attribute ? Wording.Label(attribute) : name;

    private static string Word(Agreement agreement) =>
        agreement switch
        {
            Agreement.Same => "is the same",
            Agreement.Close => "is nearly the same",
            Agreement.Swapped => "and family name are the other way round",
            _ => "differs",
        };
}
