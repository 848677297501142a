using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Setup.Schools;

namespace Rollbook.Sync.Tests.Setup;

/// <summary>What a person enters on Schools Mapping becomes a mapping; schools on other pages stay as they are.</summary>
public sealed class SchoolEditsTests
{
    private static readonly IdScope Ids = new("riverside", "sis", Family.Org);

    [Fact]
    public void Only_the_schools_that_were_seen_change()
    {
        var changes = Enter(
            List(Row("a"), Row("b", "Bee")),
            new SchoolEdit("a", Create: false, "A", ""),
            new SchoolEdit("c", Create: true, "Sea", "")
        );
        changes.Mapping.ShouldBe(List(Row("b", "Bee"), Row("c", "Sea")));
        changes.Removed.Select(school => school.Source).ShouldBe(["a"]);
    }

    [Fact]
    public void A_name_that_is_the_sources_own_is_not_an_edited_name()
    {
        Enter(List(), new SchoolEdit("a", Create: true, " A ", "")).Mapping.ShouldBe(List(Row("a")));
    }

    [Fact]
    public void A_school_becomes_part_of_another_by_name_label_or_id_and_its_id_is_kept()
    {
        foreach (var text in new[] { "B", " b ", IdOf("b").ToString() })
        {
            var changes = Enter(List(Row("a"), Row("b")), new SchoolEdit("a", Create: false, "A", text));
            changes.Problems.ShouldBeEmpty();
            changes.Mapping.ShouldBe(List(new SchoolMapping { Source = "a", School = IdOf("b").ToString() }, Row("b")));
            changes.Removed.ShouldBeEmpty("its people stay");
        }
    }

    [Theory]
    [InlineData(false, "Nowhere", "There is no other school")]
    [InlineData(false, "A", "There is no other school")]
    [InlineData(true, "B", "can't be a new school and part of another")]
    public void What_can_not_be_is_told(bool create, string school, string why)
    {
        var changes = Enter(List(Row("a"), Row("b")), new SchoolEdit("a", create, "A", school));
        changes.Problems["a"].ShouldContain(why);
    }

    [Fact]
    public void Auto_mapping_turns_on_what_is_off_and_leaves_the_rest()
    {
        var changes = Enter(List(Row("b", "Bee")));
        changes.MapAll().ShouldBe(2);
        changes.Mapping.ShouldBe(List(Row("a"), Row("b", "Bee"), Row("c")));
    }

    [Fact]
    public void Mapping_later_schools_too_leaves_out_those_that_are_off()
    {
        var changes = new SchoolEdits(Book(List(Row("b"))), [], auto: true);
        changes.Mapping.ShouldBe(
            new SchoolsMapping
            {
                Auto = true,
                Mapped = [Row("b")],
                LeftOut = ["a", "c"],
            }
        );
        changes.MapAll();
        changes.Mapping.ShouldBe(new SchoolsMapping { Auto = true, Mapped = [Row("b")] });
    }

    [Fact]
    public void Without_auto_those_that_it_mapped_stay_mapped()
    {
        var changes = new SchoolEdits(Book(SchoolsMapping.Automatic), [], auto: false);
        changes.Mapping.ShouldBe(List(Row("a"), Row("b"), Row("c")));
        changes.Removed.ShouldBeEmpty();
    }

    [Fact]
    public void Filters_and_search_find_schools()
    {
        var book = Book(List(Row("a"), Row("gone", "Old Hall")));
        book.Show(SchoolFilter.Existing, "").Select(school => school.Source).ShouldBe(["a", "gone"]);
        book.Show(SchoolFilter.Missing, null).Select(school => school.Source).ShouldBe(["b", "c"]);
        book.Show(SchoolFilter.MissingData, "hall").Select(school => school.NewName).ShouldBe(["Old Hall"]);
        book.Count(SchoolFilter.All).ShouldBe(4);
    }

    [Fact]
    public void Schools_under_new_ids_become_the_existing_ones_that_have_their_code_or_name()
    {
        var book = Book(List(Row("gone", "B"), Row("a")));
        SchoolEntry New(string source, string name, string? code) =>
            new()
            {
                Source = source,
                Id = IdOf(source),
                Name = name,
                Code = code,
            };
        ExistingSchool Old(string source, string name, string? code) => new(IdOf(source), name, name) { Code = code };
        book = book with
        {
            Entries =
            [
                .. book.Entries.Where(entry => entry.Source is "gone" or "a"),
                New("n1", "Renamed", "101"),
                New("n2", "b ", null),
                New("n3", "Twin", null),
                New("n4", "A", "100"),
            ],
            Existing = [Old("gone", "B", "7"), Old("a", "A", "100"), Old("x1", "Lincoln", "101"), Old("x2", "Twin", null), Old("x3", "Twin", null)],
        };
        var changes = new SchoolEdits(book, [], auto: false);

        // By code, by name; two of one name are nobody's, and one that the source still has is not free.
        changes.MatchExisting().ShouldBe(2);
        changes.Mapping.ShouldBe(
            List(
                Row("a"),
                Row("gone", "B"),
                new SchoolMapping { Source = "n1", School = IdOf("x1").ToString() },
                new SchoolMapping { Source = "n2", School = IdOf("gone").ToString() }
            )
        );
        changes.MatchExisting().ShouldBe(0);
    }

    private static SchoolEdits Enter(SchoolsMapping mapping, params SchoolEdit[] edits) => new(Book(mapping), edits, mapping.Auto);

    /// <summary>A source with the schools a, b and c, called A, B and C; those that are mapped are published.</summary>
    private static SchoolBook Book(SchoolsMapping mapping)
    {
        var rows = mapping.Mapped.ToDictionary(row => row.Source, StringComparer.Ordinal);
        var entries = new[] { "a", "b", "c" }
            .Union(rows.Keys, StringComparer.Ordinal)
            .Select(source =>
            {
                var row = rows.GetValueOrDefault(source);
                var isMapped = row is not null || (mapping.Auto && !mapping.LeftOut.Contains(source, StringComparer.Ordinal));
                return new SchoolEntry
                {
                    Source = source,
                    Id = IdOf(source),
                    Name = source.ToUpperInvariant(),
                    Row = row,
                    IsMapped = isMapped,
                    IsPublished = isMapped && row?.School is null,
                    IsGone = source is "gone",
                };
            })
            .ToList();
        var existing = entries
            .Where(entry => entry.IsMapped && entry.Row?.School is null)
            .Select(entry => new ExistingSchool(entry.Id, entry.NewName, entry.NewName))
            .ToList();
        return new SchoolBook(
            "sis",
            mapping,
            entries,
            existing,
            new Dictionary<Kind, IReadOnlyList<Storage.SchoolGroup>>(),
            new SurveyState(null, IsAtWork: false, new SourceSurvey([], [])),
            HasImport: true
        );
    }

    private static RollbookId IdOf(string source) => RollbookId.Derive(Ids, source);

    private static SchoolsMapping List(params SchoolMapping[] rows) => new() { Mapped = rows };

    private static SchoolMapping Row(string source, string name = "") => new() { Source = source, Create = name };
}
