using System.Globalization;
using Rollbook.Model;

namespace Rollbook.Sync.Derive;

/// <summary>What an app's kept upload was accepted with, as the store keeps it: <c>fingerprint:number</c>, and <c>fingerprint:number:school,school</c> where schools are gone.</summary>
/// <param name="Fingerprint">The derivation's fingerprint; null before the first acceptance.</param>
/// <param name="RefreshTaken">Up to which number requests for the schools' own attributes are taken; not in the fingerprint, since taking them derives nothing else.</param>
/// <param name="GoneSchools">Schools that are mapped, and of which a person has accepted that the source has them no longer.</param>
internal sealed record AcceptedDerivation(string? Fingerprint, int RefreshTaken, IReadOnlyCollection<RollbookId> GoneSchools)
{
    internal static AcceptedDerivation Parse(string? text)
    {
        var parts = text?.Split(':') ?? [];
        return new AcceptedDerivation(
            parts.FirstOrDefault(),
            parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0,
            parts.Length > 2
                ?
                [
                    .. parts[2]
                        .Split(',')
                        .Select(text => RollbookId.TryParse(text, out var id) ? id : throw new FormatException($"{text} is no Rollbook ID.")),
                ]
                : []
        );
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Fingerprint}:{RefreshTaken}{(GoneSchools.Count == 0 ? "" : $":{string.Join(',', GoneSchools)}")}"
        );
}
