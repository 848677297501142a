using Rollbook.Model;

namespace Rollbook.Sources.Tests.Contract;

/// <summary>A source that runs for one test of the connector contract, and what it truly holds.</summary>
public interface IContractSource : IAsyncDisposable
{
    /// <summary>Working settings.</summary>
    SourceSettings Settings { get; }

    /// <summary>The same with a wrong secret; null when it has none.</summary>
    SourceSettings? WrongSecret { get; }

    /// <summary>What must not be seen anywhere: the secrets, and tokens had for them.</summary>
    IReadOnlyList<string> Secrets { get; }

    /// <summary>The keys of everything it holds.</summary>
    IReadOnlyDictionary<Collection, IReadOnlySet<RollbookId>> Truth { get; }

    /// <summary>The collections that it holds, in their order; of the others it has no word.</summary>
    IReadOnlyList<Collection> Held => Collections.InOrder;

    /// <summary>Whether a read can go on from where an earlier one was.</summary>
    bool GoesOn => true;

    /// <summary>Settings that reach the source over a line that breaks each time so many bytes came back; null when there is no line.</summary>
    SourceSettings? OverALineThatBreaksAfter(int bytes);

    /// <summary>Settings of a source that never answers; null when there is no line.</summary>
    SourceSettings? OverALineThatIsSilent();
}
