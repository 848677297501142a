using Microsoft.Extensions.Logging.Abstractions;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Setup;
using Rollbook.Sync.Tests.Derive;

namespace Rollbook.Sync.Tests.Setup;

public sealed class BackgroundJobsTests
{
    private const string Kind = "survey";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_result_and_a_failure_are_kept_for_whoever_looks()
    {
        await using var district = await TestDistrict.StartAsync(GuardTests.Filled());
        await using var jobs = NewJobs();
        await jobs.StartAsync(district.Store, "a", Kind, "ada", (_, _) => Task.FromResult("{}"), Token);
        (await EndAsync(district.Store, "a")).ShouldSatisfyAllConditions(job => job.State.ShouldBe(JobState.Done), job => job.Result.ShouldBe("{}"));
        await jobs.StartAsync(
            district.Store,
            "a",
            Kind,
            "ada",
            (_, _) => throw new SourceException(SourceFailure.Transient, CheckPart.Host, "The SIS sleeps. Try again later."),
            Token
        );
        (await EndAsync(district.Store, "a")).ShouldSatisfyAllConditions(
            job => job.State.ShouldBe(JobState.Failed),
            job => job.Result.ShouldBe("The SIS sleeps. Try again later.")
        );
        await jobs.StartAsync(district.Store, "a", Kind, "ada", (_, _) => throw new InvalidOperationException("a secret of the house"), Token);
        (await EndAsync(district.Store, "a")).Result!.ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_later_one_stops_the_earlier_however_many_begin_at_once()
    {
        await using var district = await TestDistrict.StartAsync(GuardTests.Filled());
        await using var jobs = NewJobs();
        var (atWork, most) = (0, 0);
        await Task.WhenAll(
            Enumerable
                .Range(0, 12)
                .Select(_ =>
                    Task.Run(
                        () =>
                            jobs.StartAsync(
                                district.Store,
                                "a",
                                Kind,
                                "ada",
                                async (_, token) =>
                                {
                                    most = Math.Max(most, Interlocked.Increment(ref atWork));
                                    await Task.Delay(Timeout.Infinite, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                                    Interlocked.Decrement(ref atWork);
                                    token.ThrowIfCancellationRequested();
                                    return "{}";
                                },
                                Token
                            ),
                        Token
                    )
                )
        );
        jobs.IsAtWork(await district.Store.Jobs.LatestAsync("a", Kind, Token)).ShouldBeTrue();
        most.ShouldBe(1);
        await jobs.StopAsync(district.Store, "a", Kind);
        atWork.ShouldBe(0);
        (await district.Store.Jobs.LatestAsync("a", Kind, Token))!.State.ShouldBe(JobState.Failed);
    }

    [Fact]
    public async Task One_whose_place_another_program_has_taken_stops()
    {
        await using var district = await TestDistrict.StartAsync(GuardTests.Filled());
        await using var here = NewJobs();
        await using var there = NewJobs();
        var stopped = new TaskCompletionSource();
        await here.StartAsync(
            district.Store,
            "a",
            Kind,
            "ada",
            async (_, token) =>
            {
                await Task.Delay(Timeout.Infinite, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                stopped.SetResult();
                return "late";
            },
            Token
        );
        await there.StartAsync(district.Store, "a", Kind, "bo", (_, _) => Task.FromResult("right"), Token);
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
        (await EndAsync(district.Store, "a")).Result.ShouldBe("right");
    }

    private static BackgroundJobs NewJobs() => new(TimeProvider.System, NullLogger<BackgroundJobs>.Instance);

    private static async Task<JobRecord> EndAsync(IDistrictStore store, string app)
    {
        while (true)
        {
            if (await store.Jobs.LatestAsync(app, Kind, Token) is { EndedAt: not null } job)
            {
                return job;
            }

            await Task.Delay(20, Token);
        }
    }
}
