using Rollbook.Model;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Unite;

namespace Rollbook.Sync.Tests.Unite;

/// <summary>What counts as equal in a domain (product.md 3.6).</summary>
public sealed class DomainTests
{
    [Theory]
    [InlineData("O'Hara", "o'hara")]
    [InlineData("  Anna   Maria ", "ANNA MARIA")]
    [InlineData("Anna\u00A0Maria", "anna\tmaria")]
    [InlineData("Đo\u0302\u0303", "Đỗ")]
    [InlineData("ｄ１＠ｘ", "d1@x")]
    public void Case_white_space_and_Unicode_form_make_no_difference(string one, string other) =>
        Domain.Comparable(one).ShouldBe(Domain.Comparable(other));

    [Theory]
    [InlineData("Anna Maria", "AnnaMaria")]
    [InlineData("Jose", "José")]
    [InlineData("1", "01")]
    public void Anything_else_does(string one, string other) => Domain.Comparable(one).ShouldNotBe(Domain.Comparable(other));

    [Fact]
    public void A_domain_with_a_missing_value_tells_nothing()
    {
        var domain = new Domain(Kind.Student, ["givenName", "birthDate"]);
        domain.Of(Student("Ann", null)).ShouldBeNull();
        domain.Of(Student(" ", new DateOnly(2012, 1, 2))).ShouldBeNull();
        domain.Of(Student("Ann", new DateOnly(2012, 1, 2))).ShouldNotBeNull();
        domain.Of(Student("ann ", new DateOnly(2012, 1, 2))).ShouldBe(domain.Of(Student("Ann", new DateOnly(2012, 1, 2))));
        domain.Of(Student("Ann", new DateOnly(2012, 1, 3))).ShouldNotBe(domain.Of(Student("Ann", new DateOnly(2012, 1, 2))));
    }

    [Fact]
    public void Each_kind_has_those_of_the_defaults_whose_attributes_it_has()
    {
        Names(Kind.Student).ShouldBe(["sisId", "stateId", "email", "givenName+familyName+birthDate"]);
        Names(Kind.Teacher).ShouldBe(["sisId", "stateId", "email"]);
        Names(Kind.Contact).ShouldBe(["sisId", "email"]);

        static IEnumerable<string> Names(Kind kind) => DomainsOfUniqueness.DefaultsOf(kind).Select(domain => string.Join('+', domain));
    }

    private static Row Student(string name, DateOnly? birth)
    {
        var writer = new RowWriter();
        foreach (var attribute in Kinds.Of(Kind.Student).Attributes)
        {
            switch (attribute.Name)
            {
                case "givenName":
                    writer.Text(name);
                    break;
                case "birthDate":
                    writer.Date(birth);
                    break;
                default:
                    writer.Missing();
                    break;
            }
        }

        return writer.ToRow(Kind.Student).Copy();
    }
}
