using Rollbook.Model;
using Rollbook.Web.Ui;

namespace Rollbook.Browser.Tests.Look;

public sealed class WordingTests
{
    [Theory]
    [InlineData("America/Los_Angeles", "Nov 24, 2026, 2:05 AM PST")]
    [InlineData("America/New_York", "Nov 24, 2026, 5:05 AM EST")]
    [InlineData("UTC", "Nov 24, 2026, 10:05 AM UTC")]
    public void A_time_is_told_in_the_zone_and_says_which(string zone, string expected) =>
        Wording.Exact(new DateTimeOffset(2026, 11, 24, 10, 5, 0, TimeSpan.Zero), TimeZoneInfo.FindSystemTimeZoneById(zone)).ShouldBe(expected);

    [Fact]
    public void Daylight_saving_is_told() =>
        Wording
            .Exact(new DateTimeOffset(2026, 7, 1, 10, 5, 0, TimeSpan.Zero), TimeZoneInfo.FindSystemTimeZoneById("America/Los_Angeles"))
            .ShouldBe("Jul 1, 2026, 3:05 AM PDT");

    [Theory]
    [InlineData(0.42, "0.4 s")]
    [InlineData(2, "2 s")]
    [InlineData(46, "46 s")]
    [InlineData(190, "3 min 10 s")]
    [InlineData(3900, "1 h 5 min")]
    public void A_duration_has_its_units(double seconds, string expected) => Wording.Duration(TimeSpan.FromSeconds(seconds)).ShouldBe(expected);

    [Theory]
    [InlineData(20, "just now")]
    [InlineData(60, "1 minute ago")]
    [InlineData(7200, "2 hours ago")]
    [InlineData(86400 * 3, "3 days ago")]
    public void An_age_is_told_roughly(double seconds, string expected) => Wording.Ago(TimeSpan.FromSeconds(seconds)).ShouldBe(expected);

    [Fact]
    public void Numbers_have_separators_and_attributes_names()
    {
        Wording.Count(1, "record", "records").ShouldBe("1 record");
        Wording.Count(1_234_567, "record", "records").ShouldBe("1,234,567 records");
        var student = Kinds.Of(Kind.Student);
        Wording.Label(student["givenName"]).ShouldBe("Given name");
        Wording.Label(student["sisId"]).ShouldBe("SIS ID");
        Wording.Label(student["americanIndianOrAlaskaNative"]).ShouldBe("American Indian or Alaska Native");
    }
}
