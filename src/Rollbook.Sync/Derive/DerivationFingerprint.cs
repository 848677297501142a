using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Derive;

/// <summary>
/// Identifies what a derivation depends on besides the raw records: the part of the configuration, and the derivation's own edition. While it stays the same,
/// an unchanged raw record needs no second look.
/// </summary>
internal static class DerivationFingerprint
{
    /// <summary>Goes up when the code derives something else from the same records.</summary>
    private const int Edition = 3;

    private static readonly JsonSerializerOptions Options = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>The fingerprint.</summary>
    /// <param name="app">The app.</param>
    /// <param name="zone">The zone in which moments become dates.</param>
    /// <param name="schools">What becomes of the source's schools (<see cref="Schools.SchoolDestinations.Fingerprint"/>).</param>
    /// <param name="today">The day in the district's time zone.</param>
    /// <param name="uniting">How people are made of what several sources say (<see cref="Unite.Uniting.Fingerprint"/>); null for an app that has its people alone.</param>
    /// <param name="successors">Which records keep the Rollbook IDs of others (<see cref="Map.IdScopes.Fingerprint"/>); null for none.</param>
    internal static string Of(
        AppConfiguration app,
        TimeZoneInfo zone,
        string schools,
        DateOnly today,
        string? uniting = null,
        string? successors = null
    )
    {
        var depends = new
        {
            Edition,
            app.Advanced.SisIdPrefix,
            app.Sorted().Attributes,
            Zone = zone.Id,
            Schools = schools,
            Uniting = uniting,
        };
        var text = JsonSerializer.Serialize(depends, Options);
        var requirements = app.Sorted().Requirements;
        if (requirements.Count > 0)
        {
            // Beside the rest, so that without rules it is what it was before there were any.
            text += JsonSerializer.Serialize(requirements);
        }

        var filters = app.Sorted().Filters;
        if (filters.Count > 0)
        {
            // The day is derived anew only where a rule asks for it; what a rule is called does not matter.
            var rules = filters.Select(rule => rule with { Name = null });
            text += JsonSerializer.Serialize(new { Filters = rules, Day = FilterRules.NeedDay(filters) ? today : (DateOnly?)null });
        }

        text += successors;
        return Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes(text)));
    }
}
