using System.Text;
using Rollbook.Model;
using Rollbook.Sources.OneRoster;
using Rollbook.Sources.OneRosterCsv.Format;

namespace Rollbook.Sources.OneRosterCsv.Reading;

/// <summary>
/// Knows which records a package has, by key, so that a row that comes twice or refers to nothing is found. Only a bulk file tells what there is not: what a package of
/// changes refers to may have come long ago.
/// </summary>
internal sealed class References(Contents contents, Func<Family, IdScope> ids)
{
    private const int MostOpen = 1_000_000;

    private readonly Dictionary<Collection, KeySet> seen = Collections.InOrder.ToDictionary(collection => collection, _ => new KeySet());
    private readonly Dictionary<Collection, IdScope> scopes = Collections.InOrder.ToDictionary(
        collection => collection,
        collection => ids(Collections.FamilyOf(collection))
    );
    private readonly List<(RollbookId Key, long Line, string Column)> open = [];
    private byte[] utf8 = new byte[1024];

    /// <summary>The key of a record.</summary>
    public RollbookId KeyOf(Collection collection, ReadOnlySpan<char> sourcedId)
    {
        if (utf8.Length < sourcedId.Length * 3)
        {
            utf8 = new byte[sourcedId.Length * 3];
        }

        return RollbookId.Derive(scopes[collection], utf8.AsSpan(0, Encoding.UTF8.GetBytes(sourcedId, utf8)));
    }

    /// <summary>Notes a record; false when it was there before.</summary>
    public bool Add(Collection collection, RollbookId key) => seen[collection].Add(key);

    /// <summary>Whether a record was noted.</summary>
    public bool Has(Collection collection, RollbookId key) => seen[collection].Contains(key);

    /// <summary>Looks whether what a row refers to is in the package.</summary>
    public void Check(PackageFile from, long line, CsvColumn column, ReadOnlySpan<char> sourcedId, FindingLog log)
    {
        var target = column.Target!.Value;
        if (contents[CsvFiles.Of(target)] is not { IsBulk: true })
        {
            return;
        }

        var key = KeyOf(target, sourcedId);
        if (Has(target, key))
        {
            return;
        }

        if (target != from.File.Collection)
        {
            log.Add(CsvRules.ReferenceDangling, from.Entry.Name, line, column.Name, sourcedId, target == Collection.Users);
        }
        else if (open.Count < MostOpen)
        {
            open.Add((key, line, column.Name));
        }
    }

    /// <summary>A collection has ended: what its rows refer to among themselves must have come.</summary>
    public void End(PackageFile file, FindingLog log)
    {
        foreach (var (_, line, column) in open.Where(reference => !Has(file.File.Collection, reference.Key)))
        {
            log.Add(CsvRules.ReferenceDangling, file.Entry.Name, line, column);
        }

        open.Clear();
    }
}
