using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Rollbook.Sync.Configuration;

/// <summary>
/// An app's <c>schedule</c>: <c>off</c>, or <c>{ days, times, until }</c> where days are <c>daily</c>, names of days or days of the month, or <c>{ cron, until }</c>.
/// </summary>
internal static class ScheduleSection
{
    internal static SyncSchedule? Read(YamlReader yaml, string path, YamlNode node, ScheduleRules rules)
    {
        if (node is YamlScalarNode { Value: "off" or "false" })
        {
            return null;
        }

        var schedule = new SyncSchedule();
        var before = yaml.Errors.Count;
        var values = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        foreach (var (key, keyNode, value) in yaml.Members(node, path))
        {
            var at = $"{path}.{key}";
            values[key] = value;
            switch (key)
            {
                case "days":
                    schedule = ReadDays(yaml, at, value, schedule);
                    break;
                case "times":
                    schedule = schedule with { Times = ReadTimes(yaml, at, value) };
                    break;
                case "cron":
                    schedule = schedule with { Cron = yaml.Text(value, at) };
                    break;
                case "until":
                    if (DateOnly.TryParseExact(yaml.Text(value, at), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var until))
                    {
                        schedule = schedule with { Until = until };
                    }
                    else
                    {
                        yaml.Refuse(value, at, $"expected a date such as 2027-06-30, found {YamlReader.Shown(value)}.");
                    }

                    break;
                default:
                    yaml.UnknownKey(keyNode, path, key, ["days", "times", "cron", "until"]);
                    break;
            }
        }

        // What was refused above is already said, and the rest of the schedule may lack it.
        if (yaml.Errors.Count == before && rules.Refuse(schedule) is { } refusal)
        {
            var key = refusal.Part.ToString().ToLowerInvariant();
            yaml.Refuse(values.GetValueOrDefault(key, node), $"{path}.{key}", refusal.Message);
        }

        return schedule;
    }

    internal static object Write(SyncSchedule schedule)
    {
        var written = new Dictionary<string, object>(StringComparer.Ordinal);
        if (schedule.Cron is { } cron)
        {
            written["cron"] = cron;
        }
        else
        {
            written["days"] = schedule.Days switch
            {
                ScheduleDays.Weekly => schedule.Weekdays.Select(Word).ToList(),
                ScheduleDays.Monthly => schedule.MonthDays.ToList(),
                _ => "daily",
            };
            written["times"] = schedule.Times.Select(time => time.ToString("HH:mm", CultureInfo.InvariantCulture)).ToList();
        }

        if (schedule.Until is { } until)
        {
            written["until"] = until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        }

        return written;
    }

    private static string Word(DayOfWeek day) => day.ToString().ToLowerInvariant();

    private static SyncSchedule ReadDays(YamlReader yaml, string path, YamlNode node, SyncSchedule schedule)
    {
        if (node is YamlScalarNode { Value: "daily" })
        {
            return schedule with { Days = ScheduleDays.Daily };
        }

        var weekdays = new SortedSet<DayOfWeek>();
        var monthDays = new SortedSet<int>();
        foreach (var item in yaml.Items(node, path))
        {
            var text = yaml.Text(item, path);
            if (Enum.GetValues<DayOfWeek>().Where(day => string.Equals(Word(day), text, StringComparison.OrdinalIgnoreCase)).ToArray() is [var day])
            {
                weekdays.Add(day);
            }
            else if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 31)
            {
                monthDays.Add(number);
            }
            else
            {
                yaml.Refuse(
                    item,
                    path,
                    $"expected daily, days of the week such as monday, or days of the month from 1 to 31, found {YamlReader.Shown(item)}."
                );
            }
        }

        if (weekdays.Count > 0 && monthDays.Count > 0)
        {
            yaml.Refuse(node, path, "expected either days of the week or days of the month, not both.");
        }

        return schedule with
        {
            Days = monthDays.Count > 0 ? ScheduleDays.Monthly : ScheduleDays.Weekly,
            Weekdays = [.. weekdays],
            MonthDays = [.. monthDays],
        };
    }

    private static TimeOnly[] ReadTimes(YamlReader yaml, string path, YamlNode node)
    {
        var times = new SortedSet<TimeOnly>();
        foreach (var item in yaml.Items(node, path))
        {
            if (TimeOnly.TryParseExact(yaml.Text(item, path), ["HH:mm", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            {
                times.Add(time);
            }
            else
            {
                yaml.Refuse(item, path, $"expected a time such as \"02:00\", found {YamlReader.Shown(item)}.");
            }
        }

        return [.. times];
    }
}
