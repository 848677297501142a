using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.WhatIf;

/// <summary>What is asked of a what-if: an app, and the configuration with which it would be imported. Nothing of it need be saved.</summary>
/// <param name="App">The app's ID.</param>
/// <param name="Configuration">The district's configuration; has the app.</param>
public sealed record WhatIfQuestion(string App, DistrictConfiguration Configuration)
{
    /// <summary>Secrets in clear that take the place of those kept, by setting; never printed.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// The kinds of which it is also counted what lacks a value, besides what rules leave out and what goes along with that; null where none of it is counted. For it these kinds
    /// and those that have Filter Rules are derived whole.
    /// </summary>
    public IReadOnlySet<Kind>? Census { get; init; }

    /// <summary>For <see cref="Census"/>: what rules leave out is counted, and of no kind what lacks a value.</summary>
    public static IReadOnlySet<Kind> RulesOnly { get; } = new HashSet<Kind>();

    /// <summary>For <see cref="Census"/>: one kind.</summary>
    public static IReadOnlySet<Kind> CensusOf(Kind kind) => new HashSet<Kind> { kind };

    /// <summary>Whether the source is read although there is a kept upload: a rehearsal.</summary>
    public bool ReadsSource { get; init; }

    /// <summary>The rehearsal whose package is read in place of the app's own (<see cref="Rehearsals.ReceiveAsync"/>); null for none.</summary>
    public string? Rehearsal { get; init; }

    /// <summary>What is read instead of what is in force, in words: <c>another connection</c>; null for what is in force.</summary>
    public string? Of { get; init; }

    /// <summary>Whether Data Rollover is heeded, as by an import: then the deletions that it leaves out hold nothing.</summary>
    public bool HeedsRollover { get; init; } = true;

    /// <summary>The question for a draft of one app beside what is in force for the others.</summary>
    public static async Task<WhatIfQuestion> OfDraftAsync(
        IDistrictStore store,
        string app,
        AppConfiguration draft,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        var version = await store.Configuration.LatestAsync(cancellationToken);
        var configuration = version is null ? DistrictConfiguration.Of(store.District) : DistrictConfiguration.FromDocument(version.Document);
        return new WhatIfQuestion(app, configuration.With(app, draft));
    }

    /// <summary>Nothing of the secrets.</summary>
    public override string ToString() => $"What if {App} were imported";
}
