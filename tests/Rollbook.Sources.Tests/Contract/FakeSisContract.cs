using Rollbook.Model;
using Rollbook.Sources.Synergy;
using Rollbook.Sources.Tests.OneRoster;

namespace Rollbook.Sources.Tests.Contract;

/// <summary>The Synergy connector against the smallest right server.</summary>
public sealed class FakeSisContract : ConnectorContract
{
    protected override IConnector Connector { get; } = new SynergyConnector(SisSettings.Hurried with { Tries = 3 });

    protected override async Task<IContractSource> StartAsync() => new Source(await FakeSis.StartAsync());

    private sealed class Source(FakeSis sis) : IContractSource
    {
        private readonly List<BreakingLine> lines = [];

        public SourceSettings Settings => SisSettings.Of(sis);

        public SourceSettings WrongSecret => SisSettings.Of(sis, ("clientSecret", "wr0ng-secret-that-nobody-should-see"));

        public IReadOnlyList<string> Secrets { get; } = [FakeSis.Secret, FakeSis.Token, "wr0ng-secret-that-nobody-should-see"];

        public IReadOnlyDictionary<Collection, IReadOnlySet<RollbookId>> Truth { get; } =
            Collections.InOrder.ToDictionary(
                collection => collection,
                IReadOnlySet<RollbookId> (collection) =>
                    Enumerable
                        .Range(0, sis.Records[Collections.NameOf(collection)].Count)
                        .Select(i => RollbookId.Derive(Reading.Ids(Collections.FamilyOf(collection)), $"{Collections.NameOf(collection)}-{i:000000}"))
                        .ToHashSet()
            );

        public SourceSettings OverALineThatBreaksAfter(int bytes) => Over(new BreakingLine(new Uri(sis.Address).Port, bytes));

        public SourceSettings OverALineThatIsSilent() => Over(new BreakingLine(new Uri(sis.Address).Port, -1));

        public async ValueTask DisposeAsync()
        {
            foreach (var line in lines)
            {
                await line.DisposeAsync();
            }

            await sis.DisposeAsync();
        }

        private SourceSettings Over(BreakingLine line)
        {
            lines.Add(line);
            return SisSettings.Of(sis, ("apiUrl", line.Address), ("tokenUrl", line.Address + "/auth/token"));
        }
    }
}
