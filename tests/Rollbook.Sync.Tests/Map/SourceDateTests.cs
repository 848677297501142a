using CsCheck;
using Rollbook.Sync.Map;

namespace Rollbook.Sync.Tests.Map;

public sealed class SourceDateTests
{
    private static readonly TimeZoneInfo LosAngeles = TimeZoneInfo.FindSystemTimeZoneById("America/Los_Angeles");

    [Theory]
    [InlineData("2026-08-15", "2026-08-15")]
    [InlineData("8/15/2026", "2026-08-15")]
    [InlineData("2026/8/5", "2026-08-05")]
    [InlineData("20260815", "2026-08-15")]
    [InlineData("2026-08-15T00:00:00", "2026-08-15")]
    [InlineData("2026-08-15T23:30:00", "2026-08-15")]
    [InlineData("2026-08-15T00:00:00Z", "2026-08-15")]
    [InlineData("2026-08-15T00:00:00.000Z", "2026-08-15")]
    [InlineData("2026-08-15T00:00:00+00:00", "2026-08-15")]
    [InlineData("2026-08-15T07:00:00Z", "2026-08-15")]
    [InlineData("2026-08-15T06:59:59Z", "2026-08-14")]
    [InlineData("2026-01-15T07:30:00Z", "2026-01-14")]
    [InlineData("2026-08-15T01:00:00-05:00", "2026-08-14")]
    [InlineData("2026-08-15 05:30:00 +0000", "2026-08-14")]
    [InlineData("0001-01-01T01:00:00Z", "0001-01-01")]
    [InlineData("2026-02-30", null)]
    [InlineData("soon", null)]
    [InlineData("", null)]
    public void A_moment_is_the_date_in_the_zone_and_a_date_is_a_date(string text, string? expected) =>
        (SourceDate.Parse(text, LosAngeles)?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(expected);

    [Fact]
    public void Any_moment_that_is_not_midnight_sharp_is_the_day_that_the_zone_has_then() =>
        Gen.Select(Gen.DateTime[new DateTime(1990, 1, 1), new DateTime(2060, 1, 1)], Gen.Int[-12, 14])
            .Sample(
                (time, hours) =>
                {
                    var moment = new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Unspecified), TimeSpan.FromHours(hours));
                    var text = moment.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffffzzz", System.Globalization.CultureInfo.InvariantCulture);
                    return moment.TimeOfDay == TimeSpan.Zero
                        || SourceDate.Parse(text, LosAngeles) == DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, LosAngeles).DateTime);
                }
            );
}
