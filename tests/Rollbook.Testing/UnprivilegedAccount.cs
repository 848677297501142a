using System.Diagnostics;

namespace Rollbook.Testing;

/// <summary>PostgreSQL refuses to run as root, so in a container it runs as <c>nobody</c>; for anyone else as who they are.</summary>
internal sealed class UnprivilegedAccount
{
    private static readonly string[] AsNobody = ["--reuid=nobody", "--regid=nogroup", "--clear-groups"];

    private readonly bool root = string.Equals(Environment.UserName, "root", StringComparison.Ordinal);

    private UnprivilegedAccount() { }

    /// <summary>Gives the folder to the account.</summary>
    public static async Task<UnprivilegedAccount> ForAsync(string folder)
    {
        var account = new UnprivilegedAccount();
        if (account.root)
        {
            using var chown = Process.Start("chown", ["nobody:nogroup", folder]);
            await chown.WaitForExitAsync();
        }

        return account;
    }

    /// <summary>Starts a program, whose output goes nowhere.</summary>
    public Process Start(string program, params string[] arguments)
    {
        // setpriv becomes the program, so the process is the program's own.
        var start = root ? new ProcessStartInfo("setpriv", [.. AsNobody, program, .. arguments]) : new ProcessStartInfo(program, arguments);
        start.UseShellExecute = false;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.WorkingDirectory = "/";
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has what it said.</exception>
    public async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} failed with {process.ExitCode}: {errors.Trim()}");
        }
    }
}
