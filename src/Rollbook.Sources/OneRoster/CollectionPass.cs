using System.Runtime.CompilerServices;
using Rollbook.Model;

namespace Rollbook.Sources.OneRoster;

/// <summary>How a pass over a collection ended.</summary>
internal abstract record PassEnd
{
    /// <summary>Everything its endpoints have was read. <paramref name="Missing"/>: endpoints that could not be.</summary>
    public sealed record Done(long Read, long? Expected, IReadOnlyList<string> Missing) : PassEnd;

    /// <summary>The collection must be read anew.</summary>
    public sealed record Unstable(string Why) : PassEnd;

    /// <summary>None of its endpoints can be read.</summary>
    public sealed record Refused(RequestFailure Failure) : PassEnd;
}

/// <summary>One pass over the endpoints of a plan, from the start or from a checkpoint.</summary>
internal sealed class CollectionPass(
    OneRosterConnection connection,
    Collection collection,
    IdScope scope,
    EndpointPlan plan,
    ResumePoint? resume,
    int limit,
    bool remember
)
{
    private readonly KeySet? earlierParts = plan.Parts.Count > 1 ? new KeySet() : null;
    private readonly List<string> missing = [];
    private RollbookId? awaited = resume?.LastKey;
    private long read = resume?.Read ?? 0;
    private long? expected;
    private RequestFailure? refused;
    private WalkStep.Unstable? unstable;

    /// <summary>How it ended; valid when <see cref="ReadAsync"/> is over.</summary>
    public PassEnd End =>
        this switch
        {
            { unstable: { } step } => new PassEnd.Unstable(step.Why),
            { refused: { } failure } when missing.Count == plan.Parts.Count => resume is null
                ? new PassEnd.Refused(failure)
                : new PassEnd.Unstable("the checkpoint's place is gone"),
            _ => new PassEnd.Done(read, plan.Parts.Count == 1 ? expected : null, missing),
        };

    public async IAsyncEnumerable<SourceMessage> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var endpoint in plan.Parts)
        {
            var walk = new PageWalk(new PageSource(connection, endpoint, scope), connection.Options, limit, resume?.Start ?? 0);
            try
            {
                var guard = new DuplicateGuard(remember);
                while (unstable is null && await NextAsync(walk, endpoint, guard, cancellationToken) is { } page)
                {
                    foreach (var message in Messages(walk, page))
                    {
                        yield return message;
                    }
                }

                foreach (var notice in TakeNotices(walk))
                {
                    yield return notice;
                }
            }
            finally
            {
                await walk.StopAsync();
            }
        }
    }

    private async Task<Page?> NextAsync(PageWalk walk, Endpoint endpoint, DuplicateGuard guard, CancellationToken cancellationToken)
    {
        switch (await walk.NextAsync(cancellationToken))
        {
            case WalkStep.Rows { Page: var page }:
                if (!guard.Take(page))
                {
                    unstable = new WalkStep.Unstable("pages overlap");
                }
                else if (awaited is { } key && walk.Offset >= resume!.Offset && !Contains(page, key))
                {
                    unstable = new WalkStep.Unstable("records before the checkpoint changed since");
                }

                if (unstable is not null)
                {
                    page.Dispose();
                    return null;
                }

                earlierParts?.DropSeen(page);
                return page;
            case WalkStep.Unstable step:
                unstable = step;
                return null;
            case WalkStep.Refused { Failure: var failure }:
                refused = failure;
                missing.Add(endpoint.Path + endpoint.Filter);
                return null;
            default:
                expected = walk.Totals.Believed(walk.Offset);
                if (awaited is not null)
                {
                    unstable = new WalkStep.Unstable("the checkpoint's record is gone");
                }

                return null;
        }
    }

    private IEnumerable<SourceMessage> Messages(PageWalk walk, Page page)
    {
        foreach (var notice in TakeNotices(walk))
        {
            yield return notice;
        }

        foreach (var reason in page.Rejections)
        {
            yield return new SourceMessage.Rejected(collection, null, $"A record of {Collections.NameOf(collection)} can't be taken: {reason}.");
        }

        var total = plan.Parts.Count == 1 ? walk.Totals.Believed(walk.Offset) : null;
        var checkpoint = plan.Parts.Count == 1 && page.Count > 0;
        Count(page);
        var last = page.Count > 0 ? page.Records[^1].Key : default;
        if (page.Count > 0)
        {
            yield return new SourceMessage.Batch(collection, collection is Collection.Users ? UsersOf(page) : page.ToBatch());
        }
        else
        {
            page.Dispose();
        }

        yield return new SourceMessage.Progress(collection, read, total);
        if (checkpoint && awaited is null)
        {
            yield return new SourceMessage.Checkpoint(collection, new ResumePoint(walk.Offset, read, last).ToToken());
        }
    }

    private RawBatch UsersOf(Page page)
    {
        if (connection.Settings.Api.Version is OneRosterVersion.V12)
        {
            return UserShape.Complete(page.ToBatch());
        }

        // Hardly any SIS sends them.
        return UserShape.MayHoldPasswords(page.Body) ? UserShape.DropPasswords(page.ToBatch()) : page.ToBatch();
    }

    private IEnumerable<SourceMessage> TakeNotices(PageWalk walk)
    {
        while (walk.Notices.TryDequeue(out var notice))
        {
            yield return new SourceMessage.Notice(collection, notice);
        }
    }

    // Records up to the checkpoint's last one were counted before the checkpoint.
    private void Count(Page page)
    {
        if (awaited is not { } key)
        {
            read += page.Count;
            return;
        }

        for (var i = 0; i < page.Count; i++)
        {
            if (page.Records[i].Key == key)
            {
                awaited = null;
                read += page.Count - i - 1;
                return;
            }
        }
    }

    private static bool Contains(Page page, RollbookId key)
    {
        foreach (var record in page.Records)
        {
            if (record.Key == key)
            {
                return true;
            }
        }

        return false;
    }
}
