using Rollbook.Model;
using Rollbook.Simulator;
using Rollbook.Sources.OneRoster;
using Rollbook.Sources.Synergy;
using Rollbook.Sources.Tests.Contract;
using Rollbook.Sources.Tests.OneRoster;

namespace Rollbook.Sources.Tests.Synergy;

/// <summary>The connector contract, and every fault, against one profile of the simulated SIS.</summary>
public abstract class SynergyContract(Profile profile) : ConnectorContract
{
    private const int Mixtures = 80;

    /// <summary>Every way to be wrong that leaves the district as it is; what each must come to is always the same: the truth, or a failure.</summary>
    private static readonly Dictionary<string, FaultSwitches> Switches = Named([
        .. Enum.GetValues<Breakage>()
            .SelectMany(breakage =>
                new[]
                {
                    new FaultSwitches { Breakage = breakage },
                    new FaultSwitches
                    {
                        Breakage = breakage,
                        SkipPages = 7,
                        AtByte = 4000,
                    },
                    new FaultSwitches
                    {
                        Breakage = breakage,
                        SkipPages = 9,
                        Times = 2,
                        RetryAfterSeconds = 0,
                    },
                    new FaultSwitches
                    {
                        Breakage = breakage,
                        Only = "enrollments",
                        SkipPages = 2,
                        Times = 1,
                        AtByte = 2,
                    },
                }
            ),
        .. Enum.GetValues<TotalStyle>()
            .SelectMany(total => Enum.GetValues<BeyondEnd>().Select(beyond => new FaultSwitches { Total = total, BeyondEnd = beyond })),
        .. Enum.GetValues<TotalStyle>()
            .SelectMany(total => Enum.GetValues<UnstableOrder>().Select(order => new FaultSwitches { Total = total, UnstableOrder = order })),
        .. Enum.GetValues<BeyondEnd>()
            .Select(beyond => new FaultSwitches
            {
                Total = TotalStyle.Missing,
                BeyondEnd = beyond,
                PageCap = 37,
            }),
        .. Enum.GetValues<UnstableOrder>()
            .Select(order => new FaultSwitches
            {
                PageCap = 40,
                UnstableOrder = order,
                Sort = ParameterSupport.Ignored,
            }),
        .. Enum.GetValues<ParameterSupport>().Select(support => new FaultSwitches { Sort = support, Filter = support }),
        .. Enum.GetValues<LinkStyle>().Select(link => new FaultSwitches { Link = link }),
        .. Enum.GetValues<TokenFault>().Select(token => new FaultSwitches { Token = token }),
        .. Enum.GetValues<Affinity>().Select(affinity => new FaultSwitches { Affinity = affinity }),
        .. Enum.GetValues<ErrorStyle>()
            .SelectMany(errors =>
                new[]
                {
                    new FaultSwitches
                    {
                        Errors = errors,
                        Breakage = Breakage.ErrorWithOk,
                        SkipPages = 5,
                    },
                    new FaultSwitches
                    {
                        Errors = errors,
                        Sort = ParameterSupport.Refused,
                        BeyondEnd = BeyondEnd.NotFound,
                        Total = TotalStyle.Missing,
                    },
                }
            ),
        .. Enum.GetValues<ListStyle>().Select(lists => new FaultSwitches { Lists = lists, AlternateKeys = true }),
        .. new[] { 403, 404, 501 }.SelectMany(status =>
            new[] { "demographics", "orgs", "academicSessions", "users", "enrollments" }.Select(path => new FaultSwitches
            {
                MissingEndpoints = new Dictionary<string, int>(StringComparer.Ordinal) { [path] = status },
            })
        ),
        new FaultSwitches { GatewayErrorAbove = 60 },
        new FaultSwitches { GatewayErrorAbove = 10, GatewayStatus = 504 },
        new FaultSwitches { RequestsPerMinute = 9 },
        new FaultSwitches { RevokeTokenAfterPages = 3 },
        new FaultSwitches { TokenLifetimeSeconds = 1 },
        new FaultSwitches { MissingScope = true },
        new FaultSwitches { LicenceRefused = true },
    ]);

    protected override IConnector Connector { get; } = new SynergyConnector(SisSettings.Hurried with { Tries = 3 });

    protected override async Task<IContractSource> StartAsync() => await SimulatedSource.StartAsync(profile);

