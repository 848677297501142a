using System.ComponentModel;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary>A command on one app.</summary>
public class AppSettings : GlobalSettings
{
    /// <summary>The app's ID in the district.</summary>
    [CommandArgument(0, "<APP>")]
    [Description("The app's ID in the district, for example synergy.")]
    public string App { get; init; } = "";
}

/// <summary>A command on one run.</summary>
public class RunSettings : GlobalSettings
{
    /// <summary>The run's number.</summary>
    [CommandArgument(0, "<RUN>")]
    [Description("The run's number, see: rollbook runs")]
    public string Run { get; init; } = "";
}
