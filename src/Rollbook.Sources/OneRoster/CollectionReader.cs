using System.Runtime.CompilerServices;
using Rollbook.Model;

namespace Rollbook.Sources.OneRoster;

/// <summary>Reads one collection to its end: from a checkpoint, once more when its pages moved, from other endpoints when its own is missing.</summary>
internal sealed class CollectionReader(OneRosterConnection connection, Collection collection, IdScope scope, int? pageSize = null)
{
    private readonly string name = Collections.NameOf(collection);
    private EndpointPlan plan = EndpointPlan.Direct(collection);
    private bool isDerived;

    /// <summary>The collection's messages, the last being complete or unavailable.</summary>
    /// <exception cref="SourceException">The read failed; thrown while enumerating.</exception>
    public async IAsyncEnumerable<SourceMessage> ReadAsync(string? checkpoint, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var resume = ResumePoint.Parse(checkpoint);
        if (checkpoint is not null && resume is null)
        {
            yield return new SourceMessage.Notice(
                collection,
                $"The checkpoint of {name} is of another version; {name} were read from the beginning."
            );
        }

        var limit = pageSize ?? connection.Settings.PageSize;
        for (var isRepeat = false; ; )
        {
            var pass = new CollectionPass(connection, collection, scope, plan, resume, limit, isRepeat);
            await foreach (var message in pass.ReadAsync(cancellationToken))
            {
                yield return message;
            }

            switch (pass.End)
            {
                case PassEnd.Done done:
                    yield return Finish(done);
                    yield break;
                case PassEnd.Unstable unstable when resume is not null:
                    yield return new SourceMessage.Notice(collection, $"{unstable.Why}; {name} were read from the beginning.");
                    resume = null;
                    break;
                case PassEnd.Unstable unstable when !isRepeat:
                    (isRepeat, limit) = (true, OneRosterOptions.LargestPage);
                    yield return new SourceMessage.Notice(
                        collection,
                        $"The SIS's pages do not fit together ({unstable.Why}); {name} were read again, in pages of {limit}."
                    );
                    break;
                case PassEnd.Unstable unstable:
                    throw new SourceException(
                        SourceFailure.Defect,
                        CheckPart.Roster,
                        $"Pages overlap: the SIS does not page {name} in a steady order ({unstable.Why}; twice), so records may be missing. Nothing was deleted. Run again when nobody works in the SIS; if it stays so, tell its vendor."
                    );
                case PassEnd.Refused { Failure: var failure }
                    when !isDerived
                        && failure.Fault is Fault.NotFound
                        && EndpointPlan.Derived(collection, connection.Settings.Api.Version) is { } other:
                    (plan, isDerived) = (other, true);
                    yield return new SourceMessage.Notice(collection, $"The SIS has no {name}; they were read from {Names(other)} instead.");
                    break;
                case PassEnd.Refused { Failure: var failure } when collection is Collection.Demographics:
                    yield return new SourceMessage.Unavailable(
                        collection,
                        $"The SIS does not give demographics to this client: {failure.Message} What is known of them stays as it is."
                    );
                    yield break;
                case PassEnd.Refused { Failure: var failure }:
                    throw failure.ToSourceException(name);
            }
        }
    }

    private SourceMessage Finish(PassEnd.Done done)
    {
        if (!isDerived || (plan.IsWhole && done.Missing.Count == 0))
        {
            return new SourceMessage.Complete(collection, done.Read, done.Expected);
        }

        var gap =
            done.Missing.Count == 0
                ? $"{Names(plan)} are not all of them"
                : $"some endpoints could not be read ({string.Join(", ", done.Missing.Select(Uri.UnescapeDataString))})";
        return new SourceMessage.Unavailable(
            collection,
            $"The SIS has no {name} as such, and {gap}. What was found was taken; nothing of {name} is deleted."
        );
    }

    private static string Names(EndpointPlan plan) => string.Join(" and ", plan.Parts.Select(part => part.Path).Distinct(StringComparer.Ordinal));
}
