using System.Globalization;
using Microsoft.AspNetCore.Http;
using Rollbook.Sync.Configuration;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Setup.Limits;

/// <summary>A new planned change window as it is being written.</summary>
public sealed class WindowForm
{
    private const int MostWindows = 50;

    /// <summary>The first day, as typed.</summary>
    public string From { get; private init; } = "";

    /// <summary>The last day, as typed.</summary>
    public string Until { get; private init; } = "";

    /// <summary>The Sync hold threshold of these days, as typed; empty for the usual one.</summary>
    public string Threshold { get; private init; } = "";

    /// <summary>The table of these days; null for the usual one.</summary>
    public LimitsForm? Limits { get; set; }

    /// <summary>An empty form.</summary>
    public static WindowForm New(DateOnly today) => new() { From = Day(today) };

    /// <summary>A form as it was posted.</summary>
    public static WindowForm Of(IFormCollection posted)
    {
        ArgumentNullException.ThrowIfNull(posted);
        return new WindowForm
        {
            From = posted["from"].ToString().Trim(),
            Until = posted["until"].ToString().Trim(),
            Threshold = posted["threshold"].ToString().Trim(),
            Limits = posted["own"] == "on" ? LimitsForm.Of(posted) : null,
        };
    }

    /// <summary>A day as it is posted.</summary>
    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The window; for a checked form.</summary>
    public ChangeWindow ToWindow() =>
        new(DayOf(From) ?? default, DayOf(Until) ?? default)
        {
            SyncHoldThreshold = Threshold.Length == 0 ? null : LimitWords.Threshold(Threshold),
            Limits = Limits?.ToLimits(),
        };

    /// <summary>Says of each field what is wrong with it, as the configuration file does.</summary>
    public void Check(AdvancedSettings settings, DateOnly today, FieldErrors errors)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(errors);
        var (first, last) = (DayOf(From), DayOf(Until));
        errors
            .Need(first is not null, "from", "Give the first day as a date.")
            .Need(last is not null, "until", "Give the last day as a date.")
            .Need(last >= first || first is null || last is null, "until", "The last day is before the first. Give a later one.")
            .Need(last is null || last < first || last >= today, "until", "The last day is over. Give one that is to come.")
            .Need(
                Threshold.Length == 0 || LimitWords.Threshold(Threshold) is not null,
                "threshold",
                "The Sync hold threshold of these days is not a whole percentage from 1 to 100, nor off. Enter one of these, or leave it empty for the usual one."
            )
            .Need(Threshold.Length > 0 || Limits is not null, "threshold", "Give these days a Sync hold threshold, or limits of their own.")
            .Need(
                !settings.IsWithoutEffect(ToWindow()),
                "threshold",
                "The app has its own table of limits, of which the threshold sets no figure. Choose Customize limits for these days."
            );
        if (first is not null && last >= first && settings.ChangeWindows?.FirstOrDefault(ToWindow().Overlaps) is { } other)
        {
            errors.Add(
                "from",
                $"There is a window from {Wording.Day(other.From)} to {Wording.Day(other.Until)} already. Choose other days, or remove that one."
            );
        }

        errors.Need(
            settings.ChangeWindows is not { Count: >= MostWindows },
            "from",
            $"There are {MostWindows} windows. Remove some that have ended."
        );
        Limits?.Check(errors);
    }

    private static DateOnly? DayOf(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
