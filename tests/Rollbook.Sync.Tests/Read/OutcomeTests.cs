using Rollbook.Model;
using Rollbook.Sync.Read;

namespace Rollbook.Sync.Tests.Read;

public sealed class OutcomeTests
{
    [Fact]
    public void Every_outcome_has_a_byte_of_its_own_and_comes_back_from_it()
    {
        var all =
            from state in Enum.GetValues<OutcomeState>()
            from kind in Enum.GetValues<Kind>()
            from unresolved in new[] { false, true }
            select new Outcome(state, kind, unresolved);
        var bytes = all.Select(outcome => outcome.ToByte()).ToList();
        bytes.Distinct().Count().ShouldBe(bytes.Count);
        bytes.Select(Outcome.FromByte).ShouldBe(all);
    }

    [Theory]
    [InlineData(0x04, OutcomeState.Published, Kind.Student, false)]
    [InlineData(0x58, OutcomeState.Withheld, Kind.Enrollment, true)]
    [InlineData(0xB0, OutcomeState.Lent, Kind.School, false)]
    public void What_was_stored_before_means_the_same(int stored, OutcomeState state, Kind kind, bool unresolved) =>
        Outcome.FromByte((byte)stored).ShouldBe(new Outcome(state, kind, unresolved));
}
