using Rollbook.Model;
using Rollbook.Sources.OneRosterCsv;
using Rollbook.Sources.Tests.Contract;
using Rollbook.Testing;

namespace Rollbook.Sources.Tests.OneRosterCsv;

/// <summary>A package that lies in a folder of its own while a test runs.</summary>
internal sealed class PackageOnDisk : IDisposable
{
    internal static readonly OneRosterCsvOptions Hurried = new() { Settle = TimeSpan.FromMilliseconds(20) };

    private readonly string folder = Directory.CreateTempSubdirectory("rollbook-csv-").FullName;

    internal PackageOnDisk(byte[] zip, string name = "package.zip")
    {
        Path = System.IO.Path.Combine(folder, name);
        File.WriteAllBytes(Path, zip);
        File.SetLastWriteTimeUtc(Path, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-5));
    }

    internal PackageOnDisk(CsvPackage package)
        : this(package.Zip()) { }

    internal string Path { get; }

    internal SourceSettings Settings => With();

    internal SourceSettings With(params (string Name, string Value)[] more) => Of(Path, more);

    internal static SourceSettings Of(string path, params (string Name, string Value)[] more)
    {
        var values = more.ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.Ordinal);
        values["path"] = path;
        return new SourceSettings(values);
    }

    internal Task<Reading> ReadAsync(params (string Name, string Value)[] more) =>
        Reading.OfAsync(new OneRosterCsvConnector(Hurried), With(more), cancellationToken: TestContext.Current.CancellationToken);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    internal static IReadOnlyDictionary<Collection, IReadOnlySet<RollbookId>> TruthOf(CsvPackage package) =>
        Collections.InOrder.ToDictionary(
            collection => collection,
            IReadOnlySet<RollbookId> (collection) =>
                package
                    .Ids(Collections.NameOf(collection) + ".csv")
                    .Select(id => RollbookId.Derive(Reading.Ids(Collections.FamilyOf(collection)), id))
                    .ToHashSet()
        );
}
