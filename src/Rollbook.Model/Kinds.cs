using static Rollbook.Model.AttributeType;

namespace Rollbook.Model;

/// <summary>The kinds of the roster and their attributes (command-line.md section 2).</summary>
public static class Kinds
{
    private static readonly KindDefinition[] Definitions =
    [
        new(Kind.School, Family.Org, "Schools", "name", Text("name"), Text("type"), Text("identifier"), Ref("parent", Family.Org)),
        new(
            Kind.Calendar,
            Family.AcademicSession,
            "Calendars",
            "title",
            Text("title"),
            Text("type"),
            Date("startDate"),
            Date("endDate"),
            Text("schoolYear"),
            Ref("parent", Family.AcademicSession)
        ),
        new(
            Kind.Course,
            Family.Course,
            "Courses",
            "title",
            Text("title"),
            Text("courseCode"),
            Texts("grades"),
            Texts("subjects"),
            Texts("subjectCodes"),
            Ref("school", Family.Org),
            Ref("calendar", Family.AcademicSession)
        ),
        new(
            Kind.Class,
            Family.Class,
            "Classes",
            "title",
            Text("title"),
            Text("classCode"),
            Text("classType"),
            Text("location"),
            Texts("grades"),
            Texts("subjects"),
            Texts("subjectCodes"),
            Texts("periods"),
            Needs("course", Family.Course),
            Needs("school", Family.Org),
            Refs("calendars", Family.AcademicSession)
        ),
        new(
            Kind.Student,
            Family.Person,
            "Students",
            "familyName",
            [
                Personal("studentNumber"),
                Personal("stateId"),
                Personal("username"),
                Personal("email"),
                .. Names(),
                Personal("phone"),
                Personal("sms"),
                Texts("grades"),
                Flag("enabled"),
                NeedsOneOf("schools", Family.Org),
                Ref("primarySchool", Family.Org),
                Refs("contacts", Family.Person),
                .. Demographics(),
            ]
        ),
        new(Kind.Teacher, Family.Person, "Teachers", "familyName", Staff()),
        new(Kind.Admin, Family.Person, "Admins", "familyName", Staff()),
        new(
            Kind.Contact,
            Family.Person,
            "Contacts",
            "familyName",
            [
                Personal("identifier"),
                Personal("username"),
                Personal("email"),
                .. Names(),
                Personal("phone"),
                Personal("sms"),
                Text("role"),
                Flag("enabled"),
                NeedsOneOf("schools", Family.Org),
                Refs("students", Family.Person),
            ]
        ),
        new(
            Kind.Enrollment,
            Family.Enrollment,
            "Enrollments",
            "sisId",
            Needs("person", Family.Person),
            Needs("class", Family.Class),
            Needs("school", Family.Org),
            Text("role"),
            Flag("primary"),
            Date("beginDate"),
            Date("endDate")
        ),
    ];

    /// <summary>Every kind's definition, in the order of publication: what a record refers to comes first.</summary>
    public static IReadOnlyList<KindDefinition> All => Definitions;

    /// <summary>The definition of a kind.</summary>
    public static KindDefinition Of(Kind kind) => Definitions[(int)kind];

    /// <summary>The kinds of a family, in order.</summary>
    public static IEnumerable<KindDefinition> Of(Family family) => Definitions.Where(definition => definition.Family == family);

    /// <summary>The kind of this word (<c>student</c>), or null.</summary>
    public static KindDefinition? Find(string? name) =>
        Definitions.FirstOrDefault(definition => string.Equals(definition.Name, name, StringComparison.Ordinal));

    private static Attribute[] Staff() =>
        [
            Personal("staffNumber"),
            Personal("stateId"),
            Personal("username"),
            Personal("email"),
            .. Names(),
            Personal("phone"),
            Personal("sms"),
            Text("title"),
            Text("role"),
            Flag("enabled"),
            NeedsOneOf("schools", Family.Org),
            Ref("primarySchool", Family.Org),
        ];

    private static Attribute[] Names() =>
        [
            Personal("givenName"),
            Personal("middleName"),
            Personal("familyName"),
            Personal("preferredGivenName"),
            Personal("preferredMiddleName"),
            Personal("preferredFamilyName"),
            Personal("pronouns"),
        ];

    private static Attribute[] Demographics() =>
        [
            new("birthDate", AttributeType.Date, Personal: true),
            Personal("sex"),
            PersonalFlag("americanIndianOrAlaskaNative"),
            PersonalFlag("asian"),
            PersonalFlag("blackOrAfricanAmerican"),
            PersonalFlag("nativeHawaiianOrOtherPacificIslander"),
            PersonalFlag("white"),
            PersonalFlag("demographicRaceTwoOrMoreRaces"),
            PersonalFlag("hispanicOrLatinoEthnicity"),
            Personal("countryOfBirthCode"),
            Personal("stateOfBirthAbbreviation"),
            Personal("cityOfBirth"),
            Personal("publicSchoolResidenceStatus"),
        ];

    private static Attribute Text(string name) => new(name, AttributeType.Text);

    private static Attribute Personal(string name) => new(name, AttributeType.Text, Personal: true);

    private static Attribute Texts(string name) => new(name, TextList);

    private static Attribute Date(string name) => new(name, AttributeType.Date);

    private static Attribute Flag(string name) => new(name, AttributeType.Boolean);

    private static Attribute PersonalFlag(string name) => new(name, AttributeType.Boolean, Personal: true);

    private static Attribute Ref(string name, Family target) => new(name, Reference, target);

    private static Attribute Needs(string name, Family target) => new(name, Reference, target, Required: true);

    private static Attribute Refs(string name, Family target) => new(name, ReferenceList, target);

    private static Attribute NeedsOneOf(string name, Family target) => new(name, ReferenceList, target, Required: true);
}
