using System.Globalization;

namespace Rollbook.Storage.Sql;

/// <summary>
/// Wishes to cancel a run, as empty files in a folder that all programs of the installation share. For a database with one writer at a time: a
/// wish that had to be written there would wait for the very publication that it wants to stop.
/// </summary>
internal sealed class CancelFiles(string folder, string district)
{
    /// <summary>Keeps the wish.</summary>
    public void Add(long run)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(PathOf(run), []);
    }

    /// <summary>Whether there is one.</summary>
    public bool Has(long run) => File.Exists(PathOf(run));

    /// <summary>Forgets the wish, if there is one, because the run has ended.</summary>
    public void Remove(long run)
    {
        try
        {
            File.Delete(PathOf(run));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It stays as litter without meaning: the number of a run is never given again.
            return;
        }
    }

    private string PathOf(long run) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{district}-run-{run}.cancel"));
}
