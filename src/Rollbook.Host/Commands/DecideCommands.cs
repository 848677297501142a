using System.ComponentModel;
using System.Globalization;
using Rollbook.Host.Output;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary><c>rollbook accept RUN --reason TEXT</c>: publish a run that waits for a person, and wait for its end.</summary>
internal sealed class AcceptCommand : DistrictCommand<AcceptCommand.Settings>
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(
        IServiceProvider services,
        IDistrictStore store,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var run = await RunArgument.FindAsync(store, settings.Run, cancellationToken);
        if (RunStates.IsUndecided(run) && await AsksSecondAsync(store, run, cancellationToken))
        {
            throw CommandFailure.Usage(
                $"Two people have to accept run {run.Number}, and the command line can't tell who you are in the console. Accept it in the console, on the run's page under Data Sync History."
            );
        }

        if (RunDecision.Refuse(settings.Reason ?? "") is { } missing)
        {
            // Before anything is left out: who forgets the reason tries again, and has then accepted what was asked for.
            throw CommandFailure.Usage(missing);
        }

        var imports = services.GetRequiredService<IImports>();
        var district = store.District.Id;
        var hash = settings.Hash;
        if (await ChoicesAsync(store, run, settings, cancellationToken) is { Count: > 0 } choices)
        {
            if (await imports.ChooseAsync(district, run.Number, hash, choices, cancellationToken) is { } refusal)
            {
                throw CommandFailure.Usage(refusal);
            }

            var isWhole = settings.Whole;
            await DecisionTold.WriteAsync(
                services,
                store,
                isWhole ? AuditActions.ChangesTakenIn : AuditActions.ChangesLeftOut,
                run,
                $"run {run.Number}: {(isWhole ? "all" : $"all but {string.Join(", ", [.. settings.Schools, .. settings.Kinds, .. settings.Records])}")}",
                cancellationToken
            );
            hash = await imports.ShownAsync(store, run, cancellationToken);
        }

        switch (await imports.AcceptAsync(district, run.Number, hash, Environment.UserName, settings.Reason ?? "", cancellationToken))
        {
            case StartResult.Agreed:
                await DecisionTold.WriteAsync(services, store, AuditActions.RunAccepted, run, settings, cancellationToken);
                Messages.MarkupLineInterpolated(
                    CultureInfo.InvariantCulture,
                    $"Kept. Run {run.Number} is published when a second person accepts the same changes."
                );
                return await DecisionTold.PrintAsync(services, store, run.Number, settings);
            case StartResult.AlreadyRunning:
                throw new CommandFailure(
                    ExitStatus.Failed,
                    run.App.Length == 0
                        ? "A rollback is at work. Decide when it has ended."
                        : $"An import of {run.App} is at work. Decide when it has ended."
                );
            case StartResult.Refused(var message):
                throw CommandFailure.Usage(message);
        }

        await DecisionTold.WriteAsync(services, store, AuditActions.RunAccepted, run, settings, cancellationToken);
        await using (cancellationToken.Register(() => _ = imports.CancelAsync(district, run.Number, CancellationToken.None)))
        {
            var end = imports.WaitAsync(district, run.Number, CancellationToken.None);
            await ProgressOutput.FollowAsync(Messages, store.Runs, run.Number, end);
            await end;
        }

        return await DecisionTold.PrintAsync(services, store, run.Number, settings);
    }

    private static async Task<bool> AsksSecondAsync(IDistrictStore store, RunRecord run, CancellationToken cancellationToken) =>
        await store.Configuration.LatestAsync(cancellationToken) is { } version
        && SecondPerson.IsAsked(DistrictConfiguration.FromDocument(version.Document), run.App, RunReport.FromJson(run.Report));

    /// <summary>What --school, --kind and --record choose: all else is left out. None where nothing is chosen, and what was left out in the console stays so.</summary>
    private static async Task<IReadOnlyList<PartChoice>> ChoicesAsync(
        IDistrictStore store,
        RunRecord run,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        if (settings is { Schools: [], Kinds: [], Records: [] })
        {
            return settings.Whole ? [new PartChoice(StagedSelection.All, IsLeft: false)] : [];
        }

        if (settings.Whole)
        {
            throw CommandFailure.Usage("--whole publishes everything; --school, --kind and --record choose a part. Give one or the other.");
        }

        var kinds = settings.Kinds.Select(word => (Kind?)RunArgument.Kind(word).Kind).DefaultIfEmpty().ToList();
        var schools = new List<RollbookId?>();
        foreach (var text in settings.Schools)
        {
            schools.Add(await SchoolAsync(store, run.Number, text, cancellationToken));
        }

        var records = settings
            .Records.Select(text =>
                RollbookId.TryParse(text, out var id)
                    ? (RollbookId?)id
                    : throw CommandFailure.Usage($"{text} is not a Rollbook ID. Look them up with: rollbook changes {run.Number}")
            )
            .DefaultIfEmpty()
            .ToList();
        var above =
            settings.Records is [] && kinds.Exists(kind => kind is null or Kind.School)
                ? await AboveAsync(store, run.Number, [.. schools.OfType<RollbookId>()], cancellationToken)
                : [];
        return
        [
            new PartChoice(StagedSelection.All, IsLeft: true),
            .. from kind in kinds
            from school in schools.DefaultIfEmpty()
            from record in records
            select new PartChoice(new StagedSelection(kind, School: school, Id: record), IsLeft: false),
            .. above.Select(id => new PartChoice(new StagedSelection(Kind.School, Operation.Create, Id: id), IsLeft: false)),
            // What several schools share has no school of its own: with a school come the terms and courses that its classes need.
            .. from kind in schools.Count > 0 ? kinds : []
            from record in records
            from operation in new[] { Operation.Create, Operation.Update }
            select new PartChoice(new StagedSelection(kind, operation, Id: record, IsWithoutSchool: true), IsLeft: false),
        ];
    }

    /// <summary>The new organisations, such as the district, that new schools are below.</summary>
    private static async Task<IReadOnlyCollection<RollbookId>> AboveAsync(
        IDistrictStore store,
        long run,
        IReadOnlyCollection<RollbookId> schools,
        CancellationToken cancellationToken
    )
    {
        var above = new HashSet<RollbookId>();
        while (schools.Count > 0)
        {
            var created = await store.Staged.CreatedAsync(run, Family.Org, schools, cancellationToken);
            schools = [.. created.Values.Select(school => school["parent"]).OfType<RollbookId>().Where(above.Add)];
        }

        return above;
    }

    /// <summary>A school by its Rollbook ID, SIS ID or name, among those that the changes concern.</summary>
    private static async Task<RollbookId> SchoolAsync(IDistrictStore store, long run, string text, CancellationToken cancellationToken)
    {
        var counts = await store.Staged.CountsAsync(run, cancellationToken);
        var ids = counts.Select(count => count.School).OfType<RollbookId>().Distinct().ToList();
        if (RollbookId.TryParse(text, out var id) && ids.Contains(id))
        {
            return id;
        }

        var rows = (await store.Roster.GetManyAsync(Family.Org, ids, asOf: null, cancellationToken)).ToDictionary(
            school => school.Key,
            school => school.Value.Row
        );
        foreach (var (created, row) in await store.Staged.CreatedAsync(run, Family.Org, ids, cancellationToken))
        {
            rows[created] = row;
        }

        var found = rows.Where(school =>
                string.Equals(school.Value.SisId, text, StringComparison.Ordinal)
                || string.Equals(school.Value["name"] as string, text, StringComparison.OrdinalIgnoreCase)
            )
            .ToList();
        return found switch
        {
            [var one] => one.Key,
            [] => throw CommandFailure.Usage($"None of the changes is at a school {text}. Name it by its Rollbook ID, its SIS ID or its name."),
            _ => throw CommandFailure.Usage($"{found.Count} schools are called {text}. Name it by its Rollbook ID."),
        };
    }

    /// <summary>Options.</summary>
    public sealed class Settings : DecisionSettings
    {
        /// <summary>Only changes at these schools.</summary>
        [CommandOption("--school <SCHOOL>")]
        [Description(
            "Publish only changes at this school (Rollbook ID, SIS ID or name); can be given several times. The next import asks about the rest again."
        )]
        public string[] Schools { get; init; } = [];

        /// <summary>Only changes of these kinds.</summary>
        [CommandOption("--kind <KIND>")]
        [Description("Publish only changes of this kind; can be given several times.")]
        public string[] Kinds { get; init; } = [];

        /// <summary>Only changes of these records.</summary>
        [CommandOption("--record <ID>")]
        [Description("Publish only the change of the record with this Rollbook ID; can be given several times.")]
        public string[] Records { get; init; } = [];

        /// <summary>Everything, also what was left out before.</summary>
        [CommandOption("--whole")]
        [Description("Publish everything that waits, also what was left out before.")]
        public bool Whole { get; init; }
    }
}