    [Fact]
    public async Task Under_every_fault_the_truth_is_read_or_the_read_fails()
    {
        await using var source = await SimulatedSource.StartAsync(profile);
        foreach (var (name, fault) in Switches)
        {
            source.Sis.Faults = fault with { Affinity = fault.Affinity is Affinity.Off ? source.Sis.Faults.Affinity : fault.Affinity };
            var reading = await Reading.OfAsync(Connector, source.Settings, cancellationToken: Stop);
            ShouldBeHonest(reading, source, name);
            source.Secrets.ShouldAllBe(secret => !reading.Everything().Contains(secret, StringComparison.Ordinal));

            var steps = await CheckAsync(source.Settings);
            steps.SkipLast(1).ShouldAllBe(step => step.Ok, name);
        }
    }

    [Fact]
    public async Task Under_faults_that_come_together_too()
    {
        await using var source = await SimulatedSource.StartAsync(profile);
        var affinity = source.Sis.Faults.Affinity;
        var whole = 0;
        for (var seed = 1; seed <= Mixtures; seed++)
        {
            source.Sis.Faults = Mixed(new Random(seed)) with { Affinity = affinity };
            var reading = await Reading.OfAsync(Connector, source.Settings, cancellationToken: Stop);
            ShouldBeHonest(reading, source, $"seed {seed}: {source.Sis.Faults}");
            whole += reading.Failure is null ? 1 : 0;
        }

        whole.ShouldBeInRange(Mixtures / 5, Mixtures - 1);
    }

    [Fact]
    public async Task The_check_tells_a_scope_from_a_licence_and_a_secret_from_a_token_url()
    {
        await using var source = await SimulatedSource.StartAsync(profile);
        var affinity = source.Sis.Faults;
        foreach (
            var (fault, part) in new[]
            {
                (affinity with { MissingScope = true }, CheckPart.Scope),
                (affinity with { LicenceRefused = true }, CheckPart.Licence),
                (affinity with { Token = TokenFault.InvalidClient }, CheckPart.Credentials),
                (affinity with { Token = TokenFault.Html }, CheckPart.TokenUrl),
                (affinity with { Breakage = Breakage.HtmlPage }, CheckPart.ApiUrl),
            }
        )
        {
            source.Sis.Faults = fault;
            (await CheckAsync(source.Settings))[^1].Part.ShouldBe(part);
        }
    }

    private static FaultSwitches Mixed(Random random) =>
        new()
        {
            Breakage = Seldom<Breakage>(random, 2),
            SkipPages = random.Next(40),
            Times = random.Next(1, 4),
            AtByte = random.Next(1, 40_000),
            Total = Seldom<TotalStyle>(random, 2),
            BeyondEnd = Seldom<BeyondEnd>(random, 1),
            UnstableOrder = Seldom<UnstableOrder>(random, 6),
            Sort = Seldom<ParameterSupport>(random, 3),
            Filter = Seldom<ParameterSupport>(random, 2),
            Link = Seldom<LinkStyle>(random, 2),
            Errors = Seldom<ErrorStyle>(random, 1),
            Lists = Seldom<ListStyle>(random, 2),
            Booleans = Seldom<BooleanStyle>(random, 2),
            AlternateKeys = random.Next(3) == 0,
            PageCap = random.Next(2) == 0 ? random.Next(7, 200) : null,
            GatewayErrorAbove = random.Next(4) == 0 ? random.Next(50, 90) : null,
            RevokeTokenAfterPages = random.Next(4) == 0 ? random.Next(2, 9) : null,
            MissingEndpoints =
                random.Next(5) == 0
                    ? new Dictionary<string, int>(StringComparer.Ordinal) { [Collections.NameOf((Collection)random.Next(6))] = 404 }
                    : new Dictionary<string, int>(StringComparer.Ordinal),
        };

    // The value by the book, or, once in so many times and one, another.
    private static T Seldom<T>(Random random, int times)
        where T : struct, Enum
    {
        var values = Enum.GetValues<T>();
        return random.Next(times + 1) == 0 ? values[random.Next(values.Length)] : values[0];
    }

    private static Dictionary<string, FaultSwitches> Named(IEnumerable<FaultSwitches> switches)
    {
        var named = new Dictionary<string, FaultSwitches>(StringComparer.Ordinal);
        foreach (var fault in switches)
        {
            named[$"{fault} {string.Join(' ', fault.MissingEndpoints)}"] = fault;
        }

        return named;
    }
}

/// <summary>OneRoster 1.1 by the book.</summary>
public sealed class CleanSynergyContract() : SynergyContract(Profile.Clean11);

/// <summary>What is known of Synergy.</summary>
public sealed class SynergyLikeContract() : SynergyContract(Profile.SynergyLike);

/// <summary>OneRoster 1.2 by the book, read by the app for any SIS.</summary>
public sealed class OneRoster12Contract() : SynergyContract(Profile.Clean12)
{
    protected override IConnector Connector { get; } = new OneRosterConnector(SisSettings.Hurried with { Tries = 3 });
}
