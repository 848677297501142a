namespace Rollbook.Sync.Runs;

/// <summary>A folder that only this user can read, gone when the work is done.</summary>
internal static class PrivateFolder
{
    internal static void Create(string path)
    {
        Delete(path);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    internal static void Delete(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