/// <summary><c>rollbook decline RUN --reason TEXT</c>: leave the roster as it is.</summary>
internal sealed class DeclineCommand : DistrictCommand<DecisionSettings>
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(
        IServiceProvider services,
        IDistrictStore store,
        DecisionSettings settings,
        CancellationToken cancellationToken
    )
    {
        var run = await RunArgument.FindAsync(store, settings.Run, cancellationToken);
        var imports = services.GetRequiredService<IImports>();
        var (district, who) = (store.District.Id, Environment.UserName);
        if (await imports.DeclineAsync(district, run.Number, settings.Hash, who, settings.Reason ?? "", cancellationToken) is { } refusal)
        {
            throw CommandFailure.Usage(refusal);
        }

        await DecisionTold.WriteAsync(services, store, AuditActions.RunDeclined, run, settings, cancellationToken);
        await DecisionTold.PrintAsync(services, store, run.Number, settings);
        return ExitStatus.Done;
    }
}

/// <summary>A decision on the command line.</summary>
internal class DecisionSettings : RunSettings
{
    /// <summary>Why.</summary>
    [CommandOption("--reason <TEXT>")]
    [Description("Why, for whoever asks later. It is kept with the run and in the audit log; name no pupil.")]
    public string? Reason { get; init; }

    /// <summary>Which changes are meant.</summary>
    [CommandOption("--hash <HASH>")]
    [Description("The changeHash of rollbook run RUN --json: nothing is decided when the changes are others by now.")]
    public string? Hash { get; init; }
}

