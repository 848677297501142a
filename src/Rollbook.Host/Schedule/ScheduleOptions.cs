using System.Globalization;
using Rollbook.Host.Commands;
using Rollbook.Sync.Configuration;

namespace Rollbook.Host.Schedule;

/// <summary>
/// The operator's settings of the schedule, from the environment: <c>ROLLBOOK_Schedule__ShortestInterval</c> is <c>Schedule:ShortestInterval</c>
/// (docs/guide/schedule.md).
/// </summary>
/// <param name="ShortestInterval">How soon after each other two imports of an app may begin.</param>
/// <param name="ImportsAtATime">How many scheduled imports a node runs at a time; the others wait for their turn.</param>
internal sealed record ScheduleOptions(TimeSpan ShortestInterval, int ImportsAtATime)
{
    private const string Section = "Schedule";

    /// <summary>Reads the settings.</summary>
    /// <exception cref="CommandFailure">A setting has an impossible value.</exception>
    internal static ScheduleOptions FromEnvironment() => From(new ConfigurationBuilder().AddEnvironmentVariables("ROLLBOOK_").Build());

    /// <summary>Reads the settings out of a configuration.</summary>
    internal static ScheduleOptions From(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        var shortest = ScheduleRules.DefaultShortestInterval;
        if (
            section[nameof(ShortestInterval)] is { Length: > 0 } interval
            && !(TimeSpan.TryParseExact(interval, @"hh\:mm\:ss", CultureInfo.InvariantCulture, out shortest) && shortest >= TimeSpan.FromSeconds(1))
        )
        {
            throw Refuse(nameof(ShortestInterval), "expected a time from one second to a day, such as 00:05:00 for five minutes");
        }

        var atATime = Math.Max(2, Environment.ProcessorCount);
        if (
            section[nameof(ImportsAtATime)] is { Length: > 0 } imports
            && !(int.TryParse(imports, NumberStyles.None, CultureInfo.InvariantCulture, out atATime) && atATime is >= 1 and <= 64)
        )
        {
            throw Refuse(nameof(ImportsAtATime), "expected a number from 1 to 64");
        }

        return new ScheduleOptions(shortest, atATime);
    }

    private static CommandFailure Refuse(string setting, string expected) =>
        CommandFailure.Usage($"The setting {Section}:{setting} (environment ROLLBOOK_{Section}__{setting}) can't be used: {expected}.");
}
