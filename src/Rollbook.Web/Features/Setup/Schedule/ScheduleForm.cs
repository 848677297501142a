using System.Globalization;
using Microsoft.AspNetCore.Http;
using Rollbook.Sync.Configuration;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Setup.Schedule;

/// <summary>The Schedule step as it is on the screen: every answer as it was typed, whether it can be used or not.</summary>
public sealed class ScheduleForm
{
    private const int MostTimes = 48;
    private const string Cronlike = "cron";

    private ScheduleForm() { }

    /// <summary>The ways to say when, with the words on the screen.</summary>
    public static IReadOnlyList<(string Value, string Text)> Ways { get; } =
    [("daily", "Daily"), ("weekly", "Weekly"), ("monthly", "Monthly"), (Cronlike, "Cron expression")];

    /// <summary>The days of the week, in the order of a US calendar.</summary>
    public static IReadOnlyList<DayOfWeek> Weekdays { get; } = [.. Enum.GetValues<DayOfWeek>()];

    /// <summary>Sync Schedule.</summary>
    public bool IsOn { get; private init; }

    /// <summary>One of <see cref="Ways"/>.</summary>
    public string Way { get; private init; } = "daily";

    /// <summary>The chosen days of the week.</summary>
    public IReadOnlyCollection<DayOfWeek> ChosenWeekdays { get; private init; } = [];

    /// <summary>Days of the month, as typed.</summary>
    public string MonthDays { get; private init; } = "";

    /// <summary>Times of the day, as typed.</summary>
    public IReadOnlyList<string> Times { get; private init; } = ["02:00"];

    /// <summary>The cron expression, as typed.</summary>
    public string Cron { get; private init; } = "";

    /// <summary>The last day, as typed.</summary>
    public string Until { get; private init; } = "";

    /// <summary>The time that was added just now; -1 for none.</summary>
    public int Added { get; private init; } = -1;

    /// <summary>Whether another time can be added.</summary>
    public bool HasRoom => Times.Count < MostTimes;

    /// <summary>As it is saved.</summary>
    public static ScheduleForm Of(SyncSchedule? schedule) =>
        schedule is null
            ? new ScheduleForm()
            : new ScheduleForm
            {
                IsOn = true,
                Way = schedule.Cron is null ? schedule.Days.ToString().ToLowerInvariant() : Cronlike,
                ChosenWeekdays = [.. schedule.Weekdays],
                MonthDays = string.Join(", ", schedule.MonthDays),
                Times =
                    schedule.Times.Count == 0 ? ["02:00"] : [.. schedule.Times.Select(time => time.ToString("HH:mm", CultureInfo.InvariantCulture))],
                Cron = schedule.Cron ?? "",
                Until = schedule.Until?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "",
            };

    /// <summary>As it was posted, with the time added or removed that a button asked for.</summary>
    public static ScheduleForm Of(IFormCollection posted)
    {
        ArgumentNullException.ThrowIfNull(posted);
        var times = posted["time"].Select(time => (time ?? "").Trim()).ToList();
        var added = -1;
        var go = posted["go"].ToString();
        if (go is "add-time" && times.Count < MostTimes)
        {
            times.Add("");
            added = times.Count - 1;
        }
        else if (
            go.StartsWith("remove-time-", StringComparison.Ordinal)
            && int.TryParse(go.AsSpan(12), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && index < times.Count
            && times.Count > 1
        )
        {
            times.RemoveAt(index);
        }

        return new ScheduleForm
        {
            IsOn = posted["syncSchedule"] == "on",
            Way = posted["way"].ToString(),
            ChosenWeekdays = [.. Weekdays.Where(day => posted["weekday"].Contains(day.ToString(), StringComparer.Ordinal))],
            MonthDays = posted["monthDays"].ToString().Trim(),
            Times = times.Count == 0 ? [""] : times,
            Cron = posted["cron"].ToString().Trim(),
            Until = posted["until"].ToString().Trim(),
            Added = added,
        };
    }

    /// <summary>The field of a time.</summary>
    public static string TimeField(int index) => FormattableString.Invariant($"time-{index + 1}");

    /// <summary>What was asked for; null when it is off or when something is wrong, which is added to the errors.</summary>
    public SyncSchedule? Read(ScheduleRules rules, FieldErrors errors)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(errors);
        if (!IsOn)
        {
            return null;
        }

        errors.Need(
            Ways.Any(way => string.Equals(way.Value, Way, StringComparison.Ordinal)),
            "way-daily",
            "Choose Daily, Weekly, Monthly or Cron expression."
        );
        var schedule = new SyncSchedule
        {
            Days = Way switch
            {
                "weekly" => ScheduleDays.Weekly,
                "monthly" => ScheduleDays.Monthly,
                _ => ScheduleDays.Daily,
            },
            Weekdays = Way is "weekly" ? ReadWeekdays(errors) : [],
            MonthDays = Way is "monthly" ? ReadMonthDays(errors) : [],
            Cron = Way is Cronlike ? ReadCron(errors) : null,
            Times = Way is Cronlike ? [] : ReadTimes(errors),
            Until = ReadUntil(errors),
        };
        if (!errors.Any && rules.Refuse(schedule) is { } refusal)
        {
            errors.Add(refusal.Part == SchedulePart.Cron ? "cron" : TimeField(0), Wording.Capital(refusal.Message));
        }

        return errors.Any ? null : schedule;
    }

    private IReadOnlyList<DayOfWeek> ReadWeekdays(FieldErrors errors)
    {
        errors.Need(ChosenWeekdays.Count > 0, "weekday-Sunday", "Choose at least one day of the week.");
        return [.. ChosenWeekdays.Order()];
    }

    private int[] ReadMonthDays(FieldErrors errors)
    {
        var days = new SortedSet<int>();
        foreach (var text in MonthDays.Split([',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var day) && day is >= 1 and <= 31)
            {
                days.Add(day);
            }
            else
            {
                errors.Add("monthDays", "Enter days of the month as numbers from 1 to 31, such as 1, 15.");
                return [];
            }
        }

        errors.Need(days.Count > 0, "monthDays", "Enter at least one day of the month, such as 1, 15.");
        return [.. days];
    }

    private TimeOnly[] ReadTimes(FieldErrors errors)
    {
        var times = new SortedSet<TimeOnly>();
        for (var i = 0; i < Times.Count; i++)
        {
            if (TimeOnly.TryParseExact(Times[i], ["HH:mm", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            {
                errors.Need(times.Add(time), TimeField(i), "This time is there already. Remove one of the two.");
            }
            else
            {
                errors.Add(TimeField(i), "Enter a time of the day, such as 02:00 or 14:30.");
            }
        }

        return [.. times];
    }

    private string ReadCron(FieldErrors errors)
    {
        errors.Need(Cron.Length > 0, "cron", "Enter a cron expression, such as 0 0 2 ? * MON-FRI.");
        errors.Need(Cron.Length <= 200, "cron", "The cron expression is longer than 200 characters. Write a shorter one.");
        return Cron;
    }

    private DateOnly? ReadUntil(FieldErrors errors)
    {
        if (Until.Length == 0)
        {
            return null;
        }

        if (DateOnly.TryParseExact(Until, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var until))
        {
            return until;
        }

        errors.Add("until", "Enter the last day as year, month and day, such as 2027-06-30, or leave it empty.");
        return null;
    }
}
