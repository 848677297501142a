using Rollbook.Simulator.Districts;
using Rollbook.Simulator.Generation;

namespace Rollbook.Simulator.Rest;

/// <summary>Users as OneRoster 1.2 has them: roles at organisations, a primary organisation, preferred names, profiles.</summary>
internal static class UserSchema12
{
    private static readonly string[] Pronouns = ["she/her", "he/him", "they/them"];

    public static Schema Make() =>
        new(
            Kind.Users,
            new TextField("userMasterIdentifier", (d, row) => "M" + SourcedIds.Number(row)),
            new TextField("username", Persons.Username),
            new ObjectsField("userIds", ["type", "identifier"], Persons.UserIds),
            new FlagField("enabledUser", (d, row) => !d.Users[row].Disabled),
            new TextField("givenName", (d, row) => Names.Given(d.Users[row].Given)),
            new TextField("familyName", (d, row) => Names.Family(d.Users[row].Family)),
            new TextField("middleName", (d, row) => Middle(d, row)),
            // Some go by their middle name, some by the name of someone else.
            new TextField("preferredFirstName", (d, row) => row % 7 == 3 ? Middle(d, row) : null),
            new TextField("preferredMiddleName", (d, row) => row % 29 == 6 ? Names.Given(d.Users[row - 1].Given) : null),
            new TextField("preferredLastName", (d, row) => row % 31 == 4 ? Names.Family(d.Users[row - 1].Family) : null),
            new TextField("pronouns", (d, row) => row % 5 == 0 ? Pronouns[row % Pronouns.Length] : null),
            new RolesField(),
            new ProfilesField(),
            new ReferenceField("primaryOrg", ReferenceTarget.Org, (d, row) => d.OrgsOf(row)[0]),
            new TextField("identifier", Persons.Identifier),
            new TextField("email", Persons.Email),
            new TextField("phone", Persons.Phone),
            new ReferencesField("agents", ReferenceTarget.User, (d, row) => [.. d.AgentsOf(row)]),
            new ListField("grades", (d, row) => Schemas.GradesOf(d.Users[row].Grade)),
            new MetadataField(("expectedGraduationYear", Persons.GraduationYear))
        );

    private static string? Middle(District district, int row) =>
        district.Users[row].Middle == ushort.MaxValue ? null : Names.Given(district.Users[row].Middle);
}

/// <summary>
/// One primary role at each organisation of the user; the primary organisation's is not always the first. Some teachers proctor, too, which is a role beside and stands first.
/// </summary>
internal sealed class RolesField() : Field("roles")
{
    public override void Write(RecordWriter to, int row)
    {
        to.Json.WriteStartArray(Key);
        foreach (var (role, type, org) in RolesOf(to.District, row))
        {
            to.Json.WriteStartObject();
            to.Json.WriteString("roleType", type);
            to.Json.WriteString("role", role);
            to.Json.WritePropertyName("org");
            to.Reference(ReferenceTarget.Org, org);
            to.Json.WriteEndObject();
        }

        to.Json.WriteEndArray();
    }

    public override bool HasPart(string? part) => part is "role" or "roleType" or "org.sourcedId";

    public override FieldValue Value(District district, int row, string? part) =>
        FieldValue.Of([
            .. RolesOf(district, row)
                .Select(held =>
                    part switch
                    {
                        "role" => held.Role,
                        "roleType" => held.Type,
                        _ => district.SourcedId(Kind.Orgs, held.Org),
                    }
                ),
        ]);

    private static IEnumerable<(string Role, string Type, int Org)> RolesOf(District district, int row)
    {
        var orgs = district.OrgsOf(row);
        if (district.Users[row].Role == Role.Teacher && row % 11 == 0)
        {
            yield return ("proctor", "secondary", orgs[0]);
        }

        if (row % 2 == 0)
        {
            orgs.Reverse();
        }

        foreach (var org in orgs)
        {
            yield return (Word(district, row, org), "primary", org);
        }
    }

    private static string Word(District district, int row, int org) =>
        district.Users[row].Role switch
        {
            Role.Administrator when district.Orgs[org].Type is OrgType.District => "districtAdministrator",
            Role.Administrator => row % 4 == 0 ? "principal" : "siteAdministrator",
            var role => role.ToString().ToLowerInvariant(),
        };
}

/// <summary>The sign-in of everyone but guardians, as a profile; with a password where the SIS is careless.</summary>
internal sealed class ProfilesField() : Field("userProfiles")
{
    public override void Write(RecordWriter to, int row)
    {
        if (to.District.Users[row].Role >= Role.Guardian)
        {
            return;
        }

        var username = Persons.Username(to.District, row);
        to.Json.WriteStartArray(Key);
        to.Json.WriteStartObject();
        to.Json.WriteString("profileId", $"https://sso.juniper-valley.example/profiles/{row + 1}");
        to.Json.WriteString("profileType", "SSO");
        to.Json.WriteString("vendorId", "juniper-valley");
        to.Json.WriteStartArray("credentials");
        to.Json.WriteStartObject();
        to.Json.WriteString("type", "local");
        to.Json.WriteString("username", username);
        if (row % 3 == 0)
        {
            to.Json.WriteString("password", "a-password-that-nobody-should-keep");
        }

        to.Json.WriteEndObject();
        to.Json.WriteEndArray();
        to.Json.WriteEndObject();
        to.Json.WriteEndArray();
    }

    public override FieldValue Value(District district, int row, string? part) => FieldValue.Absent;
}
