using Rollbook.Model;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Samples;
using Rollbook.Sync.Setup;
using Rollbook.Web.Features.Access;

namespace Rollbook.Web.Features.Setup.Attributes;

/// <summary>Names and addresses of Attributes Mapping.</summary>
internal static class AttributeWords
{
    /// <summary>A kind's title, Rollbook's name over the source's: <c>Student / users</c>.</summary>
    internal static string Title(KindDefinition kind) => $"{kind.Kind} / {Collections.NameOf(SourceAttributes.CollectionOf(kind.Kind))}";

    internal static string ListAddress(CurrentDistrict district, AppSetup setup, KindDefinition kind) =>
        $"{SetupAddresses.Of(district, setup, SetupStep.AttributesMapping)}?kind={kind.Name}";

    /// <summary>Where a pair is written; a new one without <paramref name="target"/>.</summary>
    internal static string PairAddress(CurrentDistrict district, AppSetup setup, KindDefinition kind, string? target) =>
        $"{SetupAddresses.Of(district, setup, SetupStep.AttributesMapping)}/{kind.Name}"
        + (target is null ? "" : $"?target={Uri.EscapeDataString(target)}");

    /// <summary>The configuration with a pair in place of the one for the same target.</summary>
    internal static AppConfiguration WithPair(this AppConfiguration app, KindDefinition kind, AttributePair pair)
    {
        var without = app.WithoutPair(kind, pair.Target);
        return without.With(kind, [.. without.Attributes.GetValueOrDefault(kind.Name) ?? [], pair]);
    }

    /// <summary>The configuration without the pair for a target.</summary>
    internal static AppConfiguration WithoutPair(this AppConfiguration app, KindDefinition kind, string target) =>
        app.With(
            kind,
            [.. (app.Attributes.GetValueOrDefault(kind.Name) ?? []).Where(pair => !string.Equals(pair.Target, target, StringComparison.Ordinal))]
        );

    private static AppConfiguration With(this AppConfiguration app, KindDefinition kind, IReadOnlyList<AttributePair> pairs) =>
        app with
        {
            Attributes = new Dictionary<string, IReadOnlyList<AttributePair>>(app.Attributes, StringComparer.Ordinal) { [kind.Name] = pairs },
        };
}
