using System.Globalization;

namespace Rollbook.Sources.OneRosterCsv.Packages;

/// <summary>Looks at the names in a ZIP file before anything is opened: all data lies in its root, and no name leads elsewhere.</summary>
internal static class EntryNames
{
    /// <summary>Whether an entry is one that operating systems add of themselves, or a folder.</summary>
    public static bool IsNoData(string name)
    {
        var plain = name.Replace('\\', '/');
        var file = plain[(plain.LastIndexOf('/') + 1)..];
        return !IsTrick(name)
            && (
                plain.EndsWith('/')
                || plain.StartsWith("__MACOSX/", StringComparison.OrdinalIgnoreCase)
                || file.StartsWith("._", StringComparison.Ordinal)
                || file.Equals(".DS_Store", StringComparison.OrdinalIgnoreCase)
                || file.Equals("Thumbs.db", StringComparison.OrdinalIgnoreCase)
                || file.Equals("desktop.ini", StringComparison.OrdinalIgnoreCase)
            );
    }

    /// <summary>Looks at the names of the files that hold data.</summary>
    /// <exception cref="SourceException">A name is not that of a file in the root.</exception>
    public static void Check(IReadOnlyCollection<string> names)
    {
        foreach (var name in names)
        {
            if (IsTrick(name))
            {
                throw PackageRefusal.Package(
                    $"The package has an entry whose name leads out of it ({Shown(name)}). Such a package is not opened. Make it anew, with its files side by side and no folders."
                );
            }

            if (name.AsSpan().IndexOfAny('/', '\\') >= 0)
            {
                throw PackageRefusal.Package(
                    $"The package has data in a folder ({Shown(name)}). OneRoster wants all files side by side in the root of the ZIP file. Zip the files themselves, not the folder they are in."
                );
            }
        }

        if (names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Skip(1).Any()) is { } twice)
        {
            throw PackageRefusal.Package(
                $"The package has {Shown(twice.Key)} twice, so that it can't be told which one counts. Make it anew with each file once."
            );
        }
    }

    private static bool IsTrick(string name)
    {
        var parts = name.Split('/', '\\');
        return name.Length == 0
            || name.AsSpan().IndexOfAnyInRange('\0', '\u001f') >= 0
            || parts[0].Length == 0
            || parts[0].EndsWith(':')
            || (name.Length > 1 && name[1] == ':')
            || parts.Contains("..", StringComparer.Ordinal);
    }

    private static string Shown(string name)
    {
        var clean = string.Concat(
            name.Select(letter => char.IsControl(letter) || char.GetUnicodeCategory(letter) == UnicodeCategory.Format ? '?' : letter)
        );
        return clean.Length <= 80 ? clean : clean[..80] + "\u2026";
    }
}
