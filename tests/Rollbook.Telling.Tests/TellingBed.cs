using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Telling.Email;
using Rollbook.Telling.Events;
using Rollbook.Telling.Webhook;
using Rollbook.Testing;

namespace Rollbook.Telling.Tests;

/// <summary>A district with people, whose runs a test writes, and programs that tell of them. The clock stands until the test moves it.</summary>
internal sealed class TellingBed : IAsyncDisposable
{
    internal const string Id = "riverside";
    internal const string App = "synergy";
    internal const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private readonly string folder = Directory.CreateTempSubdirectory("rollbook-telling-").FullName;
    private readonly List<ServiceProvider> programs = [];
    private readonly string? connection;
    private int configuration;

    private TellingBed(string? connection) => this.connection = connection;

    internal FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 24, 10, 0, 0, TimeSpan.Zero));

    internal IDistrictStore Store { get; private set; } = null!;

    /// <summary>The program of most tests: looks and sends.</summary>
    internal Teller Teller { get; private set; } = null!;

    internal Recipients Recipients { get; private set; } = null!;

    internal TellingOptions Options { get; private set; } = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    internal static async Task<TellingBed> StartAsync(TellingOptions? options = null, bool postgres = false)
    {
        var bed = new TellingBed(postgres ? await (await PostgresServer.SharedAsync()).NewDatabaseAsync() : null)
        {
            Options = options ?? new TellingOptions { ConsoleUrl = "https://rollbook.riverside.example" },
        };
        var first = bed.NewProgram();
        bed.Store = await first
            .GetRequiredService<IInstallationStore>()
            .CreateAsync(new DistrictInfo(Id, "Riverside Unified", "America/Los_Angeles"), Token);
        bed.Recipients = new Recipients(first.GetRequiredService<IDbContextFactory<InstallationContext>>());
        bed.Teller = bed.NewTeller();
        await bed.ConfigureAsync(configured => configured);
        return bed;
    }

    /// <summary>Another program on the same data: its store, and what tells.</summary>
    internal async Task<(IDistrictStore Store, Teller Teller)> AnotherAsync() =>
        ((await NewProgram().GetRequiredService<IInstallationStore>().OpenAsync(Id, Token))!, NewTeller());

    internal Teller NewTeller() => new(Recipients, Options, Time, NullLogger<Teller>.Instance);

    internal Outbox NewOutbox() => new(Recipients, new WebhookCaller(Options), new PlainSecrets(), Options, Time);

    internal async Task ConfigureAsync(Func<DistrictConfiguration, DistrictConfiguration> change)
    {
        var district = change(
            new DistrictConfiguration
            {
                Id = Id,
                Name = "Riverside Unified",
                TimeZone = "America/Los_Angeles",
                Apps = new Dictionary<string, AppConfiguration>
                {
                    [App] = new() { Type = "synergy", Name = "Synergy" },
                },
            }
        );
        configuration = (await Store.Configuration.AddAsync(configuration, district.ToDocument(), "ada", Time.GetUtcNow(), Token))!.Value;
    }

    /// <summary>Has the webhook be called at an address.</summary>
    internal async Task HookAsync(string url)
    {
        await Store.Configuration.SetSecretAsync(WebhookSettings.SecretName, new PlainSecrets().Protect(Secret), Token);
        await ConfigureAsync(district => district with { Webhook = new WebhookSettings(url) });
    }

    internal async Task<string> AddPersonAsync(string email, Role role)
    {
        await using var context = await programs[0].GetRequiredService<IDbContextFactory<InstallationContext>>().CreateDbContextAsync(Token);
        var user = new User { UserName = email, Email = email };
        context.Add(user);
        context.Add(
            new DistrictRole
            {
                UserId = user.Id,
                DistrictId = role == Role.Operator ? "" : Id,
                Role = role,
            }
        );
        await context.SaveChangesAsync(Token);
        return user.Id;
    }

    internal async Task RemovePersonAsync(string id)
    {
        await using var context = await programs[0].GetRequiredService<IDbContextFactory<InstallationContext>>().CreateDbContextAsync(Token);
        await context.DistrictRoles.Where(role => role.UserId == id).ExecuteDeleteAsync(Token);
    }

    /// <summary>A run that comes to this state.</summary>
    internal async Task<long> RunAsync(RunState state, RunReport? report = null, string app = App, bool look = true)
    {
        var run = await Store.Runs.AddAsync(app, "schedule", "Schedule", 1, Time.GetUtcNow(), Token);
        await MoveAsync(run.Number, "queued", state, report, look);
        return run.Number;
    }

    internal async Task MoveAsync(long run, string from, RunState to, RunReport? report = null, bool look = true)
    {
        var ended = RunStates.IsEnd(to) ? Time.GetUtcNow() : (DateTimeOffset?)null;
        (await Store.Runs.MoveAsync(run, from, RunStates.ToWord(to), (report ?? new RunReport()).ToJson(), ended, Token)).ShouldBeTrue();
        if (look)
        {
            await Teller.LookAsync(Store, Token);
        }
    }

    /// <summary>What has been told, oldest first.</summary>
    internal async Task<string[]> ToldAsync() =>
        [
            .. (await Store.Notifications.ListAsync(null, null, null, 100, Token))
                .Reverse()
                .Select(each => each.Run is { } run ? $"{each.Topic} {run}" : each.Topic),
        ];

    internal static RunReport Failed(
        string message = "The client secret is wrong. Enter it again.",
        string part = "credentials",
        bool retry = false
    ) => new() { Failure = new RunFailure(part, message, retry) };

    internal static RunReport Unreached() => Failed("sis.riverside.example can't be reached. Check the host.", "host", retry: true);

    internal static RunReport Held(string hash, long count = 600, string limit = "delete") =>
        new()
        {
            ChangeHash = hash,
            WaitsAs = RunState.Held,
            Holds = [new RunHold(limit, Kind.Student, "source", count, 5_000, count / 50d, $"{count} of the 5,000 students would be deleted.")],
        };

    public async ValueTask DisposeAsync()
    {
        foreach (var program in programs)
        {
            await program.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    private ServiceProvider NewProgram()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(Time);
        services.AddRollbookStorage(folder, connection);
        var program = services.BuildServiceProvider();
        programs.Add(program);
        return program;
    }
}
