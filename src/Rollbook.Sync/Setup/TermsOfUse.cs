namespace Rollbook.Sync.Setup;

/// <summary>Which Terms of Use and which Privacy Policy are in force, so that it is known later what somebody accepted.</summary>
public static class TermsOfUse
{
    /// <summary>The day of the terms' present wording.</summary>
    public const string Terms = "2026-11-24";

    /// <summary>The day of the policy's present wording.</summary>
    public const string Privacy = "2026-11-24";

    internal const string Json = $$"""{"termsOfUse":"{{Terms}}","privacyPolicy":"{{Privacy}}"}""";
}
