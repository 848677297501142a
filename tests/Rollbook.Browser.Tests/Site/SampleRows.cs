using Rollbook.Model;

namespace Rollbook.Browser.Tests.Site;

/// <summary>Makes records of the sample district.</summary>
internal sealed class SampleRows(string district)
{
    private static readonly string[] Families =
    [
        "Abernathy",
        "Baptiste-Featherstonehaugh",
        "Castellanos",
        "Dhillon",
        "Eze",
        "Fukuda",
        "García",
        "Hòa",
        "Iverson",
        "Johansson",
        "Kealoha",
        "Łukasiewicz",
    ];
    private static readonly string[] Given = ["Ana", "Bodhi", "Chidi", "Dolores", "Emre", "Freya", "Giang", "Hana", "Ilya", "José", "Keiko"];
    private readonly RowWriter writer = new();

    internal RollbookId Id(Family family, string sisId) => RollbookId.Derive(new IdScope(district, "synergy", family), sisId);

    internal (RollbookId Id, Row Row) Student(int i, string email, string? grade = null) =>
        Person(
            Kind.Student,
            $"s{i:00000}",
            Families[i % Families.Length],
            Given[i % Given.Length],
            new()
            {
                ["email"] = email,
                ["studentNumber"] = $"{900_000 + i}",
                ["grades"] = new[] { grade ?? $"{9 + (i % 4):00}" },
                ["enabled"] = i % 17 != 0,
                ["birthDate"] = new DateOnly(2010, 1 + (i % 12), 1 + (i % 28)),
                ["middleName"] = i % 5 == 0 ? "Marie" : null,
                ["metadata"] = new Dictionary<string, string>(StringComparer.Ordinal) { ["counselor"] = "Ms. Okafor" },
            }
        );

    /// <summary>A student whom a second source has too; what each of them says, and what both say together.</summary>
    internal (RollbookId Id, Row Together, Row Synergy, Row Directory) SharedStudent()
    {
        Dictionary<string, object?> values = new()
        {
            ["username"] = "s00020",
            ["email"] = "s00020@riverside.example",
            ["grades"] = new[] { "09" },
            ["enabled"] = true,
            ["metadata"] = new Dictionary<string, string>(StringComparer.Ordinal) { ["adviser"] = "Ms. Okafor", ["counselor"] = "Ms. Okafor" },
        };
        var (id, synergy) = Person(Kind.Student, "s00020", Families[8], Given[9], new(values));
        var (_, directory) = Person(
            Kind.Student,
            "4b1f0c2e-7d35-4a90-9f6b-0c2f8f1f2d77",
            Families[8],
            "José María de la Concepción Inmaculada",
            new()
            {
                ["username"] = "jose.iverson",
                ["phone"] = "+1 951 555 0120",
                ["sources"] = new[] { "directory" },
            }
        );
        var (_, together) = Person(
            Kind.Student,
            "s00020",
            Families[8],
            Given[9],
            new(values) { ["phone"] = "+1 951 555 0120", ["sources"] = new[] { "synergy", "directory" } }
        );
        return (id, together, synergy, directory);
    }

    internal (RollbookId Id, Row Row) Person(
        Kind kind,
        string sisId,
        string family,
        string given,
        Dictionary<string, object?> more,
        RollbookId? only = null
    )
    {
        var school = only ?? Id(Family.Org, "school-0");
        more["familyName"] = family;
        more["givenName"] = given;
        more["schools"] = only is null ? new[] { school, Id(Family.Org, "school-3") } : new[] { school };
        if (kind != Kind.Contact)
        {
            more["primarySchool"] = kind == Kind.Student && sisId.EndsWith('7') ? Id(Family.Org, "school-3") : school;
        }

        return Make(kind, sisId, more);
    }

    internal (RollbookId Id, Row Row) Class(int i, string title) =>
        Make(
            Kind.Class,
            $"class-{i}",
            new()
            {
                ["title"] = title,
                ["classCode"] = $"{i:000}-1",
                ["classType"] = "scheduled",
                ["course"] = Id(Family.Course, $"course-{i}"),
                ["school"] = Id(Family.Org, "school-0"),
                ["periods"] = new[] { $"{i + 1}" },
                ["calendars"] = new[] { Id(Family.AcademicSession, "fall") },
            }
        );

    internal (RollbookId Id, Row Row) Enrollment(string person, int group, string role) =>
        Make(
            Kind.Enrollment,
            $"{person}-{group}",
            new()
            {
                ["person"] = Id(Family.Person, person),
                ["class"] = Id(Family.Class, $"class-{group}"),
                ["school"] = Id(Family.Org, "school-0"),
                ["role"] = role,
                ["primary"] = role == "teacher" ? true : null,
                ["beginDate"] = new DateOnly(2026, 8, 17),
                ["endDate"] = new DateOnly(2026, 12, 18),
            }
        );

    internal (RollbookId Id, Row Row) Make(Kind kind, string sisId, Dictionary<string, object?> values)
    {
        values["sisId"] = sisId;
        values.TryAdd("sources", new[] { "synergy" });
        writer.Clear();
        foreach (var attribute in Kinds.Of(kind).Attributes)
        {
            Write(attribute.Type, values.GetValueOrDefault(attribute.Name));
        }

        return (Id(Kinds.Of(kind).Family, sisId), writer.ToRow(kind).Copy());
    }

    private void Write(AttributeType type, object? value)
    {
        switch (type)
        {
            case AttributeType.Text:
                writer.Text((string?)value);
                break;
            case AttributeType.Date:
                writer.Date((DateOnly?)value);
                break;
            case AttributeType.Boolean:
                writer.Boolean((bool?)value);
                break;
            case AttributeType.TextList:
                writer.Texts((string[]?)value);
                break;
            case AttributeType.Reference:
                writer.Reference((RollbookId?)value);
                break;
            case AttributeType.ReferenceList:
                writer.References((RollbookId[]?)value ?? []);
                break;
            default:
                writer.Metadata((Dictionary<string, string>?)value);
                break;
        }
    }
}
