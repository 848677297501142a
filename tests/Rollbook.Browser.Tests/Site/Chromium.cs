using Microsoft.Playwright;

namespace Rollbook.Browser.Tests.Site;

/// <summary>The browser of this machine: the one that <c>ROLLBOOK_CHROMIUM</c> names, otherwise <c>/usr/bin/chromium</c>.</summary>
internal static class Chromium
{
    private const string Variable = "ROLLBOOK_CHROMIUM";
    private const string Usual = "/usr/bin/chromium";

    internal static Task<IBrowser> LaunchAsync(IPlaywright playwright) =>
        playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = Find(Environment.GetEnvironmentVariable(Variable)), Args = ["--no-sandbox", "--disable-gpu"] }
        );

    /// <summary>The program's path; a <see cref="FileNotFoundException"/> says what to do when it is not there.</summary>
    internal static string Find(string? named)
    {
        var path = string.IsNullOrEmpty(named) ? Usual : named;
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException(
                string.IsNullOrEmpty(named)
                    ? $"The browser tests need Chromium. There is none at {Usual}: install it (apt-get install chromium), or name another one in the environment variable {Variable}."
                    : $"The browser tests need Chromium. The environment variable {Variable} names {named}, and there is no such file.",
                path
            );
    }
}
