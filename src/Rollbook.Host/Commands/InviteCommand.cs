using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Nodes;
using Rollbook.Host.Output;
using Rollbook.Host.Wiring;
using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Web.Features.Access;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary>
/// <c>rollbook invite</c>: a link by which one person takes a role, once. Whoever may run it has the data folder or the database in hand, and with
/// that the rights of an operator.
/// </summary>
internal sealed class InviteCommand : AsyncCommand<InviteCommand.Settings>
{
    private static readonly Dictionary<string, Role> Roles = new(StringComparer.Ordinal)
    {
        ["primary-district-admin"] = Role.PrimaryDistrictAdmin,
        ["district-admin"] = Role.DistrictAdmin,
        ["viewer"] = Role.Viewer,
        ["operator"] = Role.Operator,
    };

    /// <inheritdoc/>
    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        if (settings.Email?.Trim() is not { } email || !EmailAddress.IsOne(email))
        {
            throw CommandFailure.Usage("Name the person: rollbook invite --district riverside --email ada@riverside.example --role district-admin");
        }

        if (!Roles.TryGetValue(settings.Role ?? "", out var role))
        {
            throw CommandFailure.Usage($"There is no role {settings.Role}. There are: {string.Join(", ", Roles.Keys)}.");
        }

        if (!Uri.TryCreate(settings.Url, UriKind.Absolute, out var url))
        {
            throw CommandFailure.Usage("--url is the address of the console, such as https://rollbook.riverside.example");
        }

        await using var services = RollbookServices.Build(settings.Data);
        var district =
            role == Role.Operator ? "" : await DistrictAsync(services.GetRequiredService<IInstallationStore>(), settings, cancellationToken);
        await using var scope = services.CreateAsyncScope();
        var path = await scope
            .ServiceProvider.GetRequiredService<SetupLinks>()
            .CreateAsync(
                new Invitation(district, role, email, settings.PersonalData && role == Role.Viewer),
                Environment.UserName,
                AuditChannel.Command,
                cancellationToken
            );
        var link = url.GetLeftPart(UriPartial.Authority) + path;
        if (settings.Json)
        {
            JsonOutput.Document(new JsonObject { ["link"] = link, ["hours"] = SetupLinks.Lifetime.TotalHours });
            return ExitStatus.Done;
        }

        await Console.Error.WriteLineAsync(
            string.Create(CultureInfo.InvariantCulture, $"{email} can use this link once, within {SetupLinks.Lifetime.TotalHours} hours:")
        );
        Console.Out.WriteLine(link);
        return ExitStatus.Done;
    }

    private static async Task<string> DistrictAsync(IInstallationStore installation, Settings settings, CancellationToken cancellationToken)
    {
        var districts = await installation.ListAsync(cancellationToken);
        var known = string.Join(", ", districts.Select(district => district.Id));
        return settings.District switch
        {
            { } id when districts.Any(district => string.Equals(district.Id, id, StringComparison.Ordinal)) => id,
            { } id => throw CommandFailure.Usage($"There is no district {id}. There are: {known}."),
            null when districts.Count == 1 => districts[0].Id,
            null => throw CommandFailure.Usage($"There are {districts.Count} districts; choose one with --district: {known}."),
        };
    }

    /// <summary>Options.</summary>
    public sealed class Settings : GlobalSettings
    {
        /// <summary>Whom.</summary>
        [CommandOption("--email <ADDRESS>")]
        [Description("The person's e-mail address; only an account with it can use the link.")]
        public string? Email { get; init; }

        /// <summary>To what.</summary>
        [CommandOption("--role <ROLE>")]
        [Description("primary-district-admin, district-admin, viewer or operator.")]
        public string? Role { get; init; }

        /// <summary>Whether a viewer sees personal data.</summary>
        [CommandOption("--personal-data")]
        [Description("A viewer sees personal data unmasked.")]
        public bool PersonalData { get; init; }

        /// <summary>Where the console is.</summary>
        [CommandOption("--url <URL>")]
        [Description("The address of the console, for the link.")]
        [DefaultValue(RollbookServer.DefaultUrl)]
        public string Url { get; init; } = RollbookServer.DefaultUrl;
    }
}
