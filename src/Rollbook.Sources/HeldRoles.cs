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

    /// <summary>Each organisation once: the primary one first, then that of the role that counts, which stands at <paramref name="main"/>.</summary>
    public static IEnumerable<string> Orgs(IReadOnlyList<HeldRole> roles, int main, string? primaryOrg)
    {
        if (primaryOrg is not null)
        {
            yield return primaryOrg;
        }

        if (roles[main].Org is { } first && !string.Equals(first, primaryOrg, StringComparison.Ordinal))
        {
            yield return first;
        }

        for (var at = 0; at < roles.Count; at++)
        {
            if (roles[at].Org is { } org && !string.Equals(org, primaryOrg, StringComparison.Ordinal) && IsNew(roles, main, at))
            {
                yield return org;
            }
        }
    }

    /// <summary>Writes both into a user's record; there is at least one role.</summary>
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<HeldRole> roles, string? primaryOrg)
    {
        var main = Main(roles, primaryOrg);
        if (roles[main].Name is { } name)
        {
            writer.WriteString("role"u8, name);
        }

        writer.WriteStartArray("orgs"u8);
        foreach (var org in Orgs(roles, main, primaryOrg))
        {
            writer.WriteStartObject();
            writer.WriteString("sourcedId"u8, org);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    // People hold few roles: looking back is quicker than keeping a set.
    private static bool IsNew(IReadOnlyList<HeldRole> roles, int main, int at)
    {
        var isNew = !string.Equals(roles[main].Org, roles[at].Org, StringComparison.Ordinal);
        for (var before = 0; isNew && before < at; before++)
        {
            isNew = !string.Equals(roles[before].Org, roles[at].Org, StringComparison.Ordinal);
        }

        return isNew;
    }

    private static int Rank(HeldRole role, string? primaryOrg) =>
        (role.Name?.StartsWith("ext:", StringComparison.OrdinalIgnoreCase) is false ? 4 : 0)
        + (string.Equals(role.Type, "primary", StringComparison.OrdinalIgnoreCase) ? 2 : 0)
        + (primaryOrg is not null && string.Equals(role.Org, primaryOrg, StringComparison.Ordinal) ? 1 : 0);
}
