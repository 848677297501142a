using System.Runtime.InteropServices;
using System.Text.Json;
using Rollbook.Model;
using Rollbook.Sources.OneRosterCsv.Format;

namespace Rollbook.Sources.OneRosterCsv.Reading;

/// <summary>
/// The roles and profiles of OneRoster 1.2's users, which have files of their own, by user: folded into a user's record as 1.2 REST has them, and as 1.1's <c>role</c> and
/// <c>orgs</c> for all that follows. About 100 bytes a role: words, schools and dates are kept once.
/// </summary>
internal sealed class UserRoles
{
    private readonly Dictionary<RollbookId, (int First, int Last)> byUser = [];
    private readonly Dictionary<RollbookId, List<Profile>> profiles = [];
    private readonly List<Role> roles = [];
    private readonly Dictionary<string, string> words = new(StringComparer.Ordinal);
    private readonly HashSet<RollbookId> met = [];
    private readonly List<HeldRole> held = [];

    /// <summary>Reads both files.</summary>
    /// <exception cref="SourceException">They can't be read.</exception>
    public static UserRoles Read(Contents contents, References references, FindingLog log, CancellationToken cancellationToken)
    {
        var found = new UserRoles();
        if (contents[CsvFiles.Roles] is { } file)
        {
            found.Read(contents, file, references, log, found.AddRole, cancellationToken);
        }

        if (contents[CsvFiles.UserProfiles] is { } profiles)
        {
            found.Read(contents, profiles, references, log, found.AddProfile, cancellationToken);
        }

        return found;
    }

    /// <summary>Writes what a user has into the user's record.</summary>
    public void Write(Utf8JsonWriter writer, RollbookId user, string? primaryOrg, PackageFile file, long line, bool isDeleted, FindingLog log)
    {
        met.Add(user);
        if (byUser.TryGetValue(user, out var chain))
        {
            WriteRoles(writer, chain.First, primaryOrg);
        }
        else if (!isDeleted)
        {
            log.Add(CsvRules.UserWithoutRole, file.Entry.Name, line);
        }

        if (profiles.TryGetValue(user, out var own))
        {
            writer.WriteStartArray("userProfiles"u8);
            foreach (var profile in own)
            {
                profile.Write(writer);
            }

            writer.WriteEndArray();
        }
    }

    /// <summary>All users have come: a role of another one refers to nothing.</summary>
    public void End(PackageFile file, FindingLog log)
    {
        foreach (var (_, chain) in byUser.Where(user => !met.Contains(user.Key)))
        {
            for (var at = chain.First; at >= 0; at = roles[at].Next)
            {
                log.Add(CsvRules.ReferenceDangling, file.Entry.Name, roles[at].Line, "userSourcedId");
            }
        }
    }

    private void Read(
        Contents contents,
        PackageFile file,
        References references,
        FindingLog log,
        Action<RowFields, RollbookId> add,
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
            var user = fields.Text("userSourcedId");
            var isDeleted = checks.IsDeleted(status);
            checks.Row(isDeleted);
            if (user is not null && !isDeleted)
            {
                add(fields, references.KeyOf(Collection.Users, user));
            }
        }

        table.End();
    }

    private void AddRole(RowFields fields, RollbookId user)
    {
        var role = new Role(
            fields.Text("sourcedId"),
            Kept(fields.Text("role")),
            Kept(fields.Text("roleType")),
            Kept(fields.Text("orgSourcedId")),
            Kept(fields.Text("beginDate")),
            Kept(fields.Text("endDate")),
            fields.Text("userProfileSourcedId"),
            (int)fields.Line
        );
        roles.Add(role);
        ref var chain = ref CollectionsMarshal.GetValueRefOrAddDefault(byUser, user, out var isThere);
        if (isThere)
        {
            CollectionsMarshal.AsSpan(roles)[chain.Last].Next = roles.Count - 1;
            chain.Last = roles.Count - 1;
        }
        else
        {
            chain = (roles.Count - 1, roles.Count - 1);
        }
    }

    private void AddProfile(RowFields fields, RollbookId user)
    {
        if (!profiles.TryGetValue(user, out var own))
        {
            profiles[user] = own = [];
        }

        own.Add(
            new Profile(
                fields.Text("sourcedId"),
                Kept(fields.Text("profileType")),
                Kept(fields.Text("vendorId")),
                Kept(fields.Text("applicationId")),
                Kept(fields.Text("description")),
                Kept(fields.Text("credentialType")),
                fields.Text("username")
            )
        );
    }

    private void WriteRoles(Utf8JsonWriter writer, int first, string? primaryOrg)
    {
        held.Clear();
        for (var at = first; at >= 0; at = roles[at].Next)
        {
            held.Add(new HeldRole(roles[at].Name, roles[at].Type, roles[at].Org));
        }

        HeldRoles.Write(writer, held, primaryOrg);
        writer.WriteStartArray("roles"u8);
        for (var at = first; at >= 0; at = roles[at].Next)
        {
            roles[at].Write(writer);
        }

        writer.WriteEndArray();
    }

    private string? Kept(string? text)
    {
        if (text is null)
        {
            return null;
        }

        ref var kept = ref CollectionsMarshal.GetValueRefOrAddDefault(words, text, out _);
        return kept ??= text;
    }

    private record struct Role(string? Id, string? Name, string? Type, string? Org, string? Begin, string? EndDate, string? Profile, int Line)
    {
        internal int Next { get; set; } = -1;

        internal readonly void Write(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            WriteIf(writer, "sourcedId"u8, Id);
            WriteIf(writer, "roleType"u8, Type);
            WriteIf(writer, "role"u8, Name);
            if (Org is not null)
            {
                writer.WriteStartObject("org"u8);
                writer.WriteString("sourcedId"u8, Org);
                writer.WriteEndObject();
            }

            WriteIf(writer, "userProfile"u8, Profile);
            WriteIf(writer, "beginDate"u8, Begin);
            WriteIf(writer, "endDate"u8, EndDate);
            writer.WriteEndObject();
        }
    }

    private sealed record Profile(
        string? Id,
        string? Type,
        string? Vendor,
        string? Application,
        string? Description,
        string? CredentialType,
        string? UserName
    )
    {
        internal void Write(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            WriteIf(writer, "profileId"u8, Id);
            WriteIf(writer, "profileType"u8, Type);
            WriteIf(writer, "vendorId"u8, Vendor);
            WriteIf(writer, "applicationId"u8, Application);
            WriteIf(writer, "description"u8, Description);
            writer.WriteStartArray("credentials"u8);
            writer.WriteStartObject();
            WriteIf(writer, "type"u8, CredentialType);
            WriteIf(writer, "username"u8, UserName);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
    }

    private static void WriteIf(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }
}
