using System.Globalization;
using Microsoft.AspNetCore.Http;
using Rollbook.Model;
using Rollbook.Sync.Configuration;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Setup.Limits;

/// <summary>A table of limits as it is being written.</summary>
public sealed class LimitsForm
{
    /// <summary>More rows than anybody looks after.</summary>
    public const int MostRows = 100;

    /// <summary>The rows, as they were typed.</summary>
    public List<LimitRow> Rows { get; } = [];

    /// <summary>A form for a table.</summary>
    public static LimitsForm Of(IReadOnlyList<SyncLimit> limits)
    {
        var form = new LimitsForm();
        form.Rows.AddRange(limits.Select(LimitRow.Of));
        return form;
    }

    /// <summary>A form as it was posted.</summary>
    public static LimitsForm Of(IFormCollection posted)
    {
        ArgumentNullException.ThrowIfNull(posted);
        var form = new LimitsForm();
        for (var i = 0; i < MostRows && posted.ContainsKey($"operation.{i}"); i++)
        {
            string Typed(string name) => posted[FormattableString.Invariant($"{name}.{i}")].ToString().Trim();
            form.Rows.Add(
                new LimitRow(
                    Typed("kind"),
                    Typed("operation"),
                    Typed("scope"),
                    Typed("percent"),
                    Typed("count"),
                    Typed("leastRecords"),
                    Typed("leastPopulation")
                )
            );
        }

        return form;
    }

    /// <summary>Adds a row for deletions over the whole source.</summary>
    public void Add()
    {
        if (Rows.Count < MostRows)
        {
            Rows.Add(LimitRow.Of(new SyncLimit(Operation.Delete, LimitScope.Source)));
        }
    }

    /// <summary>Takes a row away.</summary>
    public void Remove(int place)
    {
        if (place >= 0 && place < Rows.Count)
        {
            Rows.RemoveAt(place);
        }
    }

    /// <summary>Says of each field what is wrong with it, as the configuration file does.</summary>
    public void Check(FieldErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        for (var i = 0; i < Rows.Count; i++)
        {
            Rows[i].Check(i, errors);
            errors.Need(
                !Rows.Take(i).Contains(Rows[i]),
                FormattableString.Invariant($"percent.{i}"),
                $"Limit {i + 1} is in the table already. Remove one of the two."
            );
        }
    }

    /// <summary>The table; for a checked form.</summary>
    public IReadOnlyList<SyncLimit> ToLimits() => [.. Rows.Select(row => row.ToLimit())];
}

/// <summary>A limit as it is typed: empty for none.</summary>
/// <param name="Kind">The kind's word; empty for every kind.</param>
/// <param name="Operation">The operation's word.</param>
/// <param name="Scope">The scope's word.</param>
/// <param name="Percent">From which percentage.</param>
/// <param name="Count">From how many records.</param>
/// <param name="LeastRecords">Below how many records a percentage holds nothing.</param>
/// <param name="LeastPopulation">Of how many records a percentage is taken at least.</param>
public sealed record LimitRow(string Kind, string Operation, string Scope, string Percent, string Count, string LeastRecords, string LeastPopulation)
{
    /// <summary>A limit as it would be typed.</summary>
    public static LimitRow Of(SyncLimit limit)
    {
        ArgumentNullException.ThrowIfNull(limit);
        return new LimitRow(
            limit.Kind ?? "",
            Word(limit.Operation),
            Word(limit.Scope),
            limit.Percent?.ToString("0.####", CultureInfo.InvariantCulture) ?? "",
            limit.Count?.ToString(CultureInfo.InvariantCulture) ?? "",
            Floor(limit.LeastRecords),
            Floor(limit.LeastPopulation)
        );
    }

    /// <summary>The limit; what is not a figure counts as none.</summary>
    public SyncLimit ToLimit() =>
        new(Chosen<Operation>(Operation) ?? Model.Operation.Delete, Chosen<LimitScope>(Scope) ?? LimitScope.Source)
        {
            Kind = Kinds.Find(Kind)?.Name,
            Percent = PercentOf(Percent),
            Count = Whole(Count),
            LeastRecords = Whole(LeastRecords) ?? 0,
            LeastPopulation = Whole(LeastPopulation) ?? 0,
        };

    /// <summary>The word of an operation or a scope, as it is posted.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    internal void Check(int place, FieldErrors errors)
    {
        var (row, number) = (place.ToString(CultureInfo.InvariantCulture), place + 1);
        errors.Need(Kind.Length == 0 || Kinds.Find(Kind) is not null, $"kind.{row}", $"Choose the entity type of limit {number}.");
        errors.Need(Chosen<Operation>(Operation) is not null, $"operation.{row}", $"Choose what limit {number} counts.");
        errors.Need(Chosen<LimitScope>(Scope) is not null, $"scope.{row}", $"Choose over what limit {number} counts.");
        errors.Need(
            Percent.Length == 0 || PercentOf(Percent) is not null,
            $"percent.{row}",
            $"The percentage of limit {number} is not above 0 and up to 100. Enter one such as 10, or leave it empty."
        );
        errors.Need(
            Count.Length == 0 || Whole(Count) is >= 1,
            $"count.{row}",
            $"The number of records of limit {number} is not a whole number from 1. Enter one such as 50, or leave it empty."
        );
        foreach (
            var (field, typed, name) in new[]
            {
                ("leastRecords", LeastRecords, "least records"),
                ("leastPopulation", LeastPopulation, "least population"),
            }
        )
        {
            errors.Need(
                typed.Length == 0 || Whole(typed) is not null,
                $"{field}.{row}",
                $"The {name} of limit {number} is not a whole number. Enter one such as 25, or leave it empty."
            );
        }

        if (Percent.Length + Count.Length == 0)
        {
            errors.Add($"percent.{row}", $"Limit {number} needs a percentage or a number of records.");
        }
        else if (SyncLimits.Refuse(ToLimit()) == LimitRefusal.NotAtSchool)
        {
            errors.Add($"scope.{row}", $"{Kinds.Find(Kind)!.Plural} are not at a school. Let limit {number} count over the whole source.");
        }
    }

    private static string Floor(long least) => least == 0 ? "" : least.ToString(CultureInfo.InvariantCulture);

    private static T? Chosen<T>(string word)
        where T : struct, Enum =>
        Enum.GetValues<T>().Where(value => string.Equals(Word(value), word, StringComparison.Ordinal)).Cast<T?>().FirstOrDefault();

    private static decimal? PercentOf(string typed) =>
        decimal.TryParse(typed.TrimEnd('%').TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
        && percent is > 0 and <= 100
            ? percent
            : null;

    private static long? Whole(string typed) =>
        long.TryParse(typed, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number) ? number : null;
}
