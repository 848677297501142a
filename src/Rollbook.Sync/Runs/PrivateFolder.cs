namespace Rollbook.Sync.Runs;

/// <summary>A folder that only this user can read.</summary>
public static class PrivateFolder
{
    /// <summary>Makes it, empty.</summary>
    public static void Create(string path)
    {
        Delete(path);
        Ensure(path);
    }

    /// <summary>Makes it unless it is there.</summary>
    public static void Ensure(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Removes it with all that is in it, if it is there.</summary>
    public static void Delete(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
        }
        catch (DirectoryNotFoundException)
        {
            // Someone else removed it at the same moment, which is as good.
        }
    }
}
