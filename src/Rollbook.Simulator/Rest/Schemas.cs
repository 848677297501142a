using System.Globalization;
using Rollbook.Simulator.Districts;
using Rollbook.Simulator.Generation;

namespace Rollbook.Simulator.Rest;

/// <summary>What each kind's fields hold, read from the district's tables.</summary>
internal static class Schemas
{
    public static Schema Org { get; } =
        new(
            Kind.Orgs,
            new TextField("name", (d, row) => d.Orgs[row].Name),
            new WordField("type", ["district", "school"], (d, row) => (int)d.Orgs[row].Type),
            new TextField("identifier", (d, row) => d.Orgs[row].Code),
            new ReferenceField("parent", ReferenceTarget.Org, (d, row) => d.Orgs[row].Parent),
            new ReferencesField("children", ReferenceTarget.Org, (d, row) => row == 0 ? d.Schools() : []),
            new MetadataField(("level", (d, row) => d.Orgs[row].Level == SchoolLevel.None ? null : d.Orgs[row].Level.ToString()))
        );

    public static Schema Session { get; } =
        new(
            Kind.AcademicSessions,
            new TextField("title", (d, row) => d.Sessions[row].Title),
            new DateField("startDate", (d, row) => d.Sessions[row].Start),
            new DateField("endDate", (d, row) => d.Sessions[row].End),
            new WordField("type", ["schoolYear", "term", "semester", "gradingPeriod"], (d, row) => (int)d.Sessions[row].Type),
            new ReferenceField("parent", ReferenceTarget.Session, (d, row) => d.Sessions[row].Parent),
            new ReferencesField("children", ReferenceTarget.Session, (d, row) => d.ChildSessions(row)),
            new TextField("schoolYear", (d, row) => d.Sessions[row].Year.ToString(CultureInfo.InvariantCulture)),
            new MetadataField(("schoolSourcedId", (d, row) => d.Sessions[row].School == 0 ? null : d.SourcedId(Kind.Orgs, d.Sessions[row].School)))
        );

    public static Schema Course { get; } =
        new(
            Kind.Courses,
            new TextField("title", (d, row) => d.Courses[row].Title),
            new ReferenceField("schoolYear", ReferenceTarget.Session, (d, row) => d.Courses[row].SchoolYear),
            new TextField("courseCode", (d, row) => d.Courses[row].Code),
            new ListField("grades", (d, row) => GradesOf(d.Courses[row].Grade)),
            new ListField("subjects", (d, row) => [Subject.All[d.Courses[row].Subject].Name]),
            new ReferenceField("org", ReferenceTarget.Org, (d, row) => d.Courses[row].Org),
            new ListField("subjectCodes", (d, row) => [Subject.All[d.Courses[row].Subject].Sced])
        );

    public static Schema Class(ReferenceTarget term) =>
        new(
            Kind.Classes,
            new TextField("title", (d, row) => Sections.Title(d, row)),
            new TextField("classCode", (d, row) => Sections.Code(d, row)),
            new WordField("classType", ["scheduled", "homeroom"], (d, row) => d.Classes[row].Homeroom ? 1 : 0),
            new TextField("location", (d, row) => Sections.Location(d, row)),
            new ListField("grades", (d, row) => GradesOf(d.Classes[row].Grade)),
            new ListField("subjects", (d, row) => [Subject.All[d.Courses[d.Classes[row].Course].Subject].Name]),
            new ReferenceField("course", ReferenceTarget.Course, (d, row) => d.Classes[row].Course),
            new ReferenceField("school", ReferenceTarget.Org, (d, row) => d.Classes[row].School),
            new ReferencesField("terms", term, (d, row) => [.. Enumerable.Range(d.Classes[row].FirstTerm, d.Classes[row].TermCount)]),
            new ListField("subjectCodes", (d, row) => [Subject.All[d.Courses[d.Classes[row].Course].Subject].Sced]),
            new ListField("periods", (d, row) => [d.Classes[row].Period.ToString(CultureInfo.InvariantCulture)]),
            new MetadataField(("termCode", (d, row) => Sections.TermCode(d, row)))
        );

    public static Schema User { get; } =
        new(
            Kind.Users,
            new TextField("username", Persons.Username),
            new ObjectsField("userIds", ["type", "identifier"], Persons.UserIds),
            new FlagField("enabledUser", (d, row) => !d.Users[row].Disabled),
            new TextField("givenName", (d, row) => Names.Given(d.Users[row].Given)),
            new TextField("familyName", (d, row) => Names.Family(d.Users[row].Family)),
            new TextField("middleName", (d, row) => d.Users[row].Middle == ushort.MaxValue ? null : Names.Given(d.Users[row].Middle)),
            new WordField(
                "role",
                ["student", "teacher", "aide", "proctor", "administrator", "guardian", "parent", "relative"],
                (d, row) => (int)d.Users[row].Role
            ),
            new TextField("identifier", Persons.Identifier),
            new TextField("email", Persons.Email),
            new TextField("phone", Persons.Phone),
            new ReferencesField("agents", ReferenceTarget.User, (d, row) => [.. d.AgentsOf(row)]),
            new ReferencesField("orgs", ReferenceTarget.Org, (d, row) => d.OrgsOf(row)),
            new ListField("grades", (d, row) => GradesOf(d.Users[row].Grade)),
            new MetadataField(("expectedGraduationYear", Persons.GraduationYear))
        );

    public static Schema Enrollment(string aide) =>
        new(
            Kind.Enrollments,
            new ReferenceField("user", ReferenceTarget.User, (d, row) => d.Enrollments[row].User),
            new ReferenceField("class", ReferenceTarget.Class, (d, row) => d.Enrollments[row].Class),
            new ReferenceField("school", ReferenceTarget.Org, (d, row) => d.Classes[d.Enrollments[row].Class].School),
            new WordField("role", ["student", "teacher", aide, "proctor", "administrator"], (d, row) => (int)d.Enrollments[row].Role),
            new FlagField("primary", (d, row) => d.Enrollments[row].Role == Role.Teacher ? d.Enrollments[row].Primary : null),
            new DateField("beginDate", (d, row) => d.Enrollments[row].Begin),
            new DateField("endDate", (d, row) => d.Enrollments[row].End)
        );

    public static Schema Demographics { get; } = DemographicsSchema.Make();

    internal static string[] GradesOf(sbyte grade) => grade < 0 ? [] : [Grades.Code(grade)];
}
