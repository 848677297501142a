using System.Text.Json;
using Rollbook.Sources.ActiveDirectory.Ldap;

namespace Rollbook.Sources.ActiveDirectory;

/// <summary>Makes the raw records of the directory: the JSON objects that OneRoster REST would give.</summary>
internal sealed class PersonRecord(DirectorySettings settings)
{
    private const int Disabled = 0x2;

    private static readonly string[] Own =
    [
        "objectGUID",
        "memberOf",
        "userAccountControl",
        "givenName",
        "sn",
        "middleName",
        "mail",
        "proxyAddresses",
        "sAMAccountName",
        "telephoneNumber",
        "mobile",
    ];

    private static readonly string[] Usual =
    [
        "userPrincipalName",
        "employeeID",
        "employeeNumber",
        "employeeType",
        "displayName",
        "initials",
        "department",
        "title",
        "company",
        "division",
        "physicalDeliveryOfficeName",
        "description",
        "info",
        .. Enumerable.Range(1, 15).Select(number => FormattableString.Invariant($"extensionAttribute{number}")),
    ];

    private readonly IReadOnlyList<string> metadata =
    [
        .. Usual.Concat(settings.MoreAttributes).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal),
    ];

    /// <summary>The attributes to ask for.</summary>
    public IReadOnlyList<string> Attributes => [.. Own.Union(metadata, StringComparer.OrdinalIgnoreCase)];

    /// <summary>The key of an entry: the text of its objectGUID; null when it has none.</summary>
    public static string? KeyOf(LdapEntry entry) => entry.Bytes("objectGUID") is [{ Length: 16 } bytes] ? new Guid(bytes).ToString("D") : null;

    /// <summary>Writes the user that an entry is.</summary>
    public void Write(Utf8JsonWriter json, string key, LdapEntry entry, Placement placement)
    {
        json.WriteStartObject();
        json.WriteString("sourcedId", key);
        json.WriteString("status", "active");
        json.WriteString("enabledUser", IsDisabled(entry) ? "false" : "true");
        json.WriteString("role", placement.Role);
        json.WriteStartArray("orgs");
        foreach (var school in placement.Schools.OrderBy(school => school.SourcedId, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("sourcedId", school.SourcedId);
            json.WriteString("type", "org");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Write(json, "username", entry.Text("sAMAccountName"));
        Write(json, "givenName", entry.Text("givenName"));
        Write(json, "familyName", entry.Text("sn"));
        Write(json, "middleName", entry.Text("middleName"));
        Write(json, "identifier", NumberOf(entry));
        Write(json, "email", entry.Text("mail") ?? PrimaryAddressOf(entry));
        Write(json, "phone", entry.Text("telephoneNumber"));
        Write(json, "sms", entry.Text("mobile"));
        json.WriteStartObject("metadata");
        foreach (var name in metadata)
        {
            // The order of an attribute's values has no meaning and may be another one each time.
            var values = entry.Texts(name).Order(StringComparer.Ordinal).ToList();
            if (values.Count > 0)
            {
                json.WriteString(name, string.Join("; ", values));
            }
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes the organisation that a school is.</summary>
    public static void Write(Utf8JsonWriter json, DirectorySchool school)
    {
        json.WriteStartObject();
        json.WriteString("sourcedId", school.SourcedId);
        json.WriteString("status", "active");
        json.WriteString("name", school.Name);
        json.WriteString("type", "school");
        json.WriteEndObject();
    }

    /// <summary>Whether the account is disabled.</summary>
    public static bool IsDisabled(LdapEntry entry) =>
        int.TryParse(entry.Text("userAccountControl"), System.Globalization.CultureInfo.InvariantCulture, out var flags) && (flags & Disabled) != 0;

    private string? NumberOf(LdapEntry entry)
    {
        if (settings.NumberAttributes.Select(entry.Text).FirstOrDefault(value => value is not null) is not { } number)
        {
            return null;
        }

        var prefix = settings
            .NumberPrefixes.Where(prefix => number.Length > prefix.Length && number.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            .MaxBy(prefix => prefix.Length);
        return prefix is null ? number : number[prefix.Length..].TrimStart();
    }

    // SMTP: in capital letters marks the primary one.
    private static string? PrimaryAddressOf(LdapEntry entry) =>
        entry.Texts("proxyAddresses").FirstOrDefault(address => address.StartsWith("SMTP:", StringComparison.Ordinal))?["SMTP:".Length..].Trim();

    private static void Write(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
