namespace Rollbook.Web.Features.Access;

/// <summary>The figures that the pages tell and the sign-in keeps.</summary>
internal static class PasswordRules
{
    internal const int MinimumLength = 12;

    /// <summary>The rules in words.</summary>
    internal static string Hint => $"At least {MinimumLength} characters. Three or four words that don't belong together are good.";

    internal const int AttemptsBeforeLock = 5;
    internal static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(15);
}
