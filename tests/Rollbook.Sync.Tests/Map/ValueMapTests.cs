using CsCheck;
using Rollbook.Sync.Map;

namespace Rollbook.Sync.Tests.Map;

public sealed class ValueMapTests
{
    private static readonly ValueMap Grades = new(
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["K"] = "KG",
            ["k"] = "kg",
            ["00"] = "KG",
            ["TK"] = "PK",
            [" 13 "] = "UG",
            ["none"] = "",
        }
    );

    [Theory]
    [InlineData("00", "KG")]
    [InlineData("K", "KG")]
    [InlineData("k", "kg")]
    [InlineData("tk", "PK")]
    [InlineData("13", "UG")]
    [InlineData("07", "07")]
    [InlineData("none", null)]
    [InlineData("NONE", null)]
    [InlineData(null, null)]
    public void A_value_is_found_to_the_letter_then_in_any_case_and_else_stays(string? from, string? to) => Grades.Of(from).ShouldBe(to);

    [Fact]
    public void Each_element_of_a_list_is_mapped_and_what_becomes_nothing_is_left_out() => Grades.Of(["00", "none", "07"]).ShouldBe(["KG", "07"]);

    [Fact]
    public void A_map_that_names_no_value_of_a_list_changes_nothing() =>
        Gen.Char['a', 'e']
            .Select(letter => $"{letter}")
            .List.Sample(list => new ValueMap(new Dictionary<string, string>(StringComparer.Ordinal) { ["x"] = "y" }).Of(list).SequenceEqual(list));
}
