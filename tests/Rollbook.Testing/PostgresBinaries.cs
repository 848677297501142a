using System.ComponentModel;
using System.Diagnostics;

namespace Rollbook.Testing;

/// <summary>Where PostgreSQL's programs are on this machine.</summary>
internal static class PostgresBinaries
{
    /// <summary>The folder that has <c>initdb</c> and <c>postgres</c>.</summary>
    /// <exception cref="InvalidOperationException">There is none; the message says how to install it.</exception>
    public static string Find() =>
        Candidates().FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")))
        ?? throw new InvalidOperationException(
            "These tests need a PostgreSQL server (14 or newer), and found neither pg_config nor /usr/lib/postgresql/*/bin. Install it: apt-get install postgresql. It need not run; the tests start their own."
        );

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("ROLLBOOK_POSTGRES_BIN") is { Length: > 0 } named)
        {
            yield return named;
        }

        if (Ask("pg_config", "--bindir") is { Length: > 0 } configured)
        {
            yield return configured;
        }

        const string Debian = "/usr/lib/postgresql";
        foreach (var version in Directory.Exists(Debian) ? Directory.GetDirectories(Debian).OrderByDescending(VersionOf) : Enumerable.Empty<string>())
        {
            yield return Path.Combine(version, "bin");
        }
    }

    private static int VersionOf(string folder) =>
        int.TryParse(Path.GetFileName(folder), System.Globalization.CultureInfo.InvariantCulture, out var version) ? version : 0;

    private static string? Ask(string program, string argument)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, [argument]) { RedirectStandardOutput = true, UseShellExecute = false })!;
            return process.StandardOutput.ReadToEnd().Trim();
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
