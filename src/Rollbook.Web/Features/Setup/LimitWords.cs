using System.Globalization;
using Rollbook.Model;
using Rollbook.Sync.Configuration;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Setup;

/// <summary>The limits on change in words, and the Sync hold threshold as a person types it.</summary>
internal static class LimitWords
{
    private const string Off = "off";

    /// <summary>The percentage of what was typed, 0 for off; null when it is neither.</summary>
    internal static int? Threshold(string typed)
    {
        var text = typed.Trim().TrimEnd('%').TrimEnd();
        return string.Equals(text, Off, StringComparison.OrdinalIgnoreCase) ? 0
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var percent) && percent is >= 1 and <= 100 ? percent
            : null;
    }

    /// <summary>The percentage as it is typed.</summary>
    internal static string Text(int threshold) => threshold == 0 ? Off : threshold.ToString(CultureInfo.InvariantCulture);

    /// <summary>What a hold on removals can keep back, by the word that is posted.</summary>
    internal static IReadOnlyList<(string Value, string Text)> HoldModes { get; } =
    [("everything", "Hold everything"), ("removals", "Let additions and updates through and hold removals")];

    /// <summary>The word of a mode.</summary>
    internal static string WordOf(HoldMode mode) => HoldModes[(int)mode].Value;

    /// <summary>The mode of a word.</summary>
    internal static HoldMode ModeOf(string word) => word is "removals" ? HoldMode.Removals : HoldMode.Everything;

    /// <summary>What the field asks for.</summary>
    internal static string Hint(AdvancedSettings settings) =>
        settings.Limits is null
            ? "A percentage from 1 to 100, or off. A sync that would delete at least so many of an entity type's records, and at least "
                + $"{Shipped[0].LeastRecords}, is held until a Primary District Admin accepts it."
            : "Off switches the percentages of the app's own limits off; any percentage switches them on.";

    /// <summary>Which limits there are beside the threshold, or instead of it.</summary>
    internal static string Besides(AdvancedSettings settings) =>
        settings.Limits is { } own
            ? $"The app has its own table of {Wording.Count(own.Count, "limit", "limits")}, which stays. With Preview of data upload none is evaluated."
            : $"Held as well: {string.Join("; ", Shipped.Skip(1).Select(Words))}. The first import of an app has no limits, and with Preview of data upload none is evaluated. Off switches all of these off.";

    /// <summary>What is in force in a planned change window otherwise than on other days, a sentence a line.</summary>
    internal static IEnumerable<string> Of(AdvancedSettings settings, ChangeWindow window)
    {
        var there = settings.In(window);
        if (there.SyncHoldThreshold == 0)
        {
            yield return "Sync hold threshold: off.";
        }
        else if (there.Limits is null)
        {
            yield return $"Sync hold threshold: {there.SyncHoldThreshold} %.";
        }

        if (there.Limits is null)
        {
            yield break;
        }

        var limits = SyncLimits.Of(there).Where(limit => (limit.Percent ?? limit.Count) is not null).ToList();
        foreach (var limit in limits)
        {
            yield return Sentence(limit);
        }

        if (limits.Count == 0)
        {
            yield return "No limit: nothing but a guard holds a sync.";
        }
    }

    /// <summary>What a limit does, a sentence; what is still to be entered shows as dots.</summary>
    internal static string Sentence(SyncLimit limit)
    {
        var where = limit.Scope == LimitScope.School ? "of a school's" : "of the source's";
        var kind = limit.Kind is { } named ? Kinds.Find(named)!.Plural.ToLowerInvariant() : "records of a type";
        string[] figures =
        [
            limit.Percent is { } percent ? string.Create(CultureInfo.InvariantCulture, $"{percent:0.##} %") : "",
            limit.Count is { } count ? Wording.Count(count, "record", "records") : "",
        ];
        var reached = string.Join(" or ", figures.Where(figure => figure.Length > 0));
        string[] floors =
        [
            limit is { Percent: not null, LeastRecords: > 1 } ? $"from {Wording.Number(limit.LeastRecords)} records on" : "",
            limit is { Percent: not null, LeastPopulation: > 1 } ? $"where there are at least {Wording.Number(limit.LeastPopulation)}" : "",
        ];
        var floor = string.Concat(floors.Where(text => text.Length > 0).Select(text => $", {text}"));
        return $"Holds a sync when {(reached.Length == 0 ? "…" : reached)} {where} {kind} would be {Done(limit.Operation)}{floor}.";
    }

    private static IReadOnlyList<SyncLimit> Shipped => SyncLimits.Shipped(SyncLimits.DefaultThreshold);

    private static string Words(SyncLimit limit)
    {
        var what = limit.Kind is { } kind ? Kinds.Find(kind)!.Plural.ToLowerInvariant() : "records";
        var where = limit.Scope == LimitScope.School ? " in one school" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{limit.Percent:0.##} % of {what} {Done(limit.Operation)}{where} ({limit.LeastRecords} at least)"
        );
    }

    private static string Done(Operation operation) =>
        operation switch
        {
            Operation.Create => "created",
            Operation.Update => "changed",
            Operation.Delete => "deleted",
            _ => "under another SIS ID",
        };
}
