namespace Rollbook.Sources.OneRosterCsv.Packages;

/// <summary>Opens the package that an app's settings lead to.</summary>
internal static class PackageSource
{
    /// <summary>Opens it once it is whole; whoever asked disposes of it.</summary>
    /// <exception cref="SourceException">There is none, it is not whole, or it is not safe to open.</exception>
    public static Task<Package> OpenAsync(CsvSettings settings, OneRosterCsvOptions options, CancellationToken cancellationToken) =>
        new LocalPackages(options, settings.Limits).OpenAsync(settings.Path, cancellationToken);
}
