using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Duplicates;
using Rollbook.Sync.Unite;
using Rollbook.Testing;

namespace Rollbook.Sync.Tests.Duplicates;

/// <summary>Suggestions: who may be one though no domain says so.</summary>
public sealed class SuggestionTests
{
    private static readonly DistrictConfiguration Configuration = new()
    {
        Id = "riverside",
        Name = "Riverside",
        Apps = new Dictionary<string, AppConfiguration>(StringComparer.Ordinal) { ["sis"] = new() { Type = "synergy" } },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(3_000, 1)]
    [InlineData(12_000, 2)]
    public void Of_people_registered_twice_with_slips_most_are_found_and_hardly_anybody_else(int people, int seed)
    {
        var entities = new Dictionary<RollbookId, int>();
        var alike = new AlikePeople(Configuration, Kind.Student, Verdicts.None);
        foreach (var (person, entity) in MisspeltPeople.Make(people, seed))
        {
            entities[person.Source.Key] = entity;
            alike.Add(person);
        }

        var found = alike.Find((_, _) => false, int.MaxValue, Token);
        var pairs = (double)entities.GroupBy(each => each.Value).Sum(same => same.Count() * (same.Count() - 1) / 2);
        var right = (double)found.Count(pair => entities[pair.Records[0].Key] == entities[pair.Records[1].Key]);
        var (precision, recall) = (right / found.Count, right / pairs);
        precision.ShouldBeGreaterThanOrEqualTo(0.99);
        (2 * precision * recall / (precision + recall)).ShouldBeGreaterThanOrEqualTo(0.85);
        found.Select(pair => pair.Rank).ShouldBeInOrder();
    }

    [Fact]
    public void The_order_of_the_records_makes_no_difference()
    {
        var people = MisspeltPeople.Make(800, 3).Select(each => each.Person).ToList();
        var found = Find(people);
        found.Count.ShouldBeGreaterThan(100);
        people.Reverse();
        Find(people).Select(pair => (pair.Number, pair.Rank, pair.Reasons)).ShouldBe(found.Select(pair => (pair.Number, pair.Rank, pair.Reasons)));
    }

    [Fact]
    public void Reasons_tell_what_speaks_for_it_and_hold_no_value()
    {
        var people = Crowd();
        people.Add(Student("a", "Marguerite", "Vandenbroeck", new DateOnly(2014, 3, 9), phone: "555-1"));
        people.Add(Student("b", "Margueritte", "Vandenbroeck", new DateOnly(2014, 3, 8), phone: "555-1"));
        var suggestion = Find(people).ShouldHaveSingleItem();
        var likeness = Likeness.FromJson(suggestion.Reasons!);
        likeness
            .Reasons.Select(reason => (reason.Attribute, reason.Agreement))
            .ShouldBe(
                [("familyName", Agreement.Same), ("phone", Agreement.Same), ("givenName", Agreement.Close), ("birthDate", Agreement.Close)],
                ignoreOrder: true
            );
        likeness.Probability.ShouldBeGreaterThan(0.5);
        suggestion.Rank.ShouldBe((int)Math.Round(10_000 * (1 - likeness.Probability)));
        suggestion.Reasons!.ShouldNotContain("arguerit", Case.Insensitive);
        suggestion.Reasons!.ShouldNotContain("555");
    }

    [Fact]
    public void Twins_are_two()
    {
        var people = Crowd();
        people.Add(Student("a", "Marguerite", "Vandenbroeck", new DateOnly(2014, 3, 9), phone: "555-1"));
        people.Add(Student("b", "Ferdinand", "Vandenbroeck", new DateOnly(2014, 3, 9), phone: "555-1"));
        Find(people).ShouldBeEmpty();
    }

    [Fact]
    public void Whoever_is_called_by_another_name_is_known_by_it()
    {
        var people = Crowd();
        people.Add(Student("a", "Marguerite", "Vandenbroeck", new DateOnly(2014, 3, 9)));
        people.Add(Student("b", "Anneliese", "Vandenbroeck", new DateOnly(2014, 3, 9), preferred: "Marguerite"));
        Find(people).ShouldHaveSingleItem();
    }

    [Fact]
    public void What_is_decided_or_agrees_on_a_domain_needs_no_suggestion()
    {
        var people = Crowd();
        people.Add(Student("a", "Marguerite", "Vandenbroeck", new DateOnly(2014, 3, 9)));
        people.Add(Student("b", "Margueritte", "Vandenbroeck", new DateOnly(2014, 3, 9)));
        Find(people).ShouldHaveSingleItem();
        foreach (var verdict in Enum.GetValues<DuplicateVerdict>())
        {
            var decision = new DuplicateDecision(Kind.Student, people[^1].Source, people[^2].Source, verdict, "amira", DateTimeOffset.UnixEpoch);
            Find(people, Verdicts.Of(Kind.Student, [decision])).ShouldBeEmpty();
        }

        Find(people, isFound: true).ShouldBeEmpty();
    }

    private static IReadOnlyList<DuplicateCase> Find(IEnumerable<SourcePerson> people, Verdicts? verdicts = null, bool isFound = false)
    {
        var alike = new AlikePeople(Configuration, Kind.Student, verdicts ?? Verdicts.None);
        foreach (var person in people)
        {
            alike.Add(person);
        }

        return alike.Find((_, _) => isFound, int.MaxValue, Token);
    }

    /// <summary>Many others, no two of whom are alike.</summary>
    private static List<SourcePerson> Crowd() =>
        [
            .. Enumerable
                .Range(0, 400)
                .Select(i =>
                    Student(
                        FormattableString.Invariant($"c{i}"),
                        $"{(char)('B' + (i % 20))}o{(char)('a' + (i / 20))}lan{(char)('a' + (i % 17))}",
                        $"Quist{(char)('a' + (i % 23))}{(char)('a' + (i / 23))}ner",
                        new DateOnly(2010, 1, 1).AddDays(i * 7)
                    )
                ),
        ];

    private static SourcePerson Student(string sisId, string given, string family, DateOnly born, string? phone = null, string? preferred = null)
    {
        var key = RollbookId.Derive(new IdScope("riverside", "sis", Family.Person), sisId);
        var values = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["sisId"] = sisId,
            ["givenName"] = given,
            ["familyName"] = family,
            ["birthDate"] = born,
            ["phone"] = phone,
            ["preferredGivenName"] = preferred,
        };
        return new SourcePerson(new SourceRecord("sis", key), key, MisspeltPeople.RowOf(values));
    }
}
