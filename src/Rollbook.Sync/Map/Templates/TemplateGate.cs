using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace Rollbook.Sync.Map.Templates;

/// <summary>
/// Goes over a parsed template: whatever is not known to be harmless is refused before it is ever evaluated. Notes the names that the template reads.
/// </summary>
internal sealed class TemplateGate(string template) : AstVisitor
{
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private readonly List<string> reads = [];
    private readonly HashSet<string> own = new(StringComparer.Ordinal) { "forloop", "parentloop" };

    /// <summary>The first thing that is refused; null when nothing is.</summary>
    internal TemplateError? Error { get; private set; }

    /// <summary>Names that are read, the template's own among them.</summary>
    internal IReadOnlyCollection<string> Names => names;

    /// <summary>What is read of the record, nested attributes dotted.</summary>
    internal IReadOnlyCollection<string> Reads => [.. reads.Where(path => !own.Contains(path.Split('.')[0])).Distinct(StringComparer.Ordinal)];

    public override Statement Visit(Statement statement) =>
        statement
            is null
                or TextSpanStatement
                or OutputStatement
                or AssignStatement
                or CaptureStatement
                or IfStatement
                or ElseIfStatement
                or ElseStatement
                or UnlessStatement
                or CaseStatement
                or WhenStatement
                or ForStatement
                or BreakStatement
                or ContinueStatement
                or CommentStatement
                or RawStatement
                or NoOpStatement
            ? base.Visit(statement)
            : Refuse(statement, "this tag can't be used here.", "{%");

    public override Expression VisitOtherExpression(Expression expression)
    {
        if (expression is not BoundedContains contains)
        {
            return Refuse(expression, "this can't be used in a template.", "{");
        }

        Visit(contains.Left);
        Visit(contains.Right);
        return expression;
    }

    protected override Expression VisitFilterExpression(FilterExpression filterExpression)
    {
        var name = filterExpression.Name;
        if (!TemplateFilters.Names.Contains(name, StringComparer.Ordinal))
        {
            return Refuse(filterExpression, $"there is no filter \"{name}\"; known are {string.Join(", ", TemplateFilters.Names)}.", name);
        }

        if (name is "date" && IsToday(filterExpression.Input))
        {
            return Refuse(filterExpression, "a template gives the same on every day; there is no now and no today.", name);
        }

        if (name is "date" && filterExpression.Parameters is [{ Expression: LiteralExpression format }] && !DateFilter.Knows(Text(format)))
        {
            return Refuse(filterExpression, $"this date format has a letter that is not known; known are {DateFilter.Directives}.", name);
        }

        return base.VisitFilterExpression(filterExpression);
    }

    protected override Expression VisitRangeExpression(RangeExpression rangeExpression)
    {
        if (
            rangeExpression is not { From: LiteralExpression { Value: NumberValue from }, To: LiteralExpression { Value: NumberValue to } }
            || Math.Abs(from.ToNumberValue()) > 1_000_000
            || Math.Abs(to.ToNumberValue() - from.ToNumberValue()) >= TemplateLimits.Range
        )
        {
            return Refuse(
                rangeExpression,
                FormattableString.Invariant($"a range is written with two numbers, such as (1..5), and has at most {TemplateLimits.Range} of them."),
                ".."
            );
        }

        return base.VisitRangeExpression(rangeExpression);
    }

    protected override Statement VisitAssignStatement(AssignStatement assignStatement)
    {
        own.Add(assignStatement.Identifier);
        return base.VisitAssignStatement(assignStatement);
    }

    protected override Statement VisitCaptureStatement(CaptureStatement captureStatement)
    {
        own.Add(captureStatement.Identifier);
        return base.VisitCaptureStatement(captureStatement);
    }

    protected override Statement VisitForStatement(ForStatement forStatement)
    {
        own.Add(forStatement.Identifier);
        return base.VisitForStatement(forStatement);
    }

    protected override Expression VisitMemberExpression(MemberExpression memberExpression)
    {
        reads.Add(PathOf(memberExpression));
        foreach (var (position, segment) in memberExpression.Segments.Index())
        {
            switch (segment)
            {
                case IdentifierSegment identifier when position == 0:
                    names.Add(identifier.Identifier);
                    break;
                case IdentifierSegment:
                    break;
                case IndexerSegment indexer:
                    Visit(indexer.Expression);
                    break;
                default:
                    return Refuse(memberExpression, "this can't be used in a template.", "(");
            }
        }

        return memberExpression;
    }

    /// <summary>The names of a path as far as they are written out: <c>metadata.counselor</c>; what a list has of its own is no name.</summary>
    private static string PathOf(MemberExpression member)
    {
        var path = member
            .Segments.Select(segment =>
                segment switch
                {
                    IdentifierSegment { Identifier: not ("first" or "last" or "size") } identifier => identifier.Identifier,
                    IndexerSegment { Expression: LiteralExpression { Value: StringValue text } } => text.ToStringValue(),
                    _ => null,
                }
            )
            .TakeWhile(name => name is not null);
        return string.Join('.', path);
    }

    private static bool IsToday(Expression input) =>
        input is LiteralExpression literal && Text(literal).Trim().ToUpperInvariant() is "NOW" or "TODAY";

    private static string Text(LiteralExpression literal) => literal.Value.ToStringValue();

    // The tree has no positions: the first place where the word stands is meant well enough.
    private T Refuse<T>(T node, string reason, string word)
    {
        Error ??= TemplateError.At(template, Math.Max(0, PlaceOf(word)), reason);
        return node;
    }

    private int PlaceOf(string word)
    {
        var at = template.IndexOf('|', StringComparison.Ordinal);
        while (at >= 0)
        {
            var name = at + 1;
            while (name < template.Length && char.IsWhiteSpace(template[name]))
            {
                name++;
            }

            if (template.AsSpan(name).StartsWith(word, StringComparison.Ordinal))
            {
                return name;
            }

            at = template.IndexOf('|', at + 1);
        }

        return template.IndexOf(word, StringComparison.Ordinal);
    }
}
