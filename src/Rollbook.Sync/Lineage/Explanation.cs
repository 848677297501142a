using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Read;

namespace Rollbook.Sync.Lineage;

/// <summary>Why a record of the roster is as it is, or why a record of a source is not in it (product.md section 5, <b>Sources</b>). Personal data: never logged.</summary>
/// <param name="Id">The Rollbook ID that was asked for.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Record">The record in the newest version; null when it is not there.</param>
/// <param name="Sources">What each source says, in the order of the sources.</param>
/// <param name="Attributes">Where each value comes from, in the kind's order; empty when the record is not in the roster.</param>
/// <param name="Notes">What else to know, in sentences: how the sources' records became one, which ID is kept, what the next import may change.</param>
public sealed record Explanation(
    RollbookId Id,
    Kind Kind,
    RosterRecord? Record,
    IReadOnlyList<SourceAccount> Sources,
    IReadOnlyList<AttributeAccount> Attributes,
    IReadOnlyList<string> Notes
);

/// <summary>What one source says of a record.</summary>
/// <param name="App">The app.</param>
/// <param name="Name">The app's name.</param>
/// <param name="Key">The Rollbook ID that the source's own ID gives.</param>
/// <param name="SisId">The SIS ID, prefix included; null when the source's record is not there any more.</param>
/// <param name="State">What became of the source's record; null when it is not there any more.</param>
/// <param name="Story">That in sentences, with the rule.</param>
/// <param name="Run">The run whose upload brought the raw record last; null when it is not known.</param>
/// <param name="IsRunCertain">Whether it was that run, or may have been one before it: when an upload is written anew, records move along.</param>
/// <param name="Raw">The raw record, indented, without secrets; null when it is not there any more.</param>
/// <param name="RawDemographics">The raw demographics that complete it; null for none.</param>
/// <param name="Row">What is made of it; null when nothing can be.</param>
/// <param name="Feeds">By which pair each attribute is fed, in words.</param>
public sealed record SourceAccount(
    string App,
    string Name,
    RollbookId Key,
    string? SisId,
    OutcomeState? State,
    IReadOnlyList<string> Story,
    RunRecord? Run,
    bool IsRunCertain,
    string? Raw,
    string? RawDemographics,
    Row? Row,
    IReadOnlyDictionary<string, string> Feeds
)
{
    /// <summary>Whether the roster's record is made of it, alone or with others.</summary>
    public bool Counts { get; init; }

    /// <summary>What each Filter Rule asks of it in vain, in sentences. Of persons personal data: which values it asks for says which the record has.</summary>
    public IReadOnlyList<string> FilterStory { get; init; } = [];
}

/// <summary>Where the value of an attribute comes from.</summary>
/// <param name="Attribute">The attribute.</param>
/// <param name="Value">The value in the roster; null for none.</param>
/// <param name="Winners">The accounts whose value it is, as positions in <see cref="Explanation.Sources"/>: none, one, or several that are united.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Why">The rule in a sentence.</param>
/// <param name="Derived">What the sources' records give for it now: other than the value in the roster when an import is still to come.</param>
public sealed record AttributeAccount(
    Model.Attribute Attribute,
    object? Value,
    IReadOnlyList<int> Winners,
    WinningRule Rule,
    string Why,
    object? Derived
);

/// <summary>By which rule a source's value is the roster's.</summary>
public enum WinningRule
{
    /// <summary>No source gives one.</summary>
    None,

    /// <summary>There is one source.</summary>
    OnlySource,

    /// <summary>Of several sources one has a value.</summary>
    OnlyValue,

    /// <summary>Its source is Master.</summary>
    Master,

    /// <summary>Its source is the first in the order that has one.</summary>
    First,

    /// <summary>As <see cref="First"/>, after one that does not override was passed over.</summary>
    PassedOver,

    /// <summary>The sources' values are united.</summary>
    United,

    /// <summary>The SIS ID is that of the first source.</summary>
    FirstSisId,

    /// <summary>Rollbook gives it itself.</summary>
    Rollbook,
}
