using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rollbook.Storage.Installation;
using Rollbook.Sync.Configuration;
using Rollbook.Telling;
using Rollbook.Telling.Email;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Features.Account;
using Rollbook.Web.Features.Administration;
using Rollbook.Web.Features.Data;
using Rollbook.Web.Features.History;
using Rollbook.Web.Features.Notifications;
using Rollbook.Web.Features.Operators;

namespace Rollbook.Web;

/// <summary>What the console needs from the program that carries it.</summary>
public static class ConsoleServices
{
    /// <summary>
    /// Adds the console: pages, sign-in, authorization. The program itself adds <see cref="InstallationContext"/>,
    /// <see cref="Storage.IInstallationStore"/> and <see cref="Sync.Runs.IImports"/>.
    /// </summary>
    public static IServiceCollection AddRollbookConsole(this IServiceCollection services, IConfiguration? configuration = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(ScheduleRules.Default);
        services.AddRazorComponents();
        services.AddCascadingAuthenticationState();
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "rollbook-form";
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.AddSingleton<ConsoleAssets>();
        services.AddSingleton<StagedCounts>();
        AddSignIn(services);
        ExternalSignIn.Add(services, configuration);
        AddAuthorization(services);
        services.AddScoped<ReferenceNames>();
        services.AddScoped<DistrictPeople>();
        services.AddScoped<InstallationDistricts>();
        services.AddScoped<Unread>();
        services.TryAddSingleton(new TellingOptions());
        services.TryAddSingleton<TestEmail>();
        services.TryAddSingleton(new SignInLimit(SignInRateLimit.PerMinute));
        services.AddRateLimiter(SignInRateLimit.Configure);
        return services;
    }

    /// <summary>
    /// Adds the people of the installation: their accounts, and the links that make them. Enough for a command; the console adds how they sign in.
    /// </summary>
    public static IServiceCollection AddRollbookPeople(this IServiceCollection services)
    {
        services
            .AddIdentityCore<User>(options =>
            {
                options.User.RequireUniqueEmail = true;

                // The sign-in name is an e-mail address, of which forms refuse what is none: O'Brien and Núñez have one too.
                options.User.AllowedUserNameCharacters = "";

                // Length is what makes a password strong; rules about signs only make people write it down (NIST SP 800-63B).
                options.Password.RequiredLength = PasswordRules.MinimumLength;
                options.Password.RequiredUniqueChars = 5;
                options.Password.RequireDigit = false;
                options.Password.RequireLowercase = false;
                options.Password.RequireUppercase = false;
                options.Password.RequireNonAlphanumeric = false;
                options.Lockout.AllowedForNewUsers = true;
                options.Lockout.MaxFailedAccessAttempts = PasswordRules.AttemptsBeforeLock;
                options.Lockout.DefaultLockoutTimeSpan = PasswordRules.LockedFor;
            })
            .AddEntityFrameworkStores<InstallationContext>()
            .AddSignInManager()
            .AddDefaultTokenProviders();
        services.Configure<DataProtectionTokenProviderOptions>(options => options.TokenLifespan = SetupLinks.Lifetime);
        services.AddScoped<IUserStore<User>, KeptUsers>();
        services.AddScoped<SetupLinks>();
        services.AddHttpContextAccessor();
        services.AddScoped<Trail>();
        services.AddScoped<Recovery>();
        return services;
    }

    private static void AddSignIn(IServiceCollection services)
    {
        services.AddRollbookPeople();
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
        services.ConfigureApplicationCookie(SignInCookie.Configure);

        // A passkey is the whole sign-in, so the device must have verified the person (WebAuthn, section 6.1.3).
        services.Configure<IdentityPasskeyOptions>(options =>
        {
            options.UserVerificationRequirement = "required";
            options.ResidentKeyRequirement = "required";
        });
        services.AddScoped<Accounts>();
        services.AddScoped<SignIns>();
        services.AddScoped<Sessions>();
        services.AddScoped<OneTimeCodes>();
        services.AddScoped<AuthenticatorKeys>();
    }

    private static void AddAuthorization(IServiceCollection services)
    {
        services.AddScoped<Memberships>();
        services.AddScoped<CurrentDistrict>();
        services.AddScoped<IAuthorizationHandler, DistrictAuthorization>();
        services.AddScoped<IAuthorizationHandler, OperatorAuthorization>();
        services.AddScoped<IAuthorizationHandler, RecentAuthorization>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, Refusals>();
        var policies = services.AddAuthorizationBuilder();
        foreach (
            var (name, requirement) in new (string, IAuthorizationRequirement?)[]
            {
                (Policies.Read, new DistrictRequirement(Need.Read)),
                (Policies.Work, new DistrictRequirement(Need.Change)),
                (Policies.Configure, new DistrictRequirement(Need.Change)),
                (Policies.Primary, new DistrictRequirement(Need.Primary)),
                (Policies.Operator, new OperatorRequirement()),
                (Policies.SignedInRecently, new RecentRequirement()),
                (Policies.SignedIn, null),
            }
        )
        {
            policies.AddPolicy(name, policy => policy.RequireAuthenticatedUser().AddRequirements(requirement is null ? [] : [requirement]));
        }
    }
}
