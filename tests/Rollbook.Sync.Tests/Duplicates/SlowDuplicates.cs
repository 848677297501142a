using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Duplicates;
using Rollbook.Sync.Tests.Unite;

namespace Rollbook.Sync.Tests.Duplicates;

/// <summary>People who agree on a domain as somebody would find them by hand: each with each, domain by domain.</summary>
internal static class SlowDuplicates
{
    /// <summary>Each two, by the first domain on which they agree.</summary>
    internal static HashSet<(string Domain, RollbookId One, RollbookId Other)> Find(
        IReadOnlyList<(string App, AppConfiguration Settings)> apps,
        IReadOnlyList<SourcePerson> people,
        IReadOnlyList<DuplicateDecision> decisions
    )
    {
        var found = new HashSet<(string, RollbookId, RollbookId)>();
        foreach (var kind in DomainsOfUniqueness.ComparedKinds)
        {
            var domains = apps.Where(app => app.Settings.Advanced.CompareByDomainsOfUniqueness)
                .SelectMany(app => DomainsOfUniqueness.Of(app.Settings, kind.Kind))
                .Select(domain => string.Join(" + ", domain))
                .Distinct()
                .ToList();
            var ofKind = people.Where(person => person.Row.Kind == kind.Kind).ToList();
            foreach (var one in ofKind)
            {
                foreach (var other in ofKind.Where(other => other.Source.Key > one.Source.Key && other.Id != one.Id))
                {
                    var later = new[] { one, other }.MaxBy(person => IndexOf(person.Source.App))!;
                    var shares =
                        one.Source.App == other.Source.App || (Of(one).Advanced.MultipleDataSources && Of(other).Advanced.MultipleDataSources);
                    var by = domains.Find(domain =>
                        Of(later).Advanced.CompareByDomainsOfUniqueness
                        && DomainsOfUniqueness.Of(Of(later), kind.Kind).Any(names => string.Join(" + ", names) == domain)
                        && Value(one, domain) is { } value
                        && value == Value(other, domain)
                    );
                    if (shares && by is not null && !Decided(one, other))
                    {
                        found.Add((by, one.Source.Key, other.Source.Key));
                    }
                }
            }
        }

        return found;

        int IndexOf(string app) => apps.ToList().FindIndex(each => each.App == app);

        AppConfiguration Of(SourcePerson person) => apps[IndexOf(person.Source.App)].Settings;

        bool Decided(SourcePerson one, SourcePerson other)
        {
            var verdicts = new SlowUniting.SlowVerdicts(
                decisions.Where(decision =>
                    decision.Kind == one.Row.Kind
                    && (decision.First.App == decision.Second.App || (Shares(decision.First.App) && Shares(decision.Second.App)))
                )
            );
            return verdicts.AreOne(one.Source.Key, other.Source.Key) || verdicts.AreApart(one.Source.Key, other.Source.Key);
        }

        bool Shares(string app) => apps[IndexOf(app)].Settings.Advanced.MultipleDataSources;
    }

    private static string? Value(SourcePerson person, string domain)
    {
        var values = domain.Split(" + ").Select(name => person.Row[name]?.ToString()?.Trim().ToUpperInvariant()).ToList();
        return values.Contains(null) ? null : string.Join('\n', values);
    }
}
