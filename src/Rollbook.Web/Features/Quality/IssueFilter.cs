using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Rollbook.Storage;
using Rollbook.Sync.Quality;
using Rollbook.Web.Features.Access;

namespace Rollbook.Web.Features.Quality;

/// <summary>Which issues are asked for, as the address has it.</summary>
/// <param name="App">The app.</param>
/// <param name="Type">Error or Skipped.</param>
/// <param name="Kind">The entity type.</param>
/// <param name="Attribute">The attribute.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="School">The school.</param>
/// <param name="Cause">A record that the source does not have, for what is left out for want of it.</param>
/// <param name="After">The cursor after which the page begins.</param>
public sealed record IssueFilter(
    string? App = null,
    IssueType? Type = null,
    Kind? Kind = null,
    string? Attribute = null,
    IssueRule? Rule = null,
    IssueProblem? Problem = null,
    RollbookId? School = null,
    RollbookId? Cause = null,
    string? After = null
)
{
    internal bool Any => this with { After = null } != new IssueFilter();

    internal static IssueFilter Read(IQueryCollection query) =>
        new(
            Text(query["app"]),
            Word<IssueType>(query["type"]),
            Kinds.Find(query["kind"])?.Kind,
            Text(query["attribute"]),
            Word<IssueRule>(query["rule"]),
            Word<IssueProblem>(query["problem"]),
            RollbookId.TryParse(query["school"], out var school) ? school : null,
            RollbookId.TryParse(query["cause"], out var cause) ? cause : null,
            Text(query["after"])
        );

    /// <summary>The address of a page or file of these issues.</summary>
    internal string Address(CurrentDistrict district, string page = "data-quality/my-rules") =>
        QueryHelpers.AddQueryString(
            district.Path(page),
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["app"] = App,
                ["type"] = Word(Type),
                ["kind"] = Kind is { } kind ? Kinds.Of(kind).Name : null,
                ["attribute"] = Attribute,
                ["rule"] = Word(Rule),
                ["problem"] = Word(Problem),
                ["school"] = School?.ToString(),
                ["cause"] = Cause?.ToString(),
                ["after"] = After,
            }.Where(pair => pair.Value is not null)
        );

    /// <summary>The same for the store.</summary>
    /// <param name="issues">The store.</param>
    /// <param name="apps">The district's apps; the issues of one that was taken out are no longer told.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal async Task<IssueQuery> ToStoreAsync(IIssueStore issues, IEnumerable<string> apps, int limit, CancellationToken cancellationToken)
    {
        IReadOnlyCollection<RollbookId>? targets = null;
        if (Cause is { } cause)
        {
            targets = App is null ? [cause] : [cause, .. RootCauses.Behind(cause, await issues.TargetsAsync(App, cancellationToken))];
        }

        return new IssueQuery(
            [.. apps.Where(app => App is null || string.Equals(app, App, StringComparison.Ordinal))],
            Kind,
            Attribute,
            Rules,
            Problem,
            School,
            targets,
            After,
            limit
        );
    }

    /// <summary>Whether issues that were counted are among these, the cause apart.</summary>
    internal bool Includes(IssueCount count) =>
        (App is null || string.Equals(count.App, App, StringComparison.Ordinal))
        && Rules?.Contains(count.Rule) != false
        && (Kind is null || count.Kind == Kind)
        && (Attribute is null || string.Equals(count.Attribute, Attribute, StringComparison.Ordinal))
        && (Problem is null || count.Problem == Problem)
        && (School is null || count.School == School);

    internal static string? Word<TWord>(TWord? word)
        where TWord : struct, Enum => word?.ToString().ToLowerInvariant();

    private IReadOnlyCollection<IssueRule>? Rules => IssueTypes.Rules(Type, Rule);

    // No database takes a zero in a text, and no name has one.
    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim().Replace("\0", "", StringComparison.Ordinal);

    private static TWord? Word<TWord>(string? text)
        where TWord : struct, Enum =>
        Enum.GetValues<TWord>().Cast<TWord?>().FirstOrDefault(word => string.Equals(Word(word), text, StringComparison.Ordinal));
}
