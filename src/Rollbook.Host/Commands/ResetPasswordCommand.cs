using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Identity;
using Rollbook.Host.Output;
using Rollbook.Host.Wiring;
using Rollbook.Storage.Installation;
using Rollbook.Web.Features.Access;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary>
/// <c>rollbook reset-password</c>: a link with which one person chooses a new password, once; for the last Primary District Admin, and for accounts
/// with roles in several districts. A second factor stays.
/// </summary>
internal sealed class ResetPasswordCommand : AsyncCommand<ResetPasswordCommand.Settings>
{
    /// <inheritdoc/>
    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        if (settings.Email?.Trim() is not { } email || !EmailAddress.IsOne(email))
        {
            throw CommandFailure.Usage("Name the person: rollbook reset-password --email ada@riverside.example");
        }

        if (!Uri.TryCreate(settings.Url, UriKind.Absolute, out var url))
        {
            throw CommandFailure.Usage("--url is the address of the console, such as https://rollbook.riverside.example");
        }

        await using var services = RollbookServices.Build(settings.Data);
        await using var scope = services.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<UserManager<User>>().FindByEmailAsync(email) is not { } user)
        {
            throw CommandFailure.Usage($"There is no account with the address {email}.");
        }

        var link = url.GetLeftPart(UriPartial.Authority) + await scope.ServiceProvider.GetRequiredService<Recovery>().PasswordLinkAsync(user);
        if (settings.Json)
        {
            JsonOutput.Document(new JsonObject { ["link"] = link, ["hours"] = SetupLinks.Lifetime.TotalHours });
            return ExitStatus.Done;
        }

        await Console.Error.WriteLineAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{email} can choose a new password with this link once, within {SetupLinks.Lifetime.TotalHours} hours:"
            )
        );
        Console.Out.WriteLine(link);
        return ExitStatus.Done;
    }

    /// <summary>Options.</summary>
    public sealed class Settings : GlobalSettings
    {
        /// <summary>Whose.</summary>
        [CommandOption("--email <ADDRESS>")]
        [Description("The person's e-mail address.")]
        public string? Email { get; init; }

        /// <summary>Where the console is.</summary>
        [CommandOption("--url <URL>")]
        [Description("The address of the console, for the link.")]
        [DefaultValue(RollbookServer.DefaultUrl)]
        public string Url { get; init; } = RollbookServer.DefaultUrl;
    }
}
