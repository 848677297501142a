using Rollbook.Model;
using Rollbook.Simulator;
using Rollbook.Sources.Tests.Contract;
using Rollbook.Sources.Tests.OneRoster;

namespace Rollbook.Sources.Tests.Synergy;

/// <summary>The simulated SIS as a source of the connector contract.</summary>
public sealed class SimulatedSource(SimulatedSynergy sis, params (string Name, string Value)[] own) : IContractSource
{
    private const string Secret = "simulated-s3cret-not-to-be-seen";
    private const string Wrong = "simulated-wr0ng-not-to-be-seen";
    private readonly List<BreakingLine> lines = [];

    /// <summary>The simulator itself, for its switches.</summary>
    public SimulatedSynergy Sis => sis;

    public SourceSettings Settings => Make();

    public SourceSettings WrongSecret => Make(("clientSecret", Wrong));

    public IReadOnlyList<string> Secrets { get; } = [Secret, Wrong];

    public IReadOnlyDictionary<Collection, IReadOnlySet<RollbookId>> Truth { get; } = KeysOf(sis);

    public static async Task<SimulatedSource> StartAsync(Profile profile, int students = 60, params (string Name, string Value)[] own) =>
        new(
            await SimulatedSynergy.StartAsync(
                new SimulatorOptions
                {
                    Students = students,
                    Profile = profile,
                    ClientSecret = Secret,
                },
                TestContext.Current.CancellationToken
            ),
            own
        );

    public SourceSettings Make(params (string Name, string Value)[] others)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["apiUrl"] = sis.ApiUrl.ToString(),
            ["tokenUrl"] = sis.TokenUrl.ToString(),
            ["clientId"] = sis.ClientId,
            ["clientSecret"] = Secret,
            ["pageSize"] = "100",
        };
        foreach (var (name, value) in own.Concat(others))
        {
            values[name] = value;
        }

        return new SourceSettings(values);
    }

    public SourceSettings OverALineThatBreaksAfter(int bytes) => Over(new BreakingLine(sis.ApiUrl.Port, bytes));

    public SourceSettings OverALineThatIsSilent() => Over(new BreakingLine(sis.ApiUrl.Port, -1));

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
        return Make(("apiUrl", line.Address + sis.ApiUrl.AbsolutePath), ("tokenUrl", line.Address + sis.TokenUrl.AbsolutePath));
    }

    private static Dictionary<Collection, IReadOnlySet<RollbookId>> KeysOf(SimulatedSynergy sis)
    {
        var truth = sis.GetTruth();
        return Collections.InOrder.ToDictionary(
            collection => collection,
            IReadOnlySet<RollbookId> (collection) =>
            {
                Simulator.Kinds.TryParse(Collections.NameOf(collection), out var kind).ShouldBeTrue();
                return truth.Ids(kind).Select(id => RollbookId.Derive(Reading.Ids(Collections.FamilyOf(collection)), id)).ToHashSet();
            }
        );
    }
}
