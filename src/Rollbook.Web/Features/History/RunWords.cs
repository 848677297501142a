using Rollbook.Storage;
using Rollbook.Sync.Runs;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.History;

/// <summary>What the console calls the states of a run and the things that happen in one.</summary>
internal static class RunWords
{
    internal static RunState StateOf(RunRecord run) => RunStates.FromWord(run.State);

    internal static bool IsRemoval(RunRecord run) => RunReport.FromJson(run.Report).Purpose == RunPurpose.Removal;

    /// <summary>The version to which a run rolls back; null for a run that is no rollback.</summary>
    internal static int? RollsBackTo(RunRecord run) => RunReport.FromJson(run.Report).Rollback?.Version;

    /// <summary>Whose run it is, in words.</summary>
    internal static string AppOf(RunRecord run, IReadOnlyDictionary<string, string> names) =>
        run.App.Length == 0 ? "Rollback" : names.GetValueOrDefault(run.App, run.App);

    /// <summary>How long the work took; null while it goes on, and for a run that waited for a person, whose time that was.</summary>
    internal static TimeSpan? Took(RunRecord run) =>
        run.EndedAt is { } end && RunReport.FromJson(run.Report).WaitsAs is null ? end - run.StartedAt : null;

    internal static string Name(RunState state) =>
        state switch
        {
            RunState.Deriving => "Comparing",
            RunState.Waiting => "Preview waiting",
            _ => state.ToString(),
        };

    internal static Tone ToneOf(RunState state) =>
        state switch
        {
            RunState.Published => Tone.Good,
            RunState.Waiting or RunState.Held => Tone.Attention,
            RunState.Failed => Tone.Danger,
            RunState.Queued or RunState.Reading or RunState.Deriving or RunState.Publishing => Tone.Information,
            _ => Tone.Neutral,
        };

    /// <summary>Why a run waits that broke no limit.</summary>
    internal const string MovedOn = "The changes became others after they were accepted.";

    /// <summary>What the state means, in a sentence.</summary>
    internal static string Meaning(RunRecord run) =>
        IsRemoval(run) ? MeaningOfRemoval(StateOf(run))
        : RollsBackTo(run) is { } version ? MeaningOfRollback(StateOf(run), version)
        : MeaningOfImport(StateOf(run));

    private static string MeaningOfRollback(RunState state, int version) =>
        state switch
        {
            RunState.Queued or RunState.Reading or RunState.Deriving => $"The roster is being compared with version {version}. It stays as it is.",
            RunState.Waiting => $"The rollback to version {version} waits for a person. Nothing was changed.",
            RunState.Publishing => $"The content of version {version} is being published, all at once.",
            RunState.Published => $"The roster has the content of version {version} again. Imports are held until a person has accepted one.",
            RunState.Unchanged => $"The roster has the content of version {version} already. There was nothing to change.",
            RunState.Cancelled => "A person stopped the rollback. It had no effect on the roster.",
            RunState.Declined => "A person declined the rollback. It had no effect on the roster.",
            RunState.Superseded => "A newer rollback took its place. It had no effect on the roster.",
            _ => "The rollback had no effect on the roster.",
        };

    private static string MeaningOfRemoval(RunState state) =>
        state switch
        {
            RunState.Queued or RunState.Reading or RunState.Deriving =>
                "The app's data is about to be removed. The roster stays as it is until everything goes at once.",
            RunState.Publishing => "The app's data is being removed, all at once.",
            RunState.Published => "The app's data is no longer in the roster. Earlier versions keep it.",
            RunState.Unchanged => "The app had nothing in the roster.",
            RunState.Cancelled => "A person stopped the removal. It had no effect on the roster.",
            _ => "The removal had no effect on the roster.",
        };

    private static string MeaningOfImport(RunState state) =>
        state switch
        {
            RunState.Queued => "The import is about to begin.",
            RunState.Reading => "The source is being read. The roster stays as it is until everything has been read.",
            RunState.Deriving => "What was read is being compared with the roster.",
            RunState.Waiting => "The import waits for a person, because Preview of data upload is on. Nothing was changed.",
            RunState.Held =>
                "The import waits for a person, because a limit or a guard was broken, or the changes became others after they were accepted. Nothing was changed.",
            RunState.Publishing => "The changes are being published, all at once.",
            RunState.Published => "The changes are in the roster.",
            RunState.Unchanged => "The source says what the roster has already. There was nothing to change.",
            RunState.Failed => "The import had no effect on the roster.",
            RunState.Cancelled => "A person stopped the import. It had no effect on the roster.",
            RunState.Declined => "A person declined the import. It had no effect on the roster.",
            _ => "Nobody is to decide about the import any more; the notices say why. It had no effect on the roster.",
        };

    /// <summary>The stages of a report's timings, in the words of the states.</summary>
    internal static string Stage(string stage) =>
        string.Equals(stage, "deriving", StringComparison.Ordinal) ? Name(RunState.Deriving) : Wording.Capital(stage);

    internal static string StartedBy(RunRecord run) =>
        run.Trigger switch
        {
            "schedule" => "Schedule",
            "command" => $"{run.StartedBy}, on the command line",
            Imports.UnitingTrigger => "Another app's import",
            Imports.AdditionsTrigger => "A held import",
            _ => run.StartedBy,
        };

    internal static string Name(Operation operation) =>
        operation switch
        {
            Operation.Create => "Created",
            Operation.Update => "Updated",
            Operation.Delete => "Deleted",
            _ => "Rekeyed",
        };

    internal static string Name(Collection collection) =>
        collection switch
        {
            Collection.Orgs => "Schools and organizations",
            Collection.AcademicSessions => "Calendars",
            Collection.Demographics => "Demographics",
            _ => collection.ToString(),
        };

    internal static string Name(CollectionState state) =>
        state switch
        {
            CollectionState.Pending => "To come",
            CollectionState.Reading => "Reading",
            CollectionState.Complete => "Complete",
            _ => "Not available",
        };

    /// <summary>4 created, 12 updated, 1 deleted; or No changes.</summary>
    internal static string Summary(RunReport report)
    {
        var totals = Totals(report);
        List<string> parts = [];
        foreach (
            var (count, word) in new[]
            {
                (totals.Create, "created"),
                (totals.Update, "updated"),
                (totals.Delete, "deleted"),
                (totals.Rekey, "rekeyed"),
            }
        )
        {
            if (count > 0)
            {
                parts.Add($"{Wording.Number(count)} {word}");
            }
        }

        return parts.Count == 0 ? "No changes" : string.Join(", ", parts);
    }

    internal static ChangeCounts Totals(RunReport report) =>
        report.Changes.Values.Aggregate(
            new ChangeCounts(),
            (sum, counts) =>
                new ChangeCounts(
                    sum.Create + counts.Create,
                    sum.Update + counts.Update,
                    sum.Delete + counts.Delete,
                    sum.Rekey + counts.Rekey,
                    sum.Unchanged + counts.Unchanged,
                    sum.Consequences + counts.Consequences
                )
        );
}
