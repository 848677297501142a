using System.Text.Json.Nodes;
using Rollbook.Host.Output;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Setup;

namespace Rollbook.Host.Commands;

/// <summary><c>rollbook check APP</c>: Test Connection, step by step.</summary>
internal sealed class CheckCommand : DistrictCommand<AppSettings>
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(
        IServiceProvider services,
        IDistrictStore store,
        AppSettings settings,
        CancellationToken cancellationToken
    )
    {
        var latest = await store.Configuration.LatestAsync(cancellationToken);
        var district = latest is null ? null : DistrictConfiguration.FromDocument(latest.Document);
        var app =
            district?.Apps.GetValueOrDefault(settings.App)
            ?? district?.Exports.GetValueOrDefault(settings.App)
            ?? throw CommandFailure.Usage($"The district has no app {settings.App}.");
        var connector =
            services.GetRequiredService<Setups>().EntryOf(app)
            ?? throw CommandFailure.Usage($"This version of Rollbook has no app of type {app.Type}.");
        var values = await SecretSettings.ReadAsync(store, services.GetRequiredService<ISecrets>(), settings.App, app, cancellationToken);
        var steps = new List<CheckStep>();
        await foreach (var step in connector.CheckAsync(values, cancellationToken))
        {
            steps.Add(step);
            if (!settings.Json)
            {
                Console.Out.WriteLine($"{(step.Ok ? "ok    " : "FAILED")}  {step.Text}");
                if (step.Remedy is { } remedy)
                {
                    Console.Out.WriteLine($"        {remedy}");
                }
            }
        }

        var isOk = steps.TrueForAll(step => step.Ok);
        if (settings.Json)
        {
            JsonOutput.Document(
                new JsonObject
                {
                    ["app"] = settings.App,
                    ["ok"] = isOk,
                    ["steps"] = new JsonArray([
                        .. steps.Select(step => new JsonObject
                        {
                            ["part"] = step.Part.ToString(),
                            ["ok"] = step.Ok,
                            ["text"] = step.Text,
                            ["remedy"] = step.Remedy,
                            ["seconds"] = Math.Round(step.Duration.TotalSeconds, 3),
                        }),
                    ]),
                }
            );
        }

        return isOk ? ExitStatus.Done : ExitStatus.Failed;
    }
}
