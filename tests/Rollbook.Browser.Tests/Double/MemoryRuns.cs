using System.Collections.Concurrent;
using Rollbook.Storage;

namespace Rollbook.Browser.Tests.Double;

internal sealed class MemoryRuns : IRunStore
{
    private readonly ConcurrentDictionary<long, RunRecord> runs = [];

    public Task<RunRecord> AddAsync(string app, string trigger, string startedBy, int configurationVersion, DateTimeOffset startedAt, CancellationToken cancellationToken)
    {
        var run = new RunRecord(runs.Count + 1, app, "queued", trigger, startedBy, configurationVersion, startedAt, null, null, null, null, CancelRequested: false);
        return Task.FromResult(runs[run.Number] = run);
    }

    public Task<RunRecord?> GetAsync(long number, CancellationToken cancellationToken) => Task.FromResult(runs.GetValueOrDefault(number));

    public Task<IReadOnlyList<RunRecord>> ListAsync(string? app, long? before, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RunRecord>>(
            [.. runs.Values.Where(run => (app is null || run.App == app) && !(run.Number >= before)).OrderByDescending(run => run.Number).Take(limit)]);

    public Task<bool> MoveAsync(long number, string from, string to, string? report, DateTimeOffset? endedAt, CancellationToken cancellationToken)
    {
        if (runs[number].State != from)
        {
            return Task.FromResult(false);
        }

        runs[number] = runs[number] with { State = to, Report = report ?? runs[number].Report, EndedAt = endedAt };
        return Task.FromResult(true);
    }

    public Task<bool> ReportProgressAsync(long number, string progress, CancellationToken cancellationToken)
    {
        runs[number] = runs[number] with { Progress = progress };
        return Task.FromResult(runs[number].CancelRequested);
    }

    public Task<bool> RequestCancelAsync(long number, CancellationToken cancellationToken)
    {
        if (runs[number].EndedAt is not null)
        {
            return Task.FromResult(false);
        }

        runs[number] = runs[number] with { CancelRequested = true };
        return Task.FromResult(true);
    }

    internal void Publish(Publication publication, int? version) => runs[publication.Run] = runs[publication.Run] with
    {
        State = version is null ? "unchanged" : "published", EndedAt = publication.PublishedAt, Version = version, Report = publication.Report(version),
    };
}
