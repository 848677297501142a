using System.Text.Json.Nodes;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Tests.Derive;

/// <summary>
/// What is kept of a source's organisations from import to import: those in the roster as they were first taken, those that went for as long as a mapping
/// holds them.
/// </summary>
internal sealed class SlowKeptSchools
{
    private readonly HashSet<string> published = new(StringComparer.Ordinal);
    private readonly HashSet<string> gone = new(StringComparer.Ordinal);

    /// <summary>The mapping of everything.</summary>
    internal static SlowMapping Everything { get; } = new(SchoolsMapping.Automatic, _ => default);

    internal SortedDictionary<string, JsonObject> Records { get; private set; } = new(StringComparer.Ordinal);

    /// <summary>Takes what an import was told.</summary>
    /// <param name="said">The organisations that came, those marked deleted too.</param>
    /// <param name="isWhole">Whether what did not come is gone (Bulk Upload Mode).</param>
    /// <param name="mapping">The mapping of this import.</param>
    /// <param name="isRefreshed">Whose attributes are taken again.</param>
    /// <param name="isOther">Whether they are other records now, since the SIS ID prefix is another.</param>
    internal void Take(
        IReadOnlyDictionary<string, JsonObject> said,
        bool isWhole,
        SlowMapping mapping,
        Func<string, bool> isRefreshed,
        bool isOther = false
    )
    {
        if (isOther)
        {
            published.Clear();
            gone.Clear();
        }

        var next = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var org in Records.Keys.Union(said.Keys, StringComparer.Ordinal))
        {
            var now = said.GetValueOrDefault(org);
            var isDeleted = (string?)now?["status"] is "tobedeleted" || (now is null && (isWhole || gone.Contains(org)));
            if (isDeleted)
            {
                if (published.Contains(org) && mapping.Stays(org))
                {
                    next[org] = Records[org];
                    gone.Add(org);
                }
                else
                {
                    gone.Remove(org);
                }
            }
            else
            {
                next[org] = now is null || (published.Contains(org) && mapping.IsPublished(org) && !isRefreshed(org)) ? Records[org] : now;
                gone.Remove(org);
            }
        }

        Records = next;
        published.Clear();
        published.UnionWith(next.Keys.Where(mapping.IsPublished));
    }
}
