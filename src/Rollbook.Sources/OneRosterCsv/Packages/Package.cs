namespace Rollbook.Sources.OneRosterCsv.Packages;

/// <summary>A file of a package.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Length">Its length in bytes, unpacked, as the package says.</param>
internal sealed record PackageEntry(string Name, long Length);

/// <summary>A package that is whole and safe to open. Whoever opened it disposes of it.</summary>
internal abstract class Package : IDisposable
{
    /// <summary>As a message names it.</summary>
    public abstract string Name { get; }

    /// <summary>Its files.</summary>
    public abstract IReadOnlyList<PackageEntry> Entries { get; }

    /// <summary>The same for the same content, another for another.</summary>
    public abstract string Fingerprint { get; }

    /// <summary>Opens a file. At its end it is checked that it is what the package promised.</summary>
    /// <exception cref="SourceException">It can't be opened; also thrown while reading.</exception>
    public abstract Stream Open(PackageEntry entry);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(isDisposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool isDisposing) { }

    /// <summary>Of several sizes.</summary>
    protected static string Megabytes(long bytes) => FormattableString.Invariant($"{Math.Max(1, bytes >> 20):N0} MB");
}
