using CsCheck;
using Rollbook.Sync.Runs;

namespace Rollbook.Sync.Tests.Runs;

public sealed class RunStatesTests
{
    private static readonly RunState[] All = Enum.GetValues<RunState>();

    [Fact]
    public void Every_walk_from_queued_ends_and_nothing_follows_an_end() =>
        Gen
            .Int.Array[0, 40]
            .Sample(choices =>
            {
                var state = RunState.Queued;
                foreach (var choice in choices)
                {
                    var next = All.Where(to => RunStates.CanMove(state, to)).ToList();
                    RunStates.IsEnd(state).ShouldBe(next.Count == 0);
                    if (next.Count == 0)
                    {
                        return;
                    }

                    state = next[Math.Abs(choice % next.Count)];
                }
            });

    [Fact]
    public void Published_can_only_come_from_publishing_so_that_nothing_crosses_the_boundary_elsewhere() =>
        All.Where(from => RunStates.CanMove(from, RunState.Published)).ShouldBe([RunState.Publishing]);

    [Fact]
    public void Every_active_run_can_fail_since_its_program_can_die_in_every_state() =>
        RunStates.Active.ShouldAllBe(state => RunStates.CanMove(state, RunState.Failed));

    [Fact]
    public void Every_active_run_can_be_cancelled() => RunStates.Active.ShouldAllBe(state => RunStates.CanMove(state, RunState.Cancelled));

    [Fact]
    public void Words_and_states_are_inverse() => All.ShouldAllBe(state => RunStates.FromWord(RunStates.ToWord(state)) == state);
}
