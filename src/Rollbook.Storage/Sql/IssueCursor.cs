using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>Where a page of issues begins: after this one. The record's Rollbook ID alone tells it from its neighbours, so no address holds a SIS ID.</summary>
internal sealed record IssueCursor(string App, IssueRule Rule, Kind Kind, string Attribute, IssueProblem Problem, RollbookId Record)
{
    private const char Separator = '\n';

    /// <summary>The cursor of an issue.</summary>
    public static IssueCursor Of(KeptIssue kept) =>
        new(kept.App, kept.Issue.Rule, kept.Issue.Kind, kept.Issue.Attribute, kept.Issue.Problem, kept.Issue.Record);

    /// <summary>Opaque text that is safe in an address.</summary>
    public override string ToString() =>
        Base64Url.EncodeToString(
            Encoding.UTF8.GetBytes(
                string.Join(Separator, Number((int)Rule), Number((int)Kind), Number((int)Problem), Record.ToString(), App, Attribute)
            )
        );

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="RefusedValueException">It is not that.</exception>
    public static IssueCursor Parse(string text) =>
        TryParse(text) ?? throw new RefusedValueException("The page's cursor is damaged. Start again from the first page.");

    /// <summary>Whether issues of an app and rule lie before it (below 0), after it (above 0), or around it (0).</summary>
    public int Place(string app, IssueRule rule) => string.CompareOrdinal(app, App) is not 0 and var place ? place : ((int)rule).CompareTo((int)Rule);

    /// <summary>What of it compares issues of its app and rule, as parameters.</summary>
    public IEnumerable<(string Name, object? Value)> Parameters(Dialect dialect) =>
        [("afterKind", (int)Kind), ("afterAttribute", Attribute), ("afterProblem", (int)Problem), ("afterRecord", dialect.Id(Record))];

    private static IssueCursor? TryParse(string text)
    {
        try
        {
            var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
            return
                strict.GetString(Base64Url.DecodeFromChars(text)).Split(Separator)
                    is [var rule, var kind, var problem, var record, var app, var attribute]
                && RollbookId.TryParse(record, out var id)
                && !(app + attribute).Contains('\0', StringComparison.Ordinal)
                ? new IssueCursor(app, (IssueRule)Number(rule), (Kind)Number(kind), attribute, (IssueProblem)Number(problem), id)
                : null;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
