namespace Rollbook.Sources;

/// <summary>A connector whose packages are put in a place that can be watched, so that an import begins when there is another one.</summary>
public interface IWatchesPackages
{
    /// <summary>
    /// A mark of the package that lies in the place now: another package has another mark, also one that is still being written. Null when the settings ask for no
    /// watch, when nothing is there, and when it can't be looked at. Reads names, sizes and times, no content.
    /// </summary>
    string? Glance(SourceSettings settings);
}
