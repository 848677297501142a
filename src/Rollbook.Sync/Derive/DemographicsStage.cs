using Rollbook.Model;
using Rollbook.Sync.Map;
using Rollbook.Sync.Read;

namespace Rollbook.Sync.Derive;

/// <summary>Demographics, which are no records of their own: a change of one is a change of the user of the same sourcedId, who is read next.</summary>
internal sealed class DemographicsStage(Derivation derivation, KeptUpload kept) : CollectionStage(derivation, Collection.Demographics, kept)
{
    private readonly PartMapper mapper = new(derivation.Mapping.Zone);

    protected override Outcome Derive(RollbookId key, ReadOnlyMemory<byte> json, Outcome? before, bool consequence, bool isAgain)
    {
        Derivation.Parts[key] = mapper.Map(json);
        Concern(key);
        return new Outcome(OutcomeState.Part, Kind.Student, Unresolved: false);
    }

    protected override void Removed(RollbookId key, Outcome before, bool isAgain)
    {
        Derivation.Parts.Remove(key);
        Concern(key);
    }

    protected override async Task FinishAsync(CancellationToken cancellationToken)
    {
        await DeriveUnmetAsync(cancellationToken);
        await WriteOutAsync(cancellationToken);
        Derivation.Demographics = Kept;
    }

    private void Concern(RollbookId key)
    {
        if (!Derivation.Rederives(Collection))
        {
            Derivation.PartChanged.Add(key);
        }
    }
}
