using System.Globalization;
using System.Text.Json.Nodes;
using Rollbook.Host.Output;
using Rollbook.Storage;
using Spectre.Console;

namespace Rollbook.Host.Commands;

/// <summary><c>rollbook versions</c>: published versions, newest first.</summary>
internal sealed class VersionsCommand : DistrictCommand<GlobalSettings>
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(
        IServiceProvider services,
        IDistrictStore store,
        GlobalSettings settings,
        CancellationToken cancellationToken
    )
    {
        var versions = await store.Roster.VersionsAsync(null, 1_000, cancellationToken);
        if (settings.Json)
        {
            JsonOutput.Document(new JsonArray([.. versions.Select(JsonOutput.Of)]));
            return ExitStatus.Done;
        }

        var table = new Table()
            .Border(TableBorder.Simple)
            .AddColumns("version", "run", "why", "published", "by", "configuration", "created", "updated", "deleted");
        foreach (var version in versions)
        {
            table.AddRow(
                Text(version.Number),
                Text(version.Run),
                Why(version),
                version.PublishedAt.ToString("u", CultureInfo.InvariantCulture),
                version.PublishedBy,
                Text(version.ConfigurationVersion),
                Text(version.Changes.Values.Sum(c => c.Create)),
                Text(version.Changes.Values.Sum(c => c.Update)),
                Text(version.Changes.Values.Sum(c => c.Delete))
            );
        }

        AnsiConsole.Write(table);
        return ExitStatus.Done;
    }

    private static string Why(RosterVersion version) =>
        (version.Restored is { } restored ? $"rollback to {restored}" : $"{version.App} import")
        + (version.Reason is { } reason ? $": {reason}" : "")
        + (version.IsPurged ? " (purged)" : "");

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
