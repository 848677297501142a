namespace Rollbook.Sources.OneRoster;

/// <summary>
/// The API URL, as a person pastes it (site root, folder, with or without the path of either version, down to a collection), and as it is used
/// (synergy-oneroster.md section 1.2).
/// </summary>
/// <param name="Root">The site or folder above the OneRoster path, without a slash at the end.</param>
/// <param name="Version">The version that is spoken there.</param>
public sealed record OneRosterUrl(string Root, OneRosterVersion Version)
{
    /// <summary>The OneRoster base, without a slash at the end: what is shown to the person.</summary>
    public string Effective => Root + Version.Path();

    /// <summary>Makes one URL of whatever was pasted; a normalised URL stays as it is.</summary>
    /// <param name="pasted">What was pasted.</param>
    /// <param name="version">The version to speak; null for the one that the URL names, or 1.1 where it names none.</param>
    /// <exception cref="SourceException">It is no URL, or one that must not be used; the message says why.</exception>
    public static OneRosterUrl Normalize(string? pasted, OneRosterVersion? version = null)
    {
        var (uri, folders, start) = Parse(pasted);
        var root = uri.GetLeftPart(UriPartial.Authority) + string.Concat(folders.Take(start).Select(folder => "/" + folder));
        return new OneRosterUrl(root, version ?? Named(folders, start) ?? OneRosterVersion.V11);
    }

    /// <summary>The version that a URL names; null when it names none.</summary>
    /// <exception cref="SourceException">It is no URL, or one that must not be used; the message says why.</exception>
    public static OneRosterVersion? NamedBy(string? pasted)
    {
        var (_, folders, start) = Parse(pasted);
        return Named(folders, start);
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
            yield return this with
            {
                Root = root,
            };
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Effective;

    private static (Uri Uri, string[] Folders, int OneRosterStart) Parse(string? pasted)
    {
        var uri = WebAddress.Parse(pasted, "API URL", CheckPart.ApiUrl);
        var folders = uri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i + 1 < folders.Length; i++)
        {
            if (
                folders[i].Equals("ims", StringComparison.OrdinalIgnoreCase) && folders[i + 1].Equals("oneroster", StringComparison.OrdinalIgnoreCase)
            )
            {
                return (uri, folders, i);
            }
        }

        return (uri, folders, folders.Length);
    }

    // After ims/oneroster, 1.2 has a folder for each of its services.
    private static OneRosterVersion? Named(string[] folders, int start)
    {
        var below = folders.Skip(start + 2).Take(2).ToList();
        return below.Contains("v1p2", StringComparer.OrdinalIgnoreCase) ? OneRosterVersion.V12
            : below.Contains("v1p1", StringComparer.OrdinalIgnoreCase) ? OneRosterVersion.V11
            : null;
    }
}
