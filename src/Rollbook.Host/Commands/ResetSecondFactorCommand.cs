using System.ComponentModel;
using Microsoft.AspNetCore.Identity;
using Rollbook.Host.Wiring;
using Rollbook.Storage.Installation;
using Rollbook.Web.Features.Access;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary>
/// <c>rollbook reset-second-factor</c>: takes a person's authenticator app, recovery codes and passkeys away; for the last Primary District Admin who
/// lost the phone, and for accounts with roles in several districts.
/// </summary>
internal sealed class ResetSecondFactorCommand : AsyncCommand<ResetSecondFactorCommand.Settings>
{
    /// <inheritdoc/>
    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        if (settings.Email?.Trim() is not { } email || !EmailAddress.IsOne(email))
        {
            throw CommandFailure.Usage("Name the person: rollbook reset-second-factor --email ada@riverside.example");
        }

        await using var services = RollbookServices.Build(settings.Data);
        await using var scope = services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        if (await users.FindByEmailAsync(email) is not { } user)
        {
            throw CommandFailure.Usage($"There is no account with the address {email}.");
        }

        await scope.ServiceProvider.GetRequiredService<Recovery>().ResetSecondFactorAsync(user, "an operator");
        Console.Out.WriteLine($"The second factor of {user.UserName} was reset, and the person's sessions have ended.");
        return ExitStatus.Done;
    }

    /// <summary>Options.</summary>
    public sealed class Settings : GlobalSettings
    {
        /// <summary>Whose.</summary>
        [CommandOption("--email <ADDRESS>")]
        [Description("The person's e-mail address.")]
        public string? Email { get; init; }
    }
}
