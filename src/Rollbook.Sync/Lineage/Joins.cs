using Rollbook.Model;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Unite;

namespace Rollbook.Sync.Lineage;

/// <summary>Says how the records of several sources became one, and why it has the Rollbook ID that it has.</summary>
internal static class Joins
{
    /// <summary>In sentences.</summary>
    internal static IEnumerable<string> Of(
        DistrictConfiguration configuration,
        Verdicts verdicts,
        RollbookId id,
        IReadOnlyList<SourceAccount> accounts
    )
    {
        for (var i = 1; i < accounts.Count; i++)
        {
            var account = accounts[i];
            if (accounts.Take(i).FirstOrDefault(before => verdicts.AreOne(before.Key, account.Key)) is { } merged)
            {
                yield return $"{account.Name} {account.SisId} belongs to the same record because a person merged it with {merged.Name} {merged.SisId}: see Decided under Data Quality, Duplicates.";
                continue;
            }

            var agree = DomainsOf(configuration, account)
                .Where(domain => domain.Of(account.Row!.Value) is { } value && accounts.Take(i).Any(before => domain.Of(before.Row!.Value) == value))
                .Select(domain => string.Join(" and ", domain.Attributes))
                .ToList();
            yield return agree.Count == 0
                ? $"{account.Name} and the sources before it agree on none of its Domains of Uniqueness as they are now."
                : $"{account.Name} belongs to the same record by Domains of Uniqueness: it agrees with a source before it on {string.Join("; on ", agree)}. The first of these whose value nobody else has decides.";
        }

        if (accounts.Count > 0 && accounts[0].Key != id)
        {
            yield return accounts.Any(account => verdicts.AreOne(account.Key, id))
                ? "The record keeps the Rollbook ID of the record that a person put first when merging."
            : accounts.Any(account => account.Key == id)
                ? "The record keeps the Rollbook ID that one of its sources gives, though another comes first in the order."
            : "The record keeps the Rollbook ID that it had from a source which is no longer part of it.";
        }
    }

    private static IEnumerable<Domain> DomainsOf(DistrictConfiguration configuration, SourceAccount account) =>
        configuration.Apps.GetValueOrDefault(account.App) is { Advanced.CompareByDomainsOfUniqueness: true } settings
            ? DomainsOfUniqueness.Of(settings, account.Row!.Value.Kind).Select(names => new Domain(account.Row.Value.Kind, names))
            : [];
}
