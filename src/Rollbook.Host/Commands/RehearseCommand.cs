using System.ComponentModel;
using Rollbook.Host.Output;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.WhatIf;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary>
/// <c>rollbook rehearse APP</c>: read the app's source, or that which a file or a package is, and tell what its import would do against the roster as it is. It changes
/// nothing itself.
/// </summary>
internal sealed class RehearseCommand : DistrictCommand<RehearseCommand.Settings>
{
    private const string Nothing = "Nothing was rehearsed.";

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(
        IServiceProvider services,
        IDistrictStore store,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var question = await QuestionAsync(services, store, settings, cancellationToken);
        var rehearsals = services.GetRequiredService<Rehearsals>();
        await services
            .GetRequiredService<IAuditLog>()
            .WriteAsync(
                new AuditEntry(store.District.Id, Environment.UserName, AuditChannel.Command, AuditActions.RehearsalStarted, $"apps.{settings.App}"),
                cancellationToken
            );
        if (settings.Package is { } package)
        {
            question = question with { Rehearsal = await ReceiveAsync(rehearsals, store, question, package, cancellationToken), Of = "a package" };
        }

        var report = await rehearsals.RunAsync(store, question, new WhatIfLines(Console.Error), cancellationToken);
        if (settings.Json)
        {
            JsonOutput.Document(DiffOutput.Json(new RosterDiff.Derived(report)));
        }
        else
        {
            DiffOutput.Print(new RosterDiff.Derived(report));
        }

        return report.WaitsAs is null ? ExitStatus.Done : ExitStatus.Waits;
    }

    private static async Task<WhatIfQuestion> QuestionAsync(
        IServiceProvider services,
        IDistrictStore store,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var latest = await store.Configuration.LatestAsync(cancellationToken);
        var inForce = latest is null ? DistrictConfiguration.Of(store.District) : DistrictConfiguration.FromDocument(latest.Document);
        if (!inForce.Apps.ContainsKey(settings.App))
        {
            throw CommandFailure.Usage($"The district has no import app {settings.App}. There are: {string.Join(", ", inForce.Apps.Keys)}.");
        }

        var question = new WhatIfQuestion(settings.App, inForce);
        if (settings.File is not { } file)
        {
            return question;
        }

        var named = new FileSettings
        {
            Data = settings.Data,
            District = store.District.Id,
            File = file,
        };
        var read = await named.ReadAsync(services.GetRequiredService<ConfigurationFile>(), "rehearse", Nothing, cancellationToken);
        return read.Configuration.Apps.ContainsKey(settings.App)
            ? question with
            {
                Configuration = read.Configuration,
                Secrets = read.SecretsOf(settings.App),
                Of = "what the file says",
            }
            : throw CommandFailure.Usage($"The file has no app {settings.App}. {Nothing}");
    }

    private static async Task<string> ReceiveAsync(
        Rehearsals rehearsals,
        IDistrictStore store,
        WhatIfQuestion question,
        string package,
        CancellationToken cancellationToken
    )
    {
        var app = question.Configuration.Apps[question.App];
        if (!rehearsals.ReadsPackages(app))
        {
            throw CommandFailure.Usage($"The app {question.App} reads no packages: it asks its source by itself. {Nothing}");
        }

        await using var stream = Open(package);
        return await rehearsals.ReceiveAsync(store, question.App, app, stream, cancellationToken);
    }

    private static FileStream Open(string package)
    {
        try
        {
            return File.OpenRead(package);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.Usage($"{package} can't be read: {exception.Message} {Nothing}");
        }
    }

    /// <summary>Options.</summary>
    public sealed class Settings : AppSettings
    {
        /// <summary>A configuration file that has the app as it will be.</summary>
        [CommandOption("-f|--file <FILE>")]
        [Description("A configuration file (YAML) that has the app as it will be: another connection, other mappings or rules. Left out: as it is.")]
        public string? File { get; init; }

        /// <summary>A package.</summary>
        [CommandOption("--package <FILE>")]
        [Description("A OneRoster CSV package to read in place of the one that was uploaded last.")]
        public string? Package { get; init; }
    }
}