/// <summary>What became of a decision.</summary>
internal static class DecisionTold
{
    internal static Task WriteAsync(
        IServiceProvider services,
        IDistrictStore store,
        string action,
        RunRecord run,
        DecisionSettings settings,
        CancellationToken cancellationToken
    ) => WriteAsync(services, store, action, run, $"run {run.Number}: {settings.Reason?.Trim()}", cancellationToken);

    /// <summary>Writes into the Audit Log what was done about a run.</summary>
    internal static Task WriteAsync(
        IServiceProvider services,
        IDistrictStore store,
        string action,
        RunRecord run,
        string now,
        CancellationToken cancellationToken
    ) =>
        services
            .GetRequiredService<IAuditLog>()
            .WriteAsync(
                new AuditEntry(store.District.Id, Environment.UserName, AuditChannel.Command, action, run.App.Length == 0 ? "roster" : run.App)
                {
                    NewValue = System.Text.Json.JsonSerializer.Serialize(now),
                },
                cancellationToken
            );

    internal static async Task<int> PrintAsync(IServiceProvider services, IDistrictStore store, long number, GlobalSettings settings)
    {
        var run = (await store.Runs.GetAsync(number, CancellationToken.None))!;
        run = await RunArgument.WithLeftAsync(services, store, run, CancellationToken.None);
        if (settings.Json)
        {
            JsonOutput.Document(JsonOutput.Of(run));
        }
        else
        {
            RunOutput.Print(run);
        }

        return RunArgument.Status(run);
    }
}
