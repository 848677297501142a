namespace Rollbook.Sync.Configuration;

/// <summary>Which schedules can be carried out: one rule for the file and for the console.</summary>
public static class ScheduleRules
{
    /// <summary>Why a schedule can't be carried out; null when it can.</summary>
    public static string? Refuse(SyncSchedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        if (schedule.Cron is not null)
        {
            return schedule.Times.Count > 0 || schedule.Days != ScheduleDays.Daily ? "expected either days and times or cron, not both." : null;
        }

        return schedule switch
        {
            { Times.Count: 0 } => "expected at least one time, such as times: [\"02:00\"].",
            { Days: ScheduleDays.Weekly, Weekdays.Count: 0 } => "expected at least one day of the week.",
            { Days: ScheduleDays.Monthly, MonthDays.Count: 0 } => "expected at least one day of the month.",
            _ => null,
        };
    }
}
