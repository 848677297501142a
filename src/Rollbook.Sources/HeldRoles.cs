using System.Text.Json;

namespace Rollbook.Sources;

/// <summary>A role that OneRoster 1.2 gives a user at an organisation.</summary>
/// <param name="Name">The role: <c>teacher</c>.</param>
/// <param name="Type"><c>primary</c> or <c>secondary</c>.</param>
/// <param name="Org">The organisation's SIS ID.</param>
internal readonly record struct HeldRole(string? Name, string? Type, string? Org);

/// <summary>What of a user's roles of OneRoster 1.2 is 1.1's <c>role</c> and <c>orgs</c>, which all that follows goes by.</summary>
internal static class HeldRoles
{
    /// <summary>
    /// The place of the role that counts: a primary one, one at the primary organisation before others; else the first. A role of the SIS's own invention (<c>ext:</c>) counts only
    /// where there is no other.
    /// </summary>
    public static int Main(IReadOnlyList<HeldRole> roles, string? primaryOrg)
    {
        var chosen = 0;
        for (var at = 1; at < roles.Count; at++)
        {
            if (Rank(roles[at], primaryOrg) > Rank(roles[chosen], primaryOrg))
            {
                chosen = at;
            }
        }

        return chosen;
    }

    /// <summary>Each organisation once: the primary one first, then that of the role that counts.</summary>
    public static IEnumerable<string> Orgs(IReadOnlyList<HeldRole> roles, string? primaryOrg) =>
        roles
            .Select(role => role.Org)
            .Prepend(roles[Main(roles, primaryOrg)].Org)
            .Prepend(primaryOrg)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal);

    /// <summary>Writes both into a user's record; there is at least one role.</summary>
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<HeldRole> roles, string? primaryOrg)
    {
        if (roles[Main(roles, primaryOrg)].Name is { } name)
        {
            writer.WriteString("role"u8, name);
        }

        writer.WriteStartArray("orgs"u8);
        foreach (var org in Orgs(roles, primaryOrg))
        {
            writer.WriteStartObject();
            writer.WriteString("sourcedId"u8, org);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static int Rank(HeldRole role, string? primaryOrg) =>
        (role.Name?.StartsWith("ext:", StringComparison.OrdinalIgnoreCase) is false ? 4 : 0)
        + (string.Equals(role.Type, "primary", StringComparison.OrdinalIgnoreCase) ? 2 : 0)
        + (primaryOrg is not null && string.Equals(role.Org, primaryOrg, StringComparison.Ordinal) ? 1 : 0);
}
