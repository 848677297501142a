namespace Rollbook.Storage.Sqlite;

/// <summary>A lock that is a file held open: the operating system lets go of it when the program dies in whatever way.</summary>
internal sealed class FileLock : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly FileStream file;

    private FileLock(FileStream file) => this.file = file;

    /// <summary>Takes it, or returns null at once.</summary>
    public static FileLock? TryTake(string folder, string name)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(
            folder,
            string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' ? letter : '_')) + ".lock"
        );
        try
        {
            // The file stays where it is: removing it would let two programs lock two files of one name.
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    /// <summary>Takes it as soon as it is free.</summary>
    public static async Task<FileLock> TakeAsync(string folder, string name, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTake(folder, name) is { } taken)
            {
                return taken;
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => file.DisposeAsync();
}
