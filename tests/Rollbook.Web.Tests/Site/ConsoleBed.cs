using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rollbook.Host.Wiring;
using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Web.Features.Access;

namespace Rollbook.Web.Tests.Site;

/// <summary>The console as the program wires it, on a port of its own, with two districts and a time that a test can move.</summary>
public class ConsoleBed : IAsyncLifetime
{
    internal const string Password = "correct horse battery staple";
    internal const string Riverside = "riverside";
    internal const string Lakeside = "lakeside";

    private readonly string folder = Directory.CreateTempSubdirectory("rollbook-web-").FullName;
    private WebApplication? app;
    private int people;

    public ShiftedTime Time { get; } = new();

    internal Uri Address { get; private set; } = null!;

    internal IServiceProvider Services => app!.Services;

    internal IAuditLog Log => Services.GetRequiredService<IAuditLog>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Error).AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None);
        builder.Configuration.AddInMemoryCollection(Settings());
        builder.Services.AddRollbook(folder);
        builder.Services.AddRollbookConsole(builder.Configuration);
        builder.Services.AddSingleton<TimeProvider>(Time);
        await ReplaceStorageAsync(builder.Services, folder);
        app = builder.Build();
        app.MapRollbookConsole();
        var installation = app.Services.GetRequiredService<IInstallationStore>();
        await installation.CreateAsync(new DistrictInfo(Riverside, "Riverside Unified", "America/Los_Angeles"), Token);
        await installation.CreateAsync(new DistrictInfo(Lakeside, "Lakeside Elementary", "America/New_York"), Token);
        await app.StartAsync(Token);
        Address = new Uri(app.Urls.First());
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>An account with a role in a district; empty for the installation's operator.</summary>
    internal async Task<string> AddPersonAsync(string district, Role role, bool seesPersonal = false)
    {
        var email = $"{role}{Interlocked.Increment(ref people)}@{district}.example".ToLowerInvariant();
        await using var scope = Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var user = new User
        {
            UserName = email,
            Email = email,
            DisplayName = email,
        };
        (await users.CreateAsync(user, Password)).Errors.ShouldBeEmpty();
        await GiveAsync(email, district, role, seesPersonal);
        return email;
    }

    /// <summary>A role more for an account.</summary>
    internal async Task GiveAsync(string email, string district, Role role, bool seesPersonal = false)
    {
        await using var scope = Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<InstallationContext>();
        context.Add(
            new DistrictRole
            {
                UserId = await context.Users.Where(user => user.Email == email).Select(user => user.Id).SingleAsync(Token),
                DistrictId = district,
                Role = role,
                SeesPersonalData = seesPersonal,
            }
        );
        await context.SaveChangesAsync(Token);
    }

    internal async Task<string> IdAsync(string email) => (await UserAsync(email)).Id;

    /// <summary>The path of an invitation.</summary>
    internal async Task<string> InviteAsync(Invitation invitation)
    {
        await using var scope = Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<SetupLinks>().CreateAsync(invitation, "test", AuditChannel.Command, Token);
    }

    /// <summary>A browser that nobody has signed in with, at a network address of its own.</summary>
    internal Visitor Visit() => new(Address);

    /// <summary>A browser with someone signed in.</summary>
    internal async Task<Visitor> SignInAsync(string email)
    {
        var visitor = Visit();
        (await visitor.SignInAsync(email, Password)).Status.ShouldBe(302);
        return visitor;
    }

    /// <summary>A browser with someone signed in who has a new account with this role; an operator with a second factor, without which there is no operating.</summary>
    internal async Task<Visitor> SignInAsync(string district, Role role)
    {
        var visitor = await SignInAsync(await AddPersonAsync(district, role));
        if (role == Role.Operator)
        {
            await visitor.AddAuthenticatorAsync();
        }

        return visitor;
    }

    /// <summary>Does something with the accounts.</summary>
    internal async Task<T> WithUsersAsync<T>(Func<UserManager<User>, Task<T>> work)
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<UserManager<User>>());
    }

    /// <summary>A passkey for an account, which no device has.</summary>
    internal Task AddPasskeyAsync(string email) =>
        WithUsersAsync(async users =>
            await users.AddOrUpdatePasskeyAsync(
                (await users.FindByEmailAsync(email))!,
                new UserPasskeyInfo(RandomNumberGenerator.GetBytes(16), [], Time.GetUtcNow(), 0, null, true, false, false, [], [])
                {
                    Name = "Blue key",
                }
            )
        );

    internal Task<User> UserAsync(string email) => WithUsersAsync(async users => (await users.FindByEmailAsync(email))!);

    /// <summary>Puts another database in place of SQLite.</summary>
    protected virtual Task ReplaceStorageAsync(IServiceCollection services, string data) => Task.CompletedTask;

    protected virtual IReadOnlyDictionary<string, string?> Settings() => new Dictionary<string, string?>();
}
