using System.Globalization;
using Rollbook.Model;
using Rollbook.Sources.ActiveDirectory;
using Rollbook.Sources.Tests.Contract;
using Rollbook.Sources.Tests.OneRoster;
using Rollbook.Testing;

namespace Rollbook.Sources.Tests.ActiveDirectory;

/// <summary>The Active Directory connector against slapd, with LDAPS.</summary>
public sealed class LdapsContract : DirectoryContract
{
    protected override string Security => "ldaps";
}

/// <summary>The Active Directory connector against slapd, with StartTLS.</summary>
public sealed class StartTlsContract : DirectoryContract
{
    protected override string Security => "starttls";
}

/// <summary>The Active Directory connector against a directory with more people than OpenLDAP gives at once.</summary>
public abstract class DirectoryContract : ConnectorContract
{
    protected override IConnector Connector { get; } = new DirectoryConnector(SisSettings.Hurried);

    protected abstract string Security { get; }

    protected override async Task<IContractSource> StartAsync() => new Source(await DirectoryOfTests.SharedAsync(), Security);

    private sealed class Source(OpenLdap directory, string security) : IContractSource
    {
        private const string Wrong = "wr0ng-passw0rd-that-nobody-should-see";
        private readonly List<BreakingLine> lines = [];

        public SourceSettings Settings => At(Port);

        public SourceSettings WrongSecret => At(Port, ("password", Wrong));

        public IReadOnlyList<string> Secrets { get; } = [OpenLdap.Password, Wrong];

        public IReadOnlyDictionary<Collection, IReadOnlySet<RollbookId>> Truth => DirectoryOfTests.Truth;

        public IReadOnlyList<Collection> Held { get; } = [Collection.Orgs, Collection.Users];

        // The place in a search is the connection's own.
        public bool GoesOn => false;

        private int Port => string.Equals(security, "ldaps", StringComparison.Ordinal) ? directory.SecurePort : directory.Port;

        public SourceSettings OverALineThatBreaksAfter(int bytes) => Over(bytes);

        public SourceSettings OverALineThatIsSilent() => Over(-1);

        public async ValueTask DisposeAsync()
        {
            foreach (var line in lines)
            {
                await line.DisposeAsync();
            }
        }

        private SourceSettings Over(int bytes)
        {
            var line = new BreakingLine(Port, bytes);
            lines.Add(line);
            return At(new Uri(line.Address).Port);
        }

        private SourceSettings At(int port, params (string Name, string Value)[] others) =>
            DirectoryOfTests.Of(directory, [("security", security), ("port", port.ToString(CultureInfo.InvariantCulture)), .. others]);
    }
}
