using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Sync.Map;
using Rollbook.Sync.Read;

namespace Rollbook.Sync.Derive.Schools;

/// <summary>What Schools Mapping makes of an organisation that is valid.</summary>
internal static class SchoolVerdict
{
    /// <summary>Says it.</summary>
    /// <param name="mapped">What mapping it gave.</param>
    /// <param name="destination">Where Schools Mapping leads it.</param>
    /// <param name="json">Its raw form.</param>
    /// <param name="isHeld">Whether it is in the roster though it leads nowhere, for another app's sake.</param>
    /// <param name="stateOf">The state of one in the roster, which may be gone from the source.</param>
    /// <param name="rowOf">Its row in the roster, with the name that Schools Mapping gives it.</param>
    internal static Mapped Of(
        Mapped mapped,
        SchoolDestination destination,
        ReadOnlyMemory<byte> json,
        bool isHeld,
        Func<OutcomeState, OutcomeState> stateOf,
        Func<string?, Row> rowOf
    )
    {
        if (mapped.State != OutcomeState.Published)
        {
            return mapped;
        }

        switch (destination)
        {
            case SchoolDestination.Create create:
                return mapped with
                {
                    State = stateOf(OutcomeState.Published),
                    Row = rowOf(create.Name),
                    Findings = [.. mapped.Findings.Where(finding => create.Name is null || finding.Attribute is not "name")],
                };
            case SchoolDestination.Join:
                return mapped with { State = OutcomeState.Part, Row = default, Findings = [] };
            case SchoolDestination.Nowhere when isHeld:
                return mapped with { State = stateOf(OutcomeState.Lent), Row = rowOf(null), Findings = [] };
            default:
                var state = RawOrg.Read(json) is { IsSchool: false } ? OutcomeState.UnmappedOrganisation : OutcomeState.Unmapped;
                return mapped with { State = state, Row = default, Findings = [] };
        }
    }
}
