using Microsoft.AspNetCore.Http;
using Rollbook.Sync.Runs;
using Rollbook.Sync.WhatIf;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Setup;

/// <summary>
/// What a person looks at before a configuration is saved for which the next import would be held. It goes with the step's own form: what was entered stays there, and
/// is saved with a reason by the same button.
/// </summary>
/// <param name="Effects">What it would do, app by app, or how far that is.</param>
/// <param name="Go">The button that was pressed.</param>
/// <param name="Reason">The reason given, without the space around it.</param>
/// <param name="Seen">What was shown when the reason was given, <see cref="Shown"/>; empty when nothing was.</param>
/// <param name="Secrets">The secrets that were entered before, and now: a page never carries one, so they are entered once more.</param>
/// <param name="IsComplete">Whether all secrets that were entered before were entered once more.</param>
public sealed record SaveReview(
    IReadOnlyList<AppEffect> Effects,
    string Go,
    string Reason,
    string Seen,
    IReadOnlyList<string> Secrets,
    bool IsComplete
)
{
    internal const string ReasonField = "overLimits";
    internal const string SeenField = "overLimitsSeen";
    internal const string SecretsField = "overLimitsSecrets";

    /// <summary>What the person is shown now; null while something is not known.</summary>
    internal string? Shown =>
        Effects.Any(each => each.Effect is RuleEffect.AtWork) ? null : string.Join('|', Effects.Select(each => $"{each.App} {KeyOf(each.Effect)}"));

    /// <summary>Whether it is known what is to be looked at.</summary>
    internal bool IsKnown => Shown is not null;

    /// <summary>Whether there is nothing to look at and nothing to enter once more.</summary>
    internal bool IsNothing => Effects.Count == 0 && IsComplete;

    /// <summary>Whether a reason was given for just what is shown.</summary>
    internal bool IsAgreed => IsSeen && IsComplete && Reason.Length is > 0 and <= RunDecision.LongestReason;

    /// <summary>Whether something else was shown before.</summary>
    internal bool IsOther => IsKnown && Seen.Length > 0 && !IsSeen;

    private bool IsSeen => Shown is { } shown && string.Equals(shown, Seen, StringComparison.Ordinal);

    internal static SaveReview Of(IReadOnlyList<AppEffect> effects, string go, IFormCollection posted, IEnumerable<string> entered)
    {
        var now = entered.ToList();
        var before = posted[SecretsField].ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new SaveReview(
            effects,
            go,
            posted[ReasonField].ToString().Trim(),
            posted[SeenField].ToString(),
            [.. before.Union(now, StringComparer.Ordinal)],
            before.All(name => now.Contains(name, StringComparer.Ordinal))
        );
    }

    internal void Check(FieldErrors errors)
    {
        if (IsSeen && Effects.Count > 0 && Reason.Length is 0 or > RunDecision.LongestReason)
        {
            errors.Add(
                ReasonField,
                Reason.Length == 0 ? "Give a reason, or go back." : $"Give the reason in at most {RunDecision.LongestReason} characters."
            );
        }

        foreach (var secret in Secrets)
        {
            errors.Add(secret, "Enter it again: a secret is not kept while you look at what would change.");
        }
    }

    private static string KeyOf(RuleEffect effect) =>
        effect switch
        {
            RuleEffect.Known known => known.Key,
            RuleEffect.Failed failed => "failed " + failed.Key,
            _ => "",
        };
}
