using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Storage;

namespace Rollbook.Sync.Quality;

/// <summary>What is wrong, once, however many records it costs.</summary>
public abstract record RootCause
{
    private RootCause() { }

    /// <summary>Records that have an Error for it.</summary>
    public long Errors { get; private init; }

    /// <summary>Records that are not imported for it, those included that only follow, by kind.</summary>
    public IReadOnlyDictionary<Kind, long> Skipped { get; private init; } = new Dictionary<Kind, long>();

    /// <summary>Whether the district chose it.</summary>
    public virtual bool IsChosen => false;

    /// <summary>The order of causes: what keeps most records out first, then what most records have an Error for.</summary>
    public (long Skipped, long Errors) Cost => (Skipped.Values.Sum(), Errors);

    /// <summary>A record that others can't stand without and that the source does not have.</summary>
    /// <param name="Target">The record.</param>
    public sealed record Missing(MissingTarget Target) : RootCause
    {
        internal Missing(MissingTarget target, IReadOnlyDictionary<Kind, long> skipped)
            : this(target) => Skipped = skipped;
    }

    /// <summary>Schools that Schools Mapping leaves out, with their records and what can't stand without these.</summary>
    public sealed record NotMapped : RootCause
    {
        internal NotMapped(IReadOnlyDictionary<Kind, long> skipped) => Skipped = skipped;

        /// <inheritdoc/>
        public override bool IsChosen => true;
    }

    /// <summary>Records that Filter Rules leave out, for what can't stand without these.</summary>
    public sealed record Filtered : RootCause
    {
        internal Filtered(IReadOnlyDictionary<Kind, long> skipped) => Skipped = skipped;

        /// <inheritdoc/>
        public override bool IsChosen => true;
    }

    /// <summary>A value that records of a kind lack, or that is not valid.</summary>
    /// <param name="Kind">The kind.</param>
    /// <param name="Attribute">The attribute.</param>
    /// <param name="Rule">The rule that asks for it.</param>
    /// <param name="Problem">What is wrong.</param>
    /// <param name="Count">How many records have it.</param>
    /// <param name="Schools">At which schools, most first; records of no school are not among them.</param>
    public sealed record Value(
        Kind Kind,
        string Attribute,
        IssueRule Rule,
        IssueProblem Problem,
        long Count,
        IReadOnlyList<(RollbookId School, long Count)> Schools
    ) : RootCause
    {
        internal Value With(IReadOnlyDictionary<Kind, long> followers)
        {
            if (Rule == IssueRule.Report)
            {
                return this with { Errors = Count };
            }

            var skipped = followers.ToDictionary();
            skipped[Kind] = skipped.GetValueOrDefault(Kind) + Count;
            return this with { Skipped = skipped };
        }
    }

    /// <summary>A rule of the format that a file of the source breaks. What it says was read all the same.</summary>
    /// <param name="Finding">Where and how often.</param>
    public sealed record File(FileFinding Finding) : RootCause;
}
