using System.Text.Json;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Setup.Schools;

/// <summary>Looks sources over in the background and keeps what was found, for Schools Mapping and Attributes Mapping to show before anything is imported.</summary>
public sealed class Surveys(BackgroundJobs jobs, Setups setups, ISecrets secrets)
{
    /// <summary>The kind of its jobs.</summary>
    public const string Kind = "survey";

    private const int Samples = 20;

    /// <summary>Begins a survey with the settings as they are saved; one at work is begun anew.</summary>
    public async Task StartAsync(IDistrictStore store, AppSetup setup, string startedBy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(setup);
        if (setups.ConnectorOf(setup.Configuration) is not { } connector)
        {
            return;
        }

        await jobs.StartAsync(
            store,
            setup.App,
            Kind,
            startedBy,
            async (progress, cancel) =>
            {
                var settings = await SecretSettings.ReadAsync(store, secrets, setup.App, setup.Configuration, cancel);
                return JsonSerializer.Serialize(await connector.SurveyAsync(settings, Samples, progress, cancel), ConfigurationJson.Options);
            },
            cancellationToken
        );
    }

    /// <summary>How it stands with the newest survey of an app.</summary>
    public async Task<SurveyState> ReadAsync(IDistrictStore store, string app, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var job = await store.Jobs.LatestAsync(app, Kind, cancellationToken);
        var found = job is { State: JobState.Done, Result: { } result }
            ? JsonSerializer.Deserialize<SourceSurvey>(result, ConfigurationJson.Options)
            : null;
        return new SurveyState(job, jobs.IsAtWork(job), found);
    }
}

/// <summary>How it stands with a survey.</summary>
/// <param name="Job">The job; null when none was ever begun.</param>
/// <param name="IsAtWork">Whether it is at work.</param>
/// <param name="Found">What it found; null until it is done.</param>
public sealed record SurveyState(JobRecord? Job, bool IsAtWork, SourceSurvey? Found)
{
    /// <summary>Why it failed; null when it did not.</summary>
    public string? Failure =>
        Job switch
        {
            { State: JobState.Failed } => Job.Result,
            { State: JobState.Working } when !IsAtWork => "Rollbook was stopped while it read the schools. Read them again.",
            _ => null,
        };
}
