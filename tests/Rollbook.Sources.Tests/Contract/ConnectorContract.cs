using System.Diagnostics;
using Rollbook.Model;

namespace Rollbook.Sources.Tests.Contract;

/// <summary>What every connector promises (architecture.md section 4). A subclass says how to start its source.</summary>
public abstract class ConnectorContract
{
    private static readonly TimeSpan Promptly = TimeSpan.FromSeconds(1);

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected abstract IConnector Connector { get; }

    protected abstract Task<IContractSource> StartAsync();

    [Fact]
    public async Task A_working_connection_is_found_ok()
    {
        await using var source = await StartAsync();
        var steps = await CheckAsync(source.Settings);
        steps.ShouldAllBe(step => step.Ok && step.Remedy == null);
        steps[^1].Text.ShouldBe("Connection is OK");
    }

    [Fact]
    public async Task A_wrong_secret_is_found_out_and_named()
    {
        await using var source = await StartAsync();
        if (source.WrongSecret is null)
        {
            return;
        }

        var steps = await CheckAsync(source.WrongSecret);
        steps.SkipLast(1).ShouldAllBe(step => step.Ok);
        steps[^1].Ok.ShouldBeFalse();
        steps[^1].Part.ShouldBe(CheckPart.Credentials);
        steps[^1].Remedy.ShouldNotBeNullOrWhiteSpace();

        var reading = await Reading.OfAsync(Connector, source.WrongSecret, cancellationToken: Stop);
        reading.SourceFailure.ShouldNotBeNull().Failure.ShouldBe(SourceFailure.Configuration);
        reading.SourceFailure!.Part.ShouldBe(CheckPart.Credentials);
        reading.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_read_gives_exactly_what_the_source_holds()
    {
        await using var source = await StartAsync();
        var reading = await Reading.OfAsync(Connector, source.Settings, cancellationToken: Stop);
        reading.Failure.ShouldBeNull();
        ShouldBeHonest(reading, source);
        reading.Messages.OfType<SourceMessage.Complete>().Select(complete => complete.Collection).ShouldBe(source.Held);
    }

    [Fact]
    public async Task Reading_twice_gives_the_same_keys_and_hashes()
    {
        await using var source = await StartAsync();
        var first = await Reading.OfAsync(Connector, source.Settings, cancellationToken: Stop);
        var second = await Reading.OfAsync(Connector, source.Settings, cancellationToken: Stop);
        foreach (var collection in Collections.InOrder)
        {
            second.Records[collection].ShouldBe(first.Records[collection], ignoreOrder: true);
        }
    }

    [Fact]
    public async Task Going_on_from_any_checkpoint_loses_nothing()
    {
        await using var source = await StartAsync();
        var whole = await Reading.OfAsync(Connector, source.Settings, cancellationToken: Stop);
        var checkpoints = whole.Messages.OfType<SourceMessage.Checkpoint>().ToList();
        if (!source.GoesOn)
        {
            checkpoints.ShouldBeEmpty();
            return;
        }

        checkpoints.ShouldNotBeEmpty();
        foreach (var checkpoint in checkpoints.Where((_, i) => i % Math.Max(1, checkpoints.Count / 12) == 0).Append(checkpoints[^1]))
        {
            var from = new Dictionary<Collection, string> { [checkpoint.Collection] = checkpoint.Token };
            var rest = await Reading.OfAsync(Connector, source.Settings, from, Stop);
            rest.Failure.ShouldBeNull();
            var keys = KeysBefore(whole, checkpoint, await RecordsByMessageAsync(source));
            keys.UnionWith(rest.Records[checkpoint.Collection].Keys);
            keys.SetEquals(source.Truth[checkpoint.Collection]).ShouldBeTrue();
            rest.Complete(checkpoint.Collection).ShouldNotBeNull().Read.ShouldBe(source.Truth[checkpoint.Collection].Count);
        }
    }

    [Fact]
    public async Task A_line_cut_at_any_byte_never_yields_a_false_complete()
    {
        await using var source = await StartAsync();
        if (source.OverALineThatBreaksAfter(1) is null)
        {
            return;
        }

        var random = new Random(20261124);
        foreach (var bytes in Enumerable.Range(0, 14).Select(i => random.Next(1 << (i + 5))))
        {
            ShouldBeHonest(await Reading.OfAsync(Connector, source.OverALineThatBreaksAfter(bytes)!, cancellationToken: Stop), source);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(150)]
    public async Task Cancelling_ends_a_read_within_a_second(int afterMilliseconds)
    {
        await using var source = await StartAsync();
        await CancelAsync(source.Settings, afterMilliseconds);
        if (source.OverALineThatIsSilent() is { } silent)
        {
            await CancelAsync(silent, afterMilliseconds);
        }
    }

    [Fact]
    public async Task No_secret_is_in_anything_that_is_said()
    {
        await using var source = await StartAsync();
        var said = new List<string> { source.Settings.ToString() };
        foreach (var settings in new[] { source.Settings, source.WrongSecret, source.OverALineThatBreaksAfter(900) })
        {
            if (settings is not null)
            {
                said.AddRange((await CheckAsync(settings)).Select(step => step.ToString()));
                said.Add((await Reading.OfAsync(Connector, settings, cancellationToken: Stop)).Everything());
            }
        }

        foreach (var secret in source.Secrets)
        {
            said.ShouldAllBe(text => !text.Contains(secret, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_survey_knows_every_organisation_and_shows_samples_of_every_collection()
    {
        await using var source = await StartAsync();
        var told = new List<string>();
        var survey = await Connector.SurveyAsync(source.Settings, 20, new Told(told), Stop);
        survey
            .Orgs.Select(org => RollbookId.Derive(Reading.Ids(Family.Org), org.Org.SourcedId))
            .ShouldBe(source.Truth[Collection.Orgs], ignoreOrder: true);
        survey.Collections.Select(collection => collection.Collection).ShouldBe(source.Held);
        foreach (var collection in survey.Collections)
        {
            collection.Samples.Count.ShouldBeGreaterThanOrEqualTo(Math.Min(20, source.Truth[collection.Collection].Count));
            collection.Attributes.ShouldContain("sourcedId");
            (collection.Total ?? source.Truth[collection.Collection].Count).ShouldBe(source.Truth[collection.Collection].Count);
        }

        told.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_survey_of_a_source_that_can_not_be_read_says_which_part_it_is_and_ends_when_asked_to()
    {
        await using var source = await StartAsync();
        if (source.WrongSecret is null)
        {
            return;
        }

        var failure = await Should.ThrowAsync<SourceException>(() => Connector.SurveyAsync(source.WrongSecret, 20, new Told([]), Stop));
        failure.Failure.ShouldBe(SourceFailure.Configuration);
        foreach (var secret in source.Secrets)
        {
            failure.ToString().ShouldNotContain(secret);
        }

        if (source.OverALineThatIsSilent() is { } silent)
        {
            using var cancel = new CancellationTokenSource(30);
            await Should.ThrowAsync<OperationCanceledException>(() =>
                Connector.SurveyAsync(silent, 20, new Told([]), cancel.Token).WaitAsync(Promptly * 3, Stop)
            );
        }
    }

    /// <summary>Complete means exactly the truth, or fewer and the source's own total says so; else there was a failure or a word of it.</summary>
    protected static void ShouldBeHonest(Reading reading, IContractSource source, string fault = "")
    {
        (reading.Failure is null or SourceException).ShouldBeTrue($"{fault} {reading.Failure}");
        foreach (var collection in Collections.InOrder)
        {
            var (read, truth) = (reading.Records[collection], source.Truth[collection]);
            read.Keys.All(truth.Contains).ShouldBeTrue(fault);
            if (reading.Complete(collection) is { } complete)
            {
                (read.Count == truth.Count || complete.Expected > complete.Read).ShouldBeTrue(
                    $"{fault}: {complete}, in truth {truth.Count}: {reading.Everything()}"
                );
                complete.Read.ShouldBe(read.Count, fault);
            }
            else
            {
                (reading.Failure is not null || reading.Unavailable(collection) is not null).ShouldBeTrue(
                    $"{fault}: {collection} is neither complete nor failed"
                );
            }
        }
    }

    protected async Task<List<CheckStep>> CheckAsync(SourceSettings settings)
    {
        var steps = await Connector.CheckAsync(settings);
        steps.ShouldNotBeEmpty();
        return steps;
    }

    private sealed class Told(List<string> words) : IProgress<string>
    {
        public void Report(string value)
        {
            lock (words)
            {
                words.Add(value);
            }
        }
    }

    private static HashSet<RollbookId> KeysBefore(
        Reading whole,
        SourceMessage.Checkpoint checkpoint,
        IReadOnlyList<IReadOnlyList<RollbookId>> batches
    )
    {
        var keys = new HashSet<RollbookId>();
        var batch = 0;
        foreach (var message in whole.Messages.TakeWhile(message => !ReferenceEquals(message, checkpoint)).OfType<SourceMessage.Batch>())
        {
            if (message.Collection == checkpoint.Collection)
            {
                keys.UnionWith(batches[batch]);
            }

            batch++;
        }

        return keys;
    }

    private async Task<IReadOnlyList<IReadOnlyList<RollbookId>>> RecordsByMessageAsync(IContractSource source)
    {
        var batches = new List<IReadOnlyList<RollbookId>>();
        await foreach (var message in Connector.ReadAsync(new ReadRequest(source.Settings, Reading.Ids), Stop))
        {
            if (message is SourceMessage.Batch { Records: var batch })
            {
                using (batch)
                {
                    batches.Add([.. batch.Records.Select(record => record.Key)]);
                }
            }
        }

        return batches;
    }

    private async Task CancelAsync(SourceSettings settings, int afterMilliseconds)
    {
        using var cancel = new CancellationTokenSource();
        var read = Reading.OfAsync(Connector, settings, cancellationToken: cancel.Token);
        await Task.Delay(afterMilliseconds, Stop);
        var clock = Stopwatch.StartNew();
        await cancel.CancelAsync();
        await Task.WhenAny(read, Task.Delay(Promptly * 3, Stop));
        read.IsCompleted.ShouldBeTrue();
        clock.Elapsed.ShouldBeLessThan(Promptly);
        (read.IsCanceled || (await read).Failure is null).ShouldBeTrue();
    }
}
