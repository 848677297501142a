using System.Collections.Concurrent;
using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.WhatIf;

/// <summary>
/// What a configuration that a person is just choosing would do to the last upload: the what-if of a draft that is saved nowhere, one at a time for each app and
/// person, where the newest draft takes the place of an older one. Remembered for some minutes, for it may cost a derivation of everything.
/// </summary>
public sealed class RuleEffects(WhatIfs whatIfs, TimeProvider time) : IAsyncDisposable
{
    private const int MostRemembered = 32;

    // Each may hold the index of a whole upload in memory; whoever comes later waits for a turn.
    private const int MostAtOnce = 2;
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string District, string App, string Who), Work> works = new();
    private readonly SemaphoreSlim turns = new(MostAtOnce, MostAtOnce);
    private readonly Lock gate = new();

    /// <summary>The effect of a draft, or how far it is.</summary>
    /// <param name="store">The district.</param>
    /// <param name="app">The app.</param>
    /// <param name="draft">The app as it would be configured.</param>
    /// <param name="who">Who chooses it, by sign-in name.</param>
    /// <param name="patience">How long to wait for it.</param>
    /// <param name="cancellationToken">Stops the waiting; the work goes on for the next time the person asks.</param>
    /// <param name="isCensus">Whether it is also counted what lacks a value and what rules leave out (<see cref="WhatIfQuestion.IsCensus"/>).</param>
    public async Task<RuleEffect> LookAsync(
        IDistrictStore store,
        string app,
        AppConfiguration draft,
        string who,
        TimeSpan patience,
        CancellationToken cancellationToken,
        bool isCensus = true
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
        var question = (await WhatIfQuestion.OfDraftAsync(store, app, draft, cancellationToken)) with { IsCensus = isCensus };
        var key = FormattableString.Invariant(
            $"{version?.Number} {accepted?.Run} {WhatIfPreview.KeyOfDocument(question.Configuration.ToDocument())}"
        );
        var work = WorkOf((store.District.Id, app, who), store, key, question);
        try
        {
            return new RuleEffect.Known(await work.Report.WaitAsync(patience, time, cancellationToken), key);
        }
        catch (TimeoutException)
        {
            return work.Progress is { } progress
                ? new RuleEffect.AtWork(progress.ToString()) { Changes = progress.Changes }
                : new RuleEffect.AtWork("Beginning");
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

        turns.Dispose();
    }

    private Work WorkOf((string District, string App, string Who) of, IDistrictStore store, string key, WhatIfQuestion question)
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

            if (works.TryGetValue(of, out var known))
            {
                if (known.Tells(key, question.IsCensus))
                {
                    return known;
                }

                // Nobody waits for what an older draft would do.
                known.Stop();
            }

            var work = new Work(key, question.IsCensus, now);
            work.Begin(token => InTurnAsync(() => whatIfs.DeriveAsync(store, question, work, token), token));
            works[of] = work;
            return work;
        }
    }

    private async Task<WhatIfReport> InTurnAsync(Func<Task<WhatIfReport>> derive, CancellationToken cancellationToken)
    {
        await turns.WaitAsync(cancellationToken);
        try
        {
            return await derive();
        }
        finally
        {
            turns.Release();
        }
    }

    private sealed class Work(string key, bool isCensus, DateTimeOffset begun) : IProgress<WhatIfProgress>
    {
        private readonly CancellationTokenSource stopping = new();
        private volatile WhatIfProgress? progress;

        internal DateTimeOffset Begun { get; } = begun;

        internal Task<WhatIfReport> Report { get; private set; } = null!;

        internal WhatIfProgress? Progress => progress;

        internal bool Tells(string asked, bool census) =>
            string.Equals(key, asked, StringComparison.Ordinal) && (isCensus || !census) && !Report.IsFaulted && !Report.IsCanceled;

        void IProgress<WhatIfProgress>.Report(WhatIfProgress value) => progress = value;

        internal void Begin(Func<CancellationToken, Task<WhatIfReport>> derive) => Report = Task.Run(() => derive(stopping.Token));

        internal void Stop() => stopping.Cancel();

        internal async Task StopAsync()
        {
            await stopping.CancelAsync();
            await ((Task)Report).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

/// <summary>What a configuration would do, as far as it is known.</summary>
public abstract record RuleEffect
{
    private RuleEffect() { }

    /// <summary>It is known.</summary>
    /// <param name="Report">What it would do.</param>
    /// <param name="Key">Identifies the configuration, and the roster and the upload on which it was worked out.</param>
    public sealed record Known(WhatIfReport Report, string Key) : RuleEffect;

    /// <summary>It is being worked out.</summary>
    /// <param name="Progress">How far it is, in words.</param>
    public sealed record AtWork(string Progress) : RuleEffect
    {
        /// <summary>What would change as far as one can tell, by kind.</summary>
        public IReadOnlyDictionary<Kind, ChangeCounts> Changes { get; init; } = new Dictionary<Kind, ChangeCounts>();
    }

    /// <summary>It can't be told.</summary>
    /// <param name="Reason">Why, and what to do.</param>
    public sealed record Failed(string Reason) : RuleEffect;

    /// <summary>Nothing was imported yet.</summary>
    public sealed record NoUpload : RuleEffect;
}
