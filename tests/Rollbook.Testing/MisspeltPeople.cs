using System.Globalization;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Duplicates;

namespace Rollbook.Testing;

/// <summary>
/// Made-up students of whom many were registered more than once, with slips of the hand, and among whom there are twins, brothers and sisters, who are not to be
/// taken for one. Names are syllables with frequencies as names have them: a few are common, most are rare.
/// </summary>
public static class MisspeltPeople
{
    private const string App = "sis";
    private const int GivenNames = 1_500;
    private const int FamilyNames = 20_000;
    private const int GivenSalt = 7;
    private const int FamilySalt = 11;

    private static readonly string[] Syllables =
    [
        "ka",
        "mar",
        "lo",
        "ten",
        "ri",
        "bel",
        "so",
        "han",
        "vi",
        "dor",
        "ne",
        "gil",
        "ta",
        "wes",
        "mo",
        "lin",
        "fa",
        "jun",
        "pe",
        "rask",
    ];

    /// <summary>Makes them. Whoever has the same entity is the same person.</summary>
    /// <param name="people">How many people there are; records are half as many more.</param>
    /// <param name="seed">Decides everything.</param>
    public static IEnumerable<(SourcePerson Person, int Entity)> Make(int people, int seed)
    {
        var random = new Random(seed);
        var number = 0;
        for (var entity = 0; entity < people; entity++)
        {
            var student = NewStudent(random, people);
            yield return (Record(student, ref number), entity);
            for (var again = random.Next(4) == 0 ? random.Next(1, 4) : 0; again > 0; again--)
            {
                yield return (Record(Slip(student, random), ref number), entity);
            }

            // One of a hundred has a twin, one of ten a brother or a sister.
            if (random.Next(100) == 0)
            {
                yield return (Record(student with { Given = Name(random, GivenNames, GivenSalt, exclude: student.Given) }, ref number), ++entity);
            }
            else if (random.Next(10) == 0)
            {
                var sibling = student with
                {
                    Given = Name(random, GivenNames, GivenSalt, exclude: student.Given),
                    Born = student.Born.AddDays(random.Next(400, 2_000)),
                };
                yield return (Record(sibling, ref number), ++entity);
            }
        }
    }

    /// <summary>A student's row as the derivation would make it.</summary>
    public static Row RowOf(IReadOnlyDictionary<string, object?> values)
    {
        var writer = new RowWriter();
        foreach (var attribute in Kinds.Of(Kind.Student).Attributes)
        {
            switch (values.GetValueOrDefault(attribute.Name))
            {
                case string text when attribute.Type == AttributeType.Text:
                    writer.Text(text);
                    break;
                case DateOnly date:
                    writer.Date(date);
                    break;
                case string[] texts:
                    writer.Texts(texts);
                    break;
                case RollbookId[] ids:
                    writer.References(ids);
                    break;
                case IReadOnlyDictionary<string, string> metadata:
                    writer.Metadata(new SortedDictionary<string, string>(metadata.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal));
                    break;
                default:
                    writer.Missing();
                    break;
            }
        }

        return writer.ToRow(Kind.Student).Copy();
    }

    private static Student NewStudent(Random random, int people) =>
        new(
            Name(random, GivenNames, GivenSalt, exclude: null),
            Name(random, FamilyNames, FamilySalt, exclude: null),
            new DateOnly(2008, 9, 1).AddDays(random.Next(13 * 365)),
            random.Next(Math.Max(people / 500, 1)),
            random.Next(3) == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"555-{random.Next(10_000_000):0000000}")
        );

    /// <summary>A name of a skewed choice of so many.</summary>
    private static string Name(Random random, int names, int salt, string? exclude)
    {
        while (true)
        {
            var draw = random.NextDouble();
            var choice = new Random((int)(names * draw * draw * draw) * 31 + salt);
            var name = string.Concat(Enumerable.Range(0, 3).Select(_ => Syllables[choice.Next(Syllables.Length)]));
            if (!string.Equals(name, exclude, StringComparison.Ordinal))
            {
                return char.ToUpperInvariant(name[0]) + name[1..];
            }
        }
    }

    private static Student Slip(Student student, Random random)
    {
        for (var slips = random.Next(1, 3); slips > 0; slips--)
        {
            student = random.Next(8) switch
            {
                0 or 1 => student with { Given = Misspell(student.Given, random) },
                2 or 3 => student with { Family = Misspell(student.Family, random) },
                4 when student.Born is { Day: <= 12 } born => student with { Born = new DateOnly(born.Year, born.Day, born.Month) },
                4 or 5 => student with { Born = student.Born.AddDays(random.Next(2) == 0 ? 1 : 10) },
                6 => student with { Phone = null, School = student.School + 1 },
                _ => student with { Given = student.Family, Family = student.Given },
            };
        }

        return student;
    }

    private static string Misspell(string name, Random random)
    {
        var place = random.Next(1, name.Length);
        return random.Next(4) switch
        {
            0 => name.Remove(place, 1),
            1 => name.Insert(place, ((char)('a' + random.Next(26))).ToString()),
            2 when place + 1 < name.Length => $"{name[..place]}{name[place + 1]}{name[place]}{name[(place + 2)..]}",
            _ => $"{name[..place]}{(char)('a' + random.Next(26))}{name[(place + 1)..]}",
        };
    }

    private static SourcePerson Record(Student student, ref int number)
    {
        var sisId = string.Create(CultureInfo.InvariantCulture, $"{++number}");
        var key = RollbookId.Derive(new IdScope("riverside", App, Family.Person), sisId);
        var school = RollbookId.Derive(new IdScope("riverside", App, Family.Org), string.Create(CultureInfo.InvariantCulture, $"{student.School}"));
        var values = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["sisId"] = sisId,
            ["sources"] = new[] { App },
            ["givenName"] = student.Given,
            ["familyName"] = student.Family,
            ["birthDate"] = student.Born,
            ["phone"] = student.Phone,
            ["schools"] = new[] { school },
        };
        return new SourcePerson(new SourceRecord(App, key), key, RowOf(values));
    }

    private sealed record Student(string Given, string Family, DateOnly Born, int School, string? Phone);
}
