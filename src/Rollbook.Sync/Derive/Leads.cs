using Rollbook.Model;
using Rollbook.Sync.Derive.Schools;
using Rollbook.Sync.Map;
using Rollbook.Sync.Read;

namespace Rollbook.Sync.Derive;

/// <summary>Where a reference leads, by what became of the record that it names.</summary>
internal static class Leads
{
    /// <summary>Follows it.</summary>
    /// <param name="family">The family referred to.</param>
    /// <param name="key">The key of the record that it names.</param>
    /// <param name="outcome">What became of that record.</param>
    /// <param name="schools">Schools Mapping.</param>
    /// <param name="idOf">The record of the roster that a record of the source is, or is part of.</param>
    internal static Lead Of(Family family, RollbookId key, Outcome outcome, SchoolDestinations schools, Func<Family, RollbookId, RollbookId> idOf) =>
        outcome.State switch
        {
            OutcomeState.Published => new Lead(ReferenceFate.Leads, outcome.Kind, idOf(family, key)),
            OutcomeState.Retained when schools.Of(key) is not SchoolDestination.Nowhere => new Lead(ReferenceFate.Leads, outcome.Kind, key),
            OutcomeState.Part when schools.Of(key) is SchoolDestination.Join join => new Lead(ReferenceFate.Leads, outcome.Kind, join.Id),
            OutcomeState.Unmapped or OutcomeState.Lent or OutcomeState.Retained when family == Family.Org => new Lead(ReferenceFate.Unmapped),
            OutcomeState.Filtered => new Lead(ReferenceFate.Filtered, outcome.Kind),
            OutcomeState.UnmappedOrganisation => new Lead(ReferenceFate.UnmappedOrganisation),
            _ => new Lead(ReferenceFate.Missing),
        };
}
