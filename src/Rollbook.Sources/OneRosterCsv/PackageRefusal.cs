namespace Rollbook.Sources.OneRosterCsv;

/// <summary>Makes the failures of a package: what is wrong with it, in a sentence that says what to do.</summary>
internal static class PackageRefusal
{
    /// <summary>The package itself is not to be opened.</summary>
    public static SourceException Package(string message, Exception? inner = null) =>
        new(SourceFailure.Configuration, CheckPart.Package, message, inner);

    /// <summary>A file in it can't be believed.</summary>
    public static SourceException File(string message, Exception? inner = null) => new(SourceFailure.Configuration, CheckPart.Files, message, inner);

    /// <summary>A later try may find it in order.</summary>
    public static SourceException NotYet(string message, Exception? inner = null) => new(SourceFailure.Transient, CheckPart.Package, message, inner);
}
