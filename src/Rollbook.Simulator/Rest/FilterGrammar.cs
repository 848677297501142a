using Parlot.Fluent;
using static Parlot.Fluent.Parsers;

namespace Rollbook.Simulator.Rest;

/// <summary>
/// Reads <c>field op 'value'</c>, at most two of them joined by <c> AND </c> or <c> OR </c> (OneRoster 1.1, chapter 3.4.3).
/// A quote inside a value is doubled.
/// </summary>
internal static class FilterGrammar
{
    private static readonly Parser<WrittenFilter> Grammar = Make();

    public static WrittenFilter? Parse(string text) => Grammar.TryParse(text.Trim(), out var filter) ? filter : null;

    private static Parser<WrittenFilter> Make()
    {
        var path = Terms.Pattern(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-');
        var comparator = OneOf(
            Terms.Text("!=").Then(Comparator.NotEqual),
            Terms.Text(">=").Then(Comparator.GreaterOrEqual),
            Terms.Text("<=").Then(Comparator.LessOrEqual),
            Terms.Text("=").Then(Comparator.Equal),
            Terms.Text(">").Then(Comparator.Greater),
            Terms.Text("<").Then(Comparator.Less),
            Terms.Text("~").Then(Comparator.Contains)
        );
        var piece = OneOf(Literals.Text("''").Then("'"), Literals.Pattern(character => character != '\'').Then(span => span.ToString()));
        var value = Terms.Char('\'').SkipAnd(ZeroOrMany(piece)).AndSkip(Literals.Char('\'')).Then(pieces => string.Concat(pieces));
        var comparison = path.And(comparator).And(value).Then(parts => new WrittenComparison(parts.Item1.ToString(), parts.Item2, parts.Item3));
        var join = OneOf(Literals.Text(" AND ").Then(Join.And), Literals.Text(" OR ").Then(Join.Or));
        var joined = comparison.And(join).And(comparison).Then(parts => new WrittenFilter(parts.Item1, parts.Item2, parts.Item3));
        return OneOf(joined.Eof(), comparison.Then(only => new WrittenFilter(only, Join.None, null)).Eof());
    }
}
