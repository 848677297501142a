namespace Rollbook.Telling;

/// <summary>Where a message leads.</summary>
internal static class Links
{
    /// <summary>The page in the console; null where it is not known where the console is.</summary>
    internal static string? To(TellingOptions options, string district, string rest) =>
        options.ConsoleUrl is { } console ? $"{console}/d/{district}/{rest}" : null;

    /// <summary>The page of what a notification is about, below the district.</summary>
    internal static string PageOf(Storage.Notification notification) =>
        notification.Run is { } run ? FormattableString.Invariant($"history/{run}") : $"apps/{notification.App}";
}
