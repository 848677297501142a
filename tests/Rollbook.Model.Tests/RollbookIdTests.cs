using System.Text;
using CsCheck;

namespace Rollbook.Model.Tests;

public sealed class RollbookIdTests
{
    private static readonly IdScope Students = new("riverside", "synergy", Family.Person);

    [Fact]
    public void The_same_inputs_give_the_same_id_on_any_machine() =>
        RollbookId
            .Derive(Students, "96870498-10C3-4D16-8B11-27BA3651C2CE")
            .ToString()
            .ShouldBe(
                RollbookId
                    .Derive(new IdScope("riverside", "synergy", Family.Person), Encoding.UTF8.GetBytes("96870498-10C3-4D16-8B11-27BA3651C2CE"))
                    .ToString()
            );

    [Fact]
    public void An_id_written_down_by_an_earlier_release_is_still_derived() => RollbookId.Derive(Students, "1").ToString().ShouldBe(Pinned);

    // Changing this constant means that every district's IDs change: never do it.
    private const string Pinned = "bbdc1e0c-e8df-813c-9128-20283b32028e";

    [Fact]
    public void It_is_a_uuid_of_version_8() =>
        Gen.String.Sample(sisId =>
        {
            var text = RollbookId.Derive(Students, sisId).ToString();
            text[14].ShouldBe('8');
            "89ab".ShouldContain(text[19]);
        });

    [Fact]
    public void Print_and_parse_are_inverse_and_order_is_that_of_the_bytes() =>
        Gen
            .String.Array[2]
            .Sample(texts =>
            {
                var ids = texts.Select(text => RollbookId.Derive(Students, text)).ToArray();
                RollbookId.TryParse(ids[0].ToString(), out var parsed).ShouldBeTrue();
                parsed.ShouldBe(ids[0]);
                RollbookId.FromGuid(ids[0].ToGuid()).ShouldBe(ids[0]);
                Math.Sign(ids[0].CompareTo(ids[1])).ShouldBe(Math.Sign(ids[0].ToByteArray().AsSpan().SequenceCompareTo(ids[1].ToByteArray())));
            });

    [Fact]
    public void District_source_family_and_prefix_each_make_another_id()
    {
        IdScope[] scopes =
        [
            Students,
            new("lakeside", "synergy", Family.Person),
            new("riverside", "aeries", Family.Person),
            new("riverside", "synergy", Family.Org),
            new("riverside", "synergy", Family.Person, "B-"),
        ];
        scopes.Select(scope => RollbookId.Derive(scope, "1")).Distinct().Count().ShouldBe(scopes.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("not an id")]
    [InlineData("{96870498-10c3-4d16-8b11-27ba3651c2ce}")]
    public void Other_text_is_not_an_id(string? text) => RollbookId.TryParse(text, out _).ShouldBeFalse();
}
