using System.ComponentModel;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary>What every command takes (command-line.md section 1).</summary>
public class GlobalSettings : CommandSettings
{
    /// <summary>Where SQLite and the keys live.</summary>
    [CommandOption("--data <DIR>")]
    [Description("Folder of the data and the keys.")]
    [DefaultValue("./data")]
    public string Data { get; init; } = "./data";

    /// <summary>The district; may be left out where there is one.</summary>
    [CommandOption("--district <ID>")]
    [Description("The district; may be left out where there is only one.")]
    public string? District { get; init; }

    /// <summary>One JSON document on standard output, everything else on standard error.</summary>
    [CommandOption("--json")]
    [Description("Print one JSON document on standard output, everything else on standard error.")]
    public bool Json { get; init; }
}

/// <summary>The exit statuses (command-line.md section 1).</summary>
internal static class ExitStatus
{
    /// <summary>Published, or nothing to change.</summary>
    internal const int Done = 0;

    /// <summary>Failed.</summary>
    internal const int Failed = 1;

    /// <summary>Wrong usage or configuration.</summary>
    internal const int Usage = 2;

    /// <summary>Waits for a person.</summary>
    internal const int Waits = 3;
}

/// <summary>A command that can't go on, with what to tell the person.</summary>
internal sealed class CommandFailure(int status, string message) : Exception(message)
{
    internal int Status { get; } = status;

    internal static CommandFailure Usage(string message) => new(ExitStatus.Usage, message);
}
