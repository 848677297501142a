using System.Globalization;

namespace Rollbook.Sync.Derive;

/// <summary>What an app's kept upload was accepted with, as the store keeps it: <c>fingerprint:number</c>.</summary>
/// <param name="Fingerprint">The derivation's fingerprint; null before the first acceptance.</param>
/// <param name="RefreshTaken">Up to which number requests for the schools' own attributes are taken; not in the fingerprint, since taking them derives nothing else.</param>
internal sealed record AcceptedDerivation(string? Fingerprint, int RefreshTaken)
{
    internal static AcceptedDerivation Parse(string? text)
    {
        var colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        return colon < 0
            ? new AcceptedDerivation(text, 0)
            : new AcceptedDerivation(text![..colon], int.Parse(text.AsSpan(colon + 1), CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Fingerprint}:{RefreshTaken}");
}
