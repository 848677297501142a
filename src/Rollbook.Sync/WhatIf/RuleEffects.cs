using System.Collections.Concurrent;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.WhatIf;

/// <summary>
/// What rules that a person is just choosing would do to the last upload: the what-if of a draft that is saved nowhere, one at a time for each app, where the
/// newest draft takes the place of an older one. Remembered for some minutes, for it costs a derivation of everything.
/// </summary>
public sealed class RuleEffects(WhatIfs whatIfs, TimeProvider time) : IAsyncDisposable
{
    private const int MostRemembered = 32;
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string District, string App), Work> works = new();
    private readonly Lock gate = new();

    /// <summary>The effect of a draft, or how far it is.</summary>
    /// <param name="store">The district.</param>
    /// <param name="app">The app.</param>
    /// <param name="draft">The app as it would be configured.</param>
    /// <param name="patience">How long to wait for it.</param>
    /// <param name="cancellationToken">Stops the waiting; the work goes on for whoever asks next.</param>
    public async Task<RuleEffect> LookAsync(
        IDistrictStore store,
        string app,
        AppConfiguration draft,
        TimeSpan patience,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(draft);
        if (!await WhatIfs.HasKeptUploadAsync(store, app, cancellationToken))
        {
            return new RuleEffect.NoUpload();
        }

        var version = await store.Roster.LatestAsync(cancellationToken);
        var accepted = await store.Uploads.AcceptedAsync(app, cancellationToken);
        var key = FormattableString.Invariant($"{version?.Number} {accepted?.Run} {WhatIfPreview.KeyOf(draft)}");
        var question = (await WhatIfQuestion.OfDraftAsync(store, app, draft, cancellationToken)) with { IsCensus = true };
        var work = WorkOf(store, app, key, question);
        try
        {
            return new RuleEffect.Known(await work.Report.WaitAsync(patience, time, cancellationToken));
        }
        catch (TimeoutException)
        {
            return new RuleEffect.AtWork(work.Progress ?? "Beginning");
        }
        catch (SourceException exception)
        {
            return new RuleEffect.Failed(exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new RuleEffect.AtWork("Beginning again with what was chosen last");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var work in works.Values)
        {
            await work.StopAsync();
        }
    }

    private Work WorkOf(IDistrictStore store, string app, string key, WhatIfQuestion question)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            foreach (var (place, old) in works)
            {
                if (old.Report.IsCompleted && (old.Begun + Remembered < now || works.Count > MostRemembered))
                {
                    works.TryRemove(place, out _);
                }
            }

            if (works.TryGetValue((store.District.Id, app), out var known))
            {
                if (string.Equals(known.Key, key, StringComparison.Ordinal) && !known.Report.IsFaulted && !known.Report.IsCanceled)
                {
                    return known;
                }

                // Nobody waits for what an older draft would do.
                known.Stop();
            }

            var work = new Work(key, now);
            work.Begin(token => whatIfs.DeriveAsync(store, question, work, token));
            works[(store.District.Id, app)] = work;
            return work;
        }
    }

    private sealed class Work(string key, DateTimeOffset begun) : IProgress<WhatIfProgress>
    {
        private readonly CancellationTokenSource stopping = new();

        internal string Key { get; } = key;

        internal DateTimeOffset Begun { get; } = begun;

        internal Task<WhatIfReport> Report { get; private set; } = null!;

        internal string? Progress { get; private set; }

        void IProgress<WhatIfProgress>.Report(WhatIfProgress value) => Progress = value.ToString();

        internal void Begin(Func<CancellationToken, Task<WhatIfReport>> derive) => Report = Task.Run(() => derive(stopping.Token));

        internal void Stop() => stopping.Cancel();

        internal async Task StopAsync()
        {
            await stopping.CancelAsync();
            await ((Task)Report).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

/// <summary>What rules would do, as far as it is known.</summary>
public abstract record RuleEffect
{
    private RuleEffect() { }

    /// <summary>It is known.</summary>
    public sealed record Known(WhatIfReport Report) : RuleEffect;

    /// <summary>It is being worked out.</summary>
    /// <param name="Progress">How far it is, in words.</param>
    public sealed record AtWork(string Progress) : RuleEffect;

    /// <summary>It can't be told.</summary>
    /// <param name="Reason">Why, and what to do.</param>
    public sealed record Failed(string Reason) : RuleEffect;

    /// <summary>Nothing was imported yet.</summary>
    public sealed record NoUpload : RuleEffect;
}
