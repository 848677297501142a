using Rollbook.Web.Features.Access;

namespace Rollbook.Web.Features.Quality.Duplicates;

/// <summary>Where records are compared: the address names them by their Rollbook IDs, so that it can be sent to a colleague.</summary>
internal static class DuplicateAddress
{
    /// <summary>The page that puts records side by side.</summary>
    internal static string Of(CurrentDistrict district, IEnumerable<RollbookId> keys) =>
        district.Path("data-quality/duplicates/compare?" + string.Join('&', keys.Select(key => $"id={key}")));

    /// <summary>The records that an address or a form names; what is no ID is left out.</summary>
    internal static IReadOnlyList<RollbookId> Keys(IEnumerable<string?>? ids) =>
        [.. (ids ?? []).Select(text => RollbookId.TryParse(text, out var key) ? key : (RollbookId?)null).OfType<RollbookId>().Distinct()];
}
