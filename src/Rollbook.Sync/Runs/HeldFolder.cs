namespace Rollbook.Sync.Runs;

/// <summary>
/// A private folder for work that the store knows nothing of. An open file beside it holds it, which the operating system lets go of when the program dies
/// in whatever way; so a folder that nobody holds was left behind, and anyone may remove it.
/// </summary>
internal sealed class HeldFolder : IDisposable
{
    private const string Extension = ".held";

    private const int Attempts = 10;

    private readonly FileStream holder;

    private HeldFolder(string location, FileStream holder) => (Location, this.holder) = (location, holder);

    /// <summary>Where it is.</summary>
    internal string Location { get; }

    /// <summary>Makes a new one in a folder, with a name that begins so.</summary>
    internal static HeldFolder Create(string parent, string prefix, TimeProvider time)
    {
        PrivateFolder.Ensure(parent);
        for (var attempt = 1; ; attempt++)
        {
            // Held before it is there, and removed only by whoever holds it: it is never without its file.
            var location = Path.Combine(parent, $"{prefix}-{Guid.CreateVersion7(time.GetUtcNow()):N}");
            try
            {
                if (TryHold(location, FileMode.CreateNew) is { } opened)
                {
                    PrivateFolder.Create(location);
                    return new HeldFolder(location, opened);
                }
            }
            catch (IOException) when (attempt < Attempts)
            {
                // Someone who swept had it first.
            }
        }
    }

    /// <summary>Removes those in a folder that nobody holds.</summary>
    internal static void Sweep(string parent)
    {
        foreach (var file in Directory.Exists(parent) ? Directory.GetFiles(parent, "*" + Extension) : [])
        {
            var location = file[..^Extension.Length];
            if (TryHold(location, FileMode.Open) is { } opened)
            {
                new HeldFolder(location, opened).Dispose();
            }
        }
    }

    /// <summary>Removes it with all that is in it.</summary>
    public void Dispose()
    {
        PrivateFolder.Delete(Location);
        holder.Dispose();
    }

    private static FileStream? TryHold(string location, FileMode mode)
    {
        var path = location + Extension;
        try
        {
            var opened = new FileStream(path, mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            if (File.Exists(path))
            {
                return opened;
            }

            // Between opening and locking it someone else had it and removed it.
            opened.Dispose();
            return null;
        }
        catch (IOException) when (mode == FileMode.Open || File.Exists(path))
        {
            // Someone else holds it, or has removed it.
            return null;
        }
    }
}
