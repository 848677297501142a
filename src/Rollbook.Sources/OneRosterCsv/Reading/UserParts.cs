using System.Text.Json.Nodes;
using Rollbook.Model;
using Rollbook.Sources.OneRosterCsv.Format;

namespace Rollbook.Sources.OneRosterCsv.Reading;

/// <summary>What a package of changes of OneRoster 1.2 says of users' roles and profiles, by user: those that are new or other, and those that are gone.</summary>
internal sealed class UserParts
{
    private readonly Dictionary<RollbookId, List<Part>> roles = [];
    private readonly Dictionary<RollbookId, List<Part>> profiles = [];
    private bool rolesAreWhole;
    private bool profilesAreWhole;

    /// <summary>The users of whom it says something.</summary>
    public IEnumerable<RollbookId> Users => roles.Keys.Union(profiles.Keys);

    /// <summary>Reads both files.</summary>
    /// <exception cref="SourceException">They can't be read.</exception>
    public static UserParts Read(Contents contents, References references, FindingLog log, CancellationToken cancellationToken)
    {
        var parts = new UserParts();
        if (contents[CsvFiles.Roles] is { } file)
        {
            parts.rolesAreWhole = file.IsBulk;
            Read(contents, file, references, log, parts.roles, RoleOf, cancellationToken);
        }

        if (contents[CsvFiles.UserProfiles] is { } other)
        {
            parts.profilesAreWhole = other.IsBulk;
            Read(contents, other, references, log, parts.profiles, ProfileOf, cancellationToken);
        }

        return parts;
    }

    /// <summary>Makes a user's record have the roles and profiles that the user now has.</summary>
    /// <param name="key">The user.</param>
    /// <param name="user">The record, to be completed.</param>
    /// <param name="before">What the source said of the user before; null when it said nothing.</param>
    public void Apply(RollbookId key, JsonObject user, JsonObject? before)
    {
        var ownRoles = Merge(before?["roles"], roles.GetValueOrDefault(key), "sourcedId", rolesAreWhole);
        var ownProfiles = Merge(before?["userProfiles"], profiles.GetValueOrDefault(key), "profileId", profilesAreWhole);
        foreach (var name in new[] { "role", "orgs", "roles", "userProfiles" })
        {
            user.Remove(name);
        }

        if (ownRoles.Count > 0)
        {
            var primary = IdOf(user["primaryOrg"]);
            HeldRole[] held = [.. ownRoles.Select(role => new HeldRole(TextOf(role["role"]), TextOf(role["roleType"]), IdOf(role["org"])))];
            var main = HeldRoles.Main(held, primary);
            user["role"] = held[main].Name;
            user["orgs"] = new JsonArray([.. HeldRoles.Orgs(held, main, primary).Select(org => new JsonObject { ["sourcedId"] = org })]);
            user["roles"] = new JsonArray([.. ownRoles]);
        }

        if (ownProfiles.Count > 0)
        {
            user["userProfiles"] = new JsonArray([.. ownProfiles]);
        }
    }

    private static List<JsonObject> Merge(JsonNode? before, List<Part>? changes, string idName, bool isWhole)
    {
        // Of a whole file, a user who is in it has what it says and no more; one who is not is not spoken of.
        var own =
            isWhole && changes is not null
                ? []
                : (before as JsonArray ?? []).OfType<JsonObject>().Select(part => (JsonObject)part.DeepClone()).ToList();
        foreach (var change in changes ?? [])
        {
            own.RemoveAll(part => string.Equals(TextOf(part[idName]), change.Id, StringComparison.Ordinal));
            if (change.Value is not null)
            {
                own.Add((JsonObject)change.Value.DeepClone());
            }
        }

        return own;
    }

    private static void Read(
        Contents contents,
        PackageFile file,
        References references,
        FindingLog log,
        Dictionary<RollbookId, List<Part>> into,
        Func<RowFields, JsonObject> make,
        CancellationToken cancellationToken
    )
    {
        using var table = CsvTable.Open(contents, file, log);
        var checks = new RowChecks(file, table.Header, table.Rows, log);
        var status = table.Header.IndexOf("status");
        while (table.Next(cancellationToken))
        {
            if (table.Broken() is not null)
            {
                continue;
            }

            var fields = new RowFields(table, checks);
            if (fields.Text("sourcedId") is { } id && fields.Text("userSourcedId") is { } user)
            {
                var key = references.KeyOf(Collection.Users, user);
                if (!into.TryGetValue(key, out var parts))
                {
                    into[key] = parts = [];
                }

                parts.Add(new Part(id, checks.IsDeleted(status) ? null : make(fields)));
            }
        }

        table.End();
    }

    private static JsonObject RoleOf(RowFields fields) =>
        Without(
            ("sourcedId", fields.Text("sourcedId")),
            ("roleType", fields.Text("roleType")),
            ("role", fields.Text("role")),
            ("org", fields.Text("orgSourcedId") is { } org ? new JsonObject { ["sourcedId"] = org } : null),
            ("userProfile", fields.Text("userProfileSourcedId")),
            ("beginDate", fields.Text("beginDate")),
            ("endDate", fields.Text("endDate"))
        );

    private static JsonObject ProfileOf(RowFields fields) =>
        Without(
            ("profileId", fields.Text("sourcedId")),
            ("profileType", fields.Text("profileType")),
            ("vendorId", fields.Text("vendorId")),
            ("applicationId", fields.Text("applicationId")),
            ("description", fields.Text("description")),
            ("credentials", new JsonArray(Without(("type", fields.Text("credentialType")), ("username", fields.Text("username")))))
        );

    private static JsonObject Without(params (string Name, JsonNode? Value)[] values)
    {
        var made = new JsonObject();
        foreach (var (name, value) in values)
        {
            if (value is not null)
            {
                made[name] = value;
            }
        }

        return made;
    }

    private static string? IdOf(JsonNode? reference) => reference is JsonObject target ? TextOf(target["sourcedId"]) : null;

    private static string? TextOf(JsonNode? value) => value is JsonValue text && text.TryGetValue<string>(out var found) ? found : null;

    /// <summary>A role or profile by its ID; without a value it is gone.</summary>
    private sealed record Part(string Id, JsonObject? Value);
}
