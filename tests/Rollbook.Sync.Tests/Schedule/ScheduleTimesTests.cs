using CsCheck;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Schedule;

namespace Rollbook.Sync.Tests.Schedule;

public sealed class ScheduleTimesTests
{
    private static readonly TimeZoneInfo Pacific = TimeZoneInfo.FindSystemTimeZoneById("America/Los_Angeles");

    [Fact]
    public void A_time_that_the_clock_skips_runs_right_after_the_turn()
    {
        // On 14 March 2027, 02:00 PST is 03:00 PDT.
        var times = Times(Daily("02:30"), "2027-03-13T12:00:00Z", 2);
        times[0].ShouldBe(new ScheduledTime(At("2027-03-14T10:00:00Z"), ClockTurn.Forward));
        times[1].ShouldBe(new ScheduledTime(At("2027-03-15T09:30:00Z"), ClockTurn.None));
    }

    [Fact]
    public void Several_times_that_the_clock_skips_run_once() =>
        Times(Daily("02:00", "02:15", "02:45", "03:00"), "2027-03-14T00:00:00Z", 2)
            .Select(time => time.At)
            .ShouldBe([At("2027-03-14T10:00:00Z"), At("2027-03-15T09:00:00Z")]);

    [Fact]
    public void A_time_that_the_clock_shows_twice_runs_the_first_time()
    {
        // On 1 November 2026, 02:00 PDT is 01:00 PST.
        var times = Times(Daily("01:30"), "2026-11-01T00:00:00Z", 2);
        times[0].ShouldBe(new ScheduledTime(At("2026-11-01T08:30:00Z"), ClockTurn.Back));
        times[1].ShouldBe(new ScheduledTime(At("2026-11-02T09:30:00Z"), ClockTurn.None));
        Times(Daily("01:30"), "2026-11-01T08:30:00Z", 1)[0].At.ShouldBe(At("2026-11-02T09:30:00Z"));
    }

    [Fact]
    public void The_31st_is_the_last_day_of_a_shorter_month_and_runs_once_there()
    {
        var schedule = Daily("02:00") with { Days = ScheduleDays.Monthly, MonthDays = [28, 30, 31] };
        Times(schedule, "2027-02-01T12:00:00Z", 3)
            .Select(time => time.At)
            .ShouldBe([At("2027-02-28T10:00:00Z"), At("2027-03-28T09:00:00Z"), At("2027-03-30T09:00:00Z")]);
    }

    [Fact]
    public void The_last_day_counts_in_the_districts_time_zone()
    {
        // Half past eleven at night in Los Angeles is the next day in UTC.
        var schedule = Daily("23:30") with
        {
            Until = new DateOnly(2026, 12, 2),
        };
        Times(schedule, "2026-12-02T00:00:00Z", 5).Select(time => time.At).ShouldBe([At("2026-12-02T07:30:00Z"), At("2026-12-03T07:30:00Z")]);
        new ScheduleTimes(schedule, Pacific).After(At("2026-12-03T07:30:00Z")).ShouldBeNull();
    }

    [Fact]
    public void A_day_that_a_zone_left_out_runs_right_after_it() =>
        // Samoa went from 29 to 31 December 2011.
        new ScheduleTimes(Daily("12:00") with { Until = new DateOnly(2011, 12, 30) }, TimeZoneInfo.FindSystemTimeZoneById("Pacific/Apia"))
            .Next(At("2011-12-29T23:00:00Z"), 2)
            .ShouldBe([new ScheduledTime(At("2011-12-30T10:00:00Z"), ClockTurn.Forward)]);

    [Fact]
    public void The_times_are_those_of_somebody_who_watches_the_clock() =>
        Gen.Select(Schedules.Any, Schedules.Zone, Schedules.Instant)
            .Sample((schedule, zone, instant) => ShouldBeThoseOfTheClock(schedule, zone, instant, TimeSpan.FromDays(40)), iter: 150);

    [Fact]
    public void Where_the_clock_is_turned_the_times_are_those_of_somebody_who_watches_it() =>
        Gen.Select(Schedules.Any, Schedules.AtTurn)
            .Sample((schedule, at) => ShouldBeThoseOfTheClock(schedule, at.Zone, at.Instant, TimeSpan.FromDays(2)), iter: 1_500);

    private static void ShouldBeThoseOfTheClock(SyncSchedule schedule, TimeZoneInfo zone, DateTimeOffset instant, TimeSpan span)
    {
        const int Most = 12;
        var expected = SlowTimes.After(schedule, zone, instant, span).Take(Most).ToList();
        var times = new ScheduleTimes(schedule, zone).Next(instant, Most);
        times.Select(time => time.At).TakeWhile(at => at <= instant + span).ShouldBe(expected);
    }

    private static IReadOnlyList<ScheduledTime> Times(SyncSchedule schedule, string after, int count) =>
        new ScheduleTimes(schedule, Pacific).Next(At(after), count);

    private static SyncSchedule Daily(params string[] times) =>
        new() { Times = [.. times.Select(time => TimeOnly.ParseExact(time, "HH:mm", null)).Order()] };

    private static DateTimeOffset At(string instant) => DateTimeOffset.Parse(instant, null);
}
