using Rollbook.Model;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Setup;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Setup.Uniting;

/// <summary>The entity types whose records several sources can have, as tabs of a step.</summary>
internal static class ComparedKinds
{
    /// <summary>The entity type of this word; students for any other.</summary>
    internal static KindDefinition Find(string? word) =>
        DomainsOfUniqueness.ComparedKinds.FirstOrDefault(kind => string.Equals(kind.Name, word, StringComparison.Ordinal)) ?? Kinds.Of(Kind.Student);

    internal static IReadOnlyList<Tab> Tabs(
        CurrentDistrict current,
        AppSetup setup,
        SetupStep step,
        KindDefinition open,
        Func<KindDefinition, int?> count
    ) =>
        [
            .. DomainsOfUniqueness.ComparedKinds.Select(kind => new Tab(
                kind.Plural,
                $"{SetupAddresses.Of(current, setup, step)}?kind={kind.Name}",
                kind == open,
                count(kind)
            )),
        ];
}
