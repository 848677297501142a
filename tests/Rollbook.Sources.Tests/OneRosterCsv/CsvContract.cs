using Rollbook.Model;
using Rollbook.Sources.OneRosterCsv;
using Rollbook.Sources.Tests.Contract;
using Rollbook.Testing;

namespace Rollbook.Sources.Tests.OneRosterCsv;

/// <summary>The OneRoster CSV connector on a package of 1.1 in a ZIP file.</summary>
public sealed class ZipContract : CsvContract
{
    protected override CsvPackage Package => CsvPackage.District(schools: 4, classes: 20);
}

/// <summary>The OneRoster CSV connector on a package of 1.2 in a ZIP file.</summary>
public sealed class Zip12Contract : CsvContract
{
    protected override CsvPackage Package => CsvPackage.District("1.2");
}

/// <summary>The OneRoster CSV connector on the files themselves, in a folder.</summary>
public sealed class FolderContract : CsvContract
{
    protected override CsvPackage Package => CsvPackage.District();

    protected override bool IsFolder => true;
}

/// <summary>The OneRoster CSV connector on packages of this server's disk, which have neither a secret nor a line.</summary>
public abstract class CsvContract : ConnectorContract
{
    protected override IConnector Connector { get; } = new OneRosterCsvConnector(PackageOnDisk.Hurried);

    protected abstract CsvPackage Package { get; }

    protected virtual bool IsFolder => false;

    protected override Task<IContractSource> StartAsync() => Task.FromResult<IContractSource>(new Source(Package, IsFolder));

    private sealed class Source : IContractSource
    {
        private readonly PackageOnDisk disk;

        internal Source(CsvPackage package, bool isFolder)
        {
            disk = new PackageOnDisk(package);
            Truth = PackageOnDisk.TruthOf(package);
            Settings = disk.Settings;
            if (isFolder)
            {
                var folder = disk.Path + ".d";
                package.WriteFolder(folder);
                Settings = PackageOnDisk.Of(folder);
            }
        }

        public SourceSettings Settings { get; }

        public SourceSettings? WrongSecret => null;

        public IReadOnlyList<string> Secrets => [];

        public IReadOnlyDictionary<Collection, IReadOnlySet<RollbookId>> Truth { get; }

        public SourceSettings? OverALineThatBreaksAfter(int bytes) => null;

        public SourceSettings? OverALineThatIsSilent() => null;

        public ValueTask DisposeAsync()
        {
            disk.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
