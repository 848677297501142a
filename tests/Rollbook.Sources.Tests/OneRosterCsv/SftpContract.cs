using Rollbook.Model;
using Rollbook.Sources.OneRosterCsv;
using Rollbook.Sources.Tests.Contract;
using Rollbook.Testing;

namespace Rollbook.Sources.Tests.OneRosterCsv;

/// <summary>The OneRoster CSV connector on a package that a real SSH server has.</summary>
public sealed class SftpContract : ConnectorContract
{
    protected override IConnector Connector { get; } =
        new OneRosterCsvConnector(PackageOnDisk.Hurried with { UploadFolder = Path.GetTempPath(), SftpTimeout = TimeSpan.FromSeconds(10) });

    protected override async Task<IContractSource> StartAsync() => new Source(await SshServer.StartAsync());

    internal static SourceSettings SettingsOf(SshServer server, params (string Name, string Value)[] other)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["sftp.host"] = "127.0.0.1",
            ["sftp.port"] = server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["sftp.user"] = SshServer.User,
            ["sftp.privateKey"] = server.PrivateKey,
            ["sftp.hostKey"] = server.HostKey,
            ["sftp.path"] = Path.Combine(server.Folder, "roster.zip"),
        };
        foreach (var (name, value) in other)
        {
            values[name] = value;
        }

        return new SourceSettings(values);
    }

    private sealed class Source : IContractSource
    {
        private readonly SshServer server;
        private readonly List<BreakingLine> lines = [];

        internal Source(SshServer server)
        {
            this.server = server;
            var package = CsvPackage.District();
            package.WriteZip(Path.Combine(server.Folder, "roster.zip"));
            Truth = PackageOnDisk.TruthOf(package);
        }

        public SourceSettings Settings => SettingsOf(server);

        public SourceSettings WrongSecret => SettingsOf(server, ("sftp.privateKey", server.OtherKey));

        public IReadOnlyList<string> Secrets => [.. new[] { server.PrivateKey, server.OtherKey }.Select(key => key.Split('\n')[2])];

        public IReadOnlyDictionary<Collection, IReadOnlySet<RollbookId>> Truth { get; }

        public SourceSettings OverALineThatBreaksAfter(int bytes) => Over(new BreakingLine(server.Port, bytes));

        public SourceSettings OverALineThatIsSilent() => Over(new BreakingLine(server.Port, -1));

        public async ValueTask DisposeAsync()
        {
            foreach (var line in lines)
            {
                await line.DisposeAsync();
            }

            await server.DisposeAsync();
        }

        private SourceSettings Over(BreakingLine line)
        {
            lines.Add(line);
            return SettingsOf(server, ("sftp.port", new Uri(line.Address).Port.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }
    }
}
