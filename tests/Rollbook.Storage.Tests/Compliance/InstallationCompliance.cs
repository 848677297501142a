using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Rollbook.Storage.Installation;

namespace Rollbook.Storage.Tests;

/// <summary>What belongs to no district.</summary>
public abstract class InstallationCompliance(TestBed bed)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task People_sign_up_have_roles_and_are_forgotten_with_them()
    {
        await using var services = Services();
        await using var scope = services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var user = new User
        {
            UserName = "ada",
            Email = "ada@riverside.example",
            DisplayName = "Ada Byron",
        };
        (await users.CreateAsync(user, "Engine-1843!")).Errors.ShouldBeEmpty();
        (await users.CheckPasswordAsync((await users.FindByNameAsync("ADA"))!, "Engine-1843!")).ShouldBeTrue();
        await users.AddOrUpdatePasskeyAsync(
            user,
            new UserPasskeyInfo([1, 2], [3], Publishing.Noon, 0, [], isUserVerified: true, isBackupEligible: false, isBackedUp: false, [4], [5])
        );
        (await users.GetPasskeysAsync(user)).Count.ShouldBe(1);

        var context = scope.ServiceProvider.GetRequiredService<InstallationContext>();
        context.Add(
            new DistrictRole
            {
                UserId = user.Id,
                DistrictId = "riverside",
                Role = Role.PrimaryDistrictAdmin,
            }
        );
        context.Add(
            new SetupLink
            {
                TokenHash = "h1",
                DistrictId = "riverside",
                Role = Role.Viewer,
                CreatedAt = Publishing.Noon,
                ExpiresAt = Publishing.Noon.AddDays(3),
            }
        );
        await context.SaveChangesAsync(Token);

        await using var later = await services.GetRequiredService<IDbContextFactory<InstallationContext>>().CreateDbContextAsync(Token);
        (await later.DistrictRoles.SingleAsync(role => role.UserId == user.Id, Token)).Role.ShouldBe(Role.PrimaryDistrictAdmin);
        (await later.SetupLinks.SingleAsync(Token)).ExpiresAt.ShouldBe(Publishing.Noon.AddDays(3));
        await users.DeleteAsync(user);
        (await later.DistrictRoles.CountAsync(Token)).ShouldBe(0);
    }

    [Fact]
    public async Task Keys_of_data_protection_outlive_the_program()
    {
        string secret;
        await using (var services = Services())
        {
            secret = services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect("a secret");
        }

        await using var next = Services();
        next.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Unprotect(secret).ShouldBe("a secret");
    }

    [Fact]
    public async Task Programs_that_start_together_migrate_once()
    {
        var programs = Enumerable.Range(0, 4).Select(_ => Services()).ToList();
        await Task.WhenAll(
            programs.SelectMany(program => program.GetServices<IHostedService>()).Select(service => Task.Run(() => service.StartAsync(Token), Token))
        );
        foreach (var program in programs)
        {
            await using var context = await program.GetRequiredService<IDbContextFactory<InstallationContext>>().CreateDbContextAsync(Token);
            (await context.Database.GetPendingMigrationsAsync(Token)).ShouldBeEmpty();
            context.Database.HasPendingModelChanges().ShouldBeFalse();
            await program.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_refused()
    {
        await using var services = Services();
        await using var context = await services.GetRequiredService<IDbContextFactory<InstallationContext>>().CreateDbContextAsync(Token);
        var history = context.GetService<IHistoryRepository>();
        await context.Database.ExecuteSqlRawAsync(history.GetInsertScript(new HistoryRow("99990101000000_Future", "99.0")), Token);
        await using var older = Services();
        var refusal = await Should.ThrowAsync<NewerSchemaException>(() =>
            older.GetRequiredService<IDbContextFactory<InstallationContext>>().CreateDbContextAsync(Token)
        );
        refusal.Message.ShouldContain("99990101000000_Future");
        await context.Database.ExecuteSqlRawAsync(history.GetDeleteScript("99990101000000_Future"), Token);
    }

    [Fact]
    public async Task Districts_come_from_the_same_registration()
    {
        await using var services = Services();
        var store = await services.GetRequiredService<IInstallationStore>().CreateAsync(new DistrictInfo("registered", "R", "UTC"), Token);
        store.District.Id.ShouldBe("registered");
    }

    private ServiceProvider Services()
    {
        var services = new ServiceCollection().AddLogging();
        bed.Register(services);
        services.AddIdentityCore<User>().AddEntityFrameworkStores<InstallationContext>();
        services.AddDataProtection().SetApplicationName("rollbook").PersistKeysToDbContext<InstallationContext>();
        return services.BuildServiceProvider(validateScopes: true);
    }
}
