using CsCheck;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Tests.Schedule;

public sealed class ScheduleRulesTests
{
    [Theory]
    [InlineData("0 0 2 * * ?")]
    [InlineData("0 0/5 * * * ?")]
    [InlineData("0 0 0/1 ? * MON-FRI")]
    [InlineData("0 0 2 L * ?")]
    [InlineData("0 0 2 29 2 ?")]
    [InlineData("@daily")]
    [InlineData("0 2,58 0,23 ? * MON,WED")]
    public void An_expression_that_can_be_carried_out_is_taken(string cron) => Refuse(cron).ShouldBeNull();

    [Theory]
    [InlineData("0 2 * * *", "found 5")]
    [InlineData("soon", "found 1")]
    [InlineData("0 0 2 ? * FUNDAY", "Day-of-Week")]
    [InlineData("0 0 2 30 2 ?", "never comes")]
    [InlineData("0 0/4 * * * ?", "00:04:00 and 00:08:00 are closer")]
    [InlineData("* 0 2 * * ?", "02:00:00 and 02:00:01 are closer")]
    [InlineData("0 0,58 0,23 * * ?", "23:58:00 and 00:00:00 are closer")]
    [InlineData("0 0,58 0,23 ? * MON,TUE", "23:58:00 and 00:00:00 are closer")]
    [InlineData("0 0,58 0,23 1,31 * ?", "23:58:00 and 00:00:00 are closer")]
    public void Another_one_is_refused_with_what_to_write(string cron, string message) =>
        Refuse(cron).ShouldNotBeNull().Message.ShouldContain(message);

    [Fact]
    public void The_operator_may_allow_more_often() =>
        new ScheduleRules(TimeSpan.FromSeconds(1)).Refuse(new SyncSchedule { Cron = "* * * * * ?" }).ShouldBeNull();

    [Fact]
    public void Whatever_is_taken_leaves_the_shortest_interval_between_two_imports_of_any_month() =>
        Gen.Select(Gen.Int[0, 59].Array[1, 3], Gen.Int[0, 23].Array[1, 3], Gen.OneOf("*", "MON", "SAT,SUN", "TUE-THU"))
            .Sample(
                (minutes, hours, days) =>
                {
                    var schedule = new SyncSchedule { Cron = $"0 {string.Join(',', minutes)} {string.Join(',', hours)} ? * {days}" };
                    var times = SlowTimes
                        .After(schedule, TimeZoneInfo.Utc, new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromDays(8))
                        .ToList();
                    var isFine = times.Zip(times.Skip(1)).All(pair => pair.Second - pair.First >= ScheduleRules.DefaultShortestInterval);
                    (ScheduleRules.Default.Refuse(schedule) is null).ShouldBe(isFine, schedule.Cron);
                },
                iter: 200
            );

    private static ScheduleRefusal? Refuse(string cron) => ScheduleRules.Default.Refuse(new SyncSchedule { Cron = cron });
}
