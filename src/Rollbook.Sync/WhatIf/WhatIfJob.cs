using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Setup;

namespace Rollbook.Sync.WhatIf;

/// <summary>The what-if of a draft in the background, for a page: its result tells for which draft it was made.</summary>
public sealed class WhatIfJob(WhatIfs whatIfs, BackgroundJobs jobs)
{
    /// <summary>The kind of job.</summary>
    public const string Kind = "preview";

    /// <summary>Begins it; one that this program has at work for the app is stopped.</summary>
    /// <returns>The job's number.</returns>
    public async Task<long> StartAsync(
        IDistrictStore store,
        string app,
        AppConfiguration draft,
        string startedBy,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(draft);
        var question = await WhatIfQuestion.OfDraftAsync(store, app, draft, cancellationToken);
        var version = await store.Configuration.LatestAsync(cancellationToken);
        var old = version is null ? null : DistrictConfiguration.FromDocument(version.Document);
        return await jobs.StartAsync(
            store,
            app,
            Kind,
            startedBy,
            async (progress, token) =>
            {
                var report = await whatIfs.DeriveAsync(store, question, new Sentences(progress), token);
                var touched = await OtherApps.TouchedAsync(store, old, question.Configuration, token);
                var others = touched.Where(other => !string.Equals(other, app, StringComparison.Ordinal));
                report = report with { Notices = [.. report.Notices, .. others.Select(other => Said(question.Configuration.Apps[other].Name))] };
                return new WhatIfPreview(WhatIfPreview.KeyOf(draft), report).ToJson();
            },
            cancellationToken
        );
    }

    /// <summary>Begins it unless the newest preview is of this very draft.</summary>
    public async Task EnsureAsync(IDistrictStore store, string app, AppConfiguration draft, string startedBy, CancellationToken cancellationToken)
    {
        if (await LatestAsync(store, app, cancellationToken) is not { } latest || !latest.IsOf(draft))
        {
            await StartAsync(store, app, draft, startedBy, cancellationToken);
        }
    }

    /// <summary>Stops the one that this program has at work for an app: nobody waits for it any more.</summary>
    public Task StopAsync(IDistrictStore store, string app) => jobs.StopAsync(store, app, Kind);

    /// <summary>The newest preview of an app that came to its end; null when there is none, or when a newer one is at work or failed.</summary>
    public static async Task<WhatIfPreview?> LatestAsync(IDistrictStore store, string app, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        return await store.Jobs.LatestAsync(app, Kind, cancellationToken) is { State: JobState.Done, Result: { } result }
            ? WhatIfPreview.FromJson(result)
            : null;
    }

    private static string Said(string other) =>
        $"Schools Mapping here changes which schools {other} shares with other apps, so the next import of {other} changes those schools as well.";
}

/// <summary>Says in words how far a what-if is.</summary>
internal sealed class Sentences(IProgress<string> progress) : IProgress<WhatIfProgress>
{
    /// <inheritdoc/>
    public void Report(WhatIfProgress value) => progress.Report(value.ToString());
}

/// <summary>A what-if with the draft that it was made for.</summary>
/// <param name="Draft">The draft's key, <see cref="KeyOf"/>.</param>
/// <param name="Report">What an import with it would do.</param>
public sealed record WhatIfPreview(string Draft, WhatIfReport Report)
{
    /// <summary>Identifies a draft by all that it says.</summary>
    public static string KeyOf(AppConfiguration draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return KeyOfDocument(draft.ToDocument());
    }

    /// <summary>Identifies a document by all that it says.</summary>
    internal static string KeyOfDocument(string document) => Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes(document)));

    /// <summary>Whether it was made for this draft and not for an older one.</summary>
    public bool IsOf(AppConfiguration draft) => string.Equals(Draft, KeyOf(draft), StringComparison.Ordinal);

    /// <summary>As kept.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, RunJson.Options);

    /// <summary>As kept, back.</summary>
    public static WhatIfPreview FromJson(string json) => JsonSerializer.Deserialize<WhatIfPreview>(json, RunJson.Options)!;
}
