using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.WhatIf;

/// <summary>
/// What a configuration that a person is just choosing would do to the last upload: the what-if of a draft that is saved nowhere, one at a time for each app and
/// person, where the newest draft takes the place of an older one. Remembered for some minutes, for it may cost a derivation of everything.
/// </summary>
public sealed partial class RuleEffects(WhatIfs whatIfs, TimeProvider time, ILogger<RuleEffects> logger) : IAsyncDisposable
{
    private const int MostRemembered = 32;

    // Each may hold the index of a whole upload in memory; whoever comes later waits for a turn.
    private const int MostAtOnce = 2;

    // From when it was last asked for.
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FailureRemembered = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Place, Work> works = new();
    private readonly SemaphoreSlim turns = new(MostAtOnce, MostAtOnce);
    private readonly Lock gate = new();

    /// <summary>The effect of a draft, or how far it is.</summary>
    /// <param name="store">The district.</param>
    /// <param name="app">The app.</param>
    /// <param name="draft">The app as it would be configured.</param>
    /// <param name="who">Who chooses it, by sign-in name.</param>
    /// <param name="census">Of which kinds it is also counted what lacks a value, besides what rules leave out (<see cref="WhatIfQuestion.Census"/>).</param>
    /// <param name="patience">How long to wait for it.</param>
    /// <param name="cancellationToken">Stops the waiting; the work goes on for the next time the person asks.</param>
    public async Task<RuleEffect> LookAsync(
        IDistrictStore store,
        string app,
        AppConfiguration draft,
        string who,
        IReadOnlySet<Kind>? census,
        TimeSpan patience,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(draft);
        var question = await WhatIfQuestion.OfDraftAsync(store, app, draft, cancellationToken);
        var place = new Place(store.District.Id, app, who, IsReview: false);
        return await LookAsync(store, place, question with { Census = census }, patience, cancellationToken);
    }

    /// <summary>The effect of a configuration that is to be saved, or how far it is; what the person looks at meanwhile does not stop it.</summary>
    internal Task<RuleEffect> ReviewAsync(
        IDistrictStore store,
        WhatIfQuestion question,
        string who,
        TimeSpan patience,
        CancellationToken cancellationToken
    ) => LookAsync(store, new Place(store.District.Id, question.App, who, IsReview: true), question, patience, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var work in works.Values)
        {
            await work.StopAsync();
        }
    }

    private async Task<RuleEffect> LookAsync(
        IDistrictStore store,
        Place place,
        WhatIfQuestion question,
        TimeSpan patience,
        CancellationToken cancellationToken
    )
    {
        if (!await WhatIfs.HasKeptUploadAsync(store, question.App, cancellationToken))
        {
            return new RuleEffect.NoUpload();
        }

        // Deletions that come of a configuration are not left out by Data Rollover.
        question = question with
        {
            HeedsRollover = false,
        };
        var version = await store.Roster.LatestAsync(cancellationToken);
        var accepted = await store.Uploads.AcceptedAsync(question.App, cancellationToken);
        var key = FormattableString.Invariant(
            $"{version?.Number} {accepted?.Run} {WhatIfPreview.KeyOfDocument(question.Configuration.ToDocument())}"
        );
        var work = WorkOf(place, store, key, question);
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
            return new RuleEffect.Failed(exception.Message, key);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new RuleEffect.AtWork("Beginning again with what was chosen last");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogDefect(store.District.Id, question.App, exception.GetType().FullName, exception.StackTrace);
            return new RuleEffect.Failed("Something went wrong in Rollbook itself; your operator finds it in the log.", key);
        }
    }

    private Work WorkOf(Place place, IDistrictStore store, string key, WhatIfQuestion question)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            Forget(now);
            foreach (var each in new[] { place, place with { IsReview = !place.IsReview } })
            {
                if (works.TryGetValue(each, out var known) && known.Tells(key, question.Census, now))
                {
                    known.Asked = now;
                    return known;
                }
            }

            if (works.TryGetValue(place, out var older))
            {
                // Nobody waits for what an older draft would do.
                older.Stop();
            }

            var work = new Work(key, question.Census) { Asked = now };
            work.Begin(token => InTurnAsync(() => whatIfs.DeriveAsync(store, question, work, token), token));
            works[place] = work;
            return work;
        }
    }

    private void Forget(DateTimeOffset now)
    {
        var ended = works.Where(work => work.Value.Report.IsCompleted).OrderBy(work => work.Value.Asked).ToList();
        var tooMany = works.Count - MostRemembered;
        foreach (var (place, work) in ended)
        {
            if (tooMany-- > 0 || work.Asked + Remembered < now)
            {
                works.TryRemove(place, out _);
            }
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

    // Not the exception's own words: they may quote a value of the source.
    [LoggerMessage(Level = LogLevel.Error, Message = "District {District}: a what-if of {App} failed unexpectedly: {Exception}\n{StackTrace}")]
    private partial void LogDefect(string district, string app, string? exception, string? stackTrace);

    private sealed record Place(string District, string App, string Who, bool IsReview);

    private sealed class Work(string key, IReadOnlySet<Kind>? counted) : IProgress<WhatIfProgress>
    {
        private readonly CancellationTokenSource stopping = new();
        private volatile WhatIfProgress? progress;

        internal DateTimeOffset Asked { get; set; }

        internal Task<WhatIfReport> Report { get; private set; } = null!;

        internal WhatIfProgress? Progress => progress;

        internal bool Tells(string asked, IReadOnlySet<Kind>? census, DateTimeOffset now) =>
            string.Equals(key, asked, StringComparison.Ordinal)
            && (census is null || counted?.IsSupersetOf(census) == true)
            && !Report.IsCanceled
            && (!Report.IsFaulted || now < Asked + FailureRemembered);

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
    /// <param name="Key">As that of <see cref="Known"/>; empty where it was not tried.</param>
    public sealed record Failed(string Reason, string Key = "") : RuleEffect;

    /// <summary>Nothing was imported yet.</summary>
    public sealed record NoUpload : RuleEffect;
}
