namespace Rollbook.Sources.OneRoster;

/// <summary>
/// The API URL, as a person pastes it (site root, folder, with or without <c>/ims/oneroster/v1p1</c>, down to a collection), and as it is used
/// (synergy-oneroster.md section 1.2).
/// </summary>
/// <param name="Root">The site or folder above the OneRoster path, without a slash at the end.</param>
/// <param name="Effective">The OneRoster 1.1 base, without a slash at the end: what is shown to the person.</param>
public sealed record OneRosterUrl(string Root, string Effective)
{
    private const string Suffix = "/ims/oneroster/v1p1";

    /// <summary>Makes one URL of whatever was pasted; a normalised URL stays as it is.</summary>
    /// <exception cref="SourceException">It is no URL, or one that must not be used; the message says why.</exception>
    public static OneRosterUrl Normalize(string? pasted)
    {
        var uri = WebAddress.Parse(pasted, "API URL", CheckPart.ApiUrl);
        var folders = uri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var root = uri.GetLeftPart(UriPartial.Authority) + string.Concat(folders.Take(OneRosterStart(folders)).Select(folder => "/" + folder));
        return new OneRosterUrl(root, root + Suffix);
    }

    /// <summary>The address of a collection.</summary>
    internal Uri Collection(string name, string query) => new($"{Effective}/{name}?{query}");

    /// <summary>The same site with one folder less at a time: where the API may be when it is not where the person said.</summary>
    internal IEnumerable<OneRosterUrl> Above()
    {
        var authority = new Uri(Root).GetLeftPart(UriPartial.Authority);
        for (var root = Root; root.Length > authority.Length; )
        {
            root = root[..root.LastIndexOf('/')];
            yield return new OneRosterUrl(root, root + Suffix);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Effective;

    private static int OneRosterStart(string[] folders)
    {
        for (var i = 0; i + 1 < folders.Length; i++)
        {
            if (
                folders[i].Equals("ims", StringComparison.OrdinalIgnoreCase) && folders[i + 1].Equals("oneroster", StringComparison.OrdinalIgnoreCase)
            )
            {
                return i;
            }
        }

        return folders.Length;
    }
}
