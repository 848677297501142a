using Microsoft.AspNetCore.Http;
using Rollbook.Sync.Runs;
using Rollbook.Sync.WhatIf;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Setup;

/// <summary>
/// What a person looks at before a configuration is saved for which the next import would be held. It goes with the step's own form: what was entered stays there, and
/// is saved with a reason by the same button.
/// </summary>
/// <param name="Effect">What it would do, or how far that is.</param>
/// <param name="Go">The button that was pressed.</param>
/// <param name="Reason">The reason given, without the space around it.</param>
/// <param name="Seen">What was shown when the reason was given, <see cref="RuleEffect.Known.Key"/>; empty when nothing was.</param>
public sealed record SaveReview(RuleEffect Effect, string Go, string Reason, string Seen)
{
    internal const string ReasonField = "overLimits";
    internal const string SeenField = "overLimitsSeen";

    // What could not be worked out is agreed to as such.
    private const string Untold = "untold";

    /// <summary>What the person is shown now; null while nothing is known.</summary>
    internal string? Shown =>
        Effect switch
        {
            RuleEffect.Known known => known.Key,
            RuleEffect.Failed => Untold,
            _ => null,
        };

    /// <summary>Whether a reason was given for just what is shown.</summary>
    internal bool IsAgreed => IsSeen && Reason.Length is > 0 and <= RunDecision.LongestReason;

    private bool IsSeen => Shown is not null && string.Equals(Shown, Seen, StringComparison.Ordinal);

    internal static SaveReview Of(RuleEffect effect, string go, IFormCollection posted) =>
        new(effect, go, posted[ReasonField].ToString().Trim(), posted[SeenField].ToString());

    internal void Check(FieldErrors errors)
    {
        if (IsSeen)
        {
            errors.Add(
                ReasonField,
                Reason.Length == 0 ? "Give a reason, or go back." : $"Give the reason in at most {RunDecision.LongestReason} characters."
            );
        }
    }
}
