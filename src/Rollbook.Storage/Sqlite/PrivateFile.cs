namespace Rollbook.Storage.Sqlite;

/// <summary>A database file that only this user can read, whatever the folder it lies in; SQLite gives its journals the same rights.</summary>
internal static class PrivateFile
{
    /// <summary>Makes it, empty, unless it is there.</summary>
    public static void Ensure(string path)
    {
        if (OperatingSystem.IsWindows() || File.Exists(path))
        {
            return;
        }

        try
        {
            using var made = new FileStream(
                path,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                }
            );
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another program was faster.
            return;
        }
    }
}
