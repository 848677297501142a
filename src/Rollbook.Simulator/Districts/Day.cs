namespace Rollbook.Simulator.Districts;

/// <summary>A calendar day in two bytes: days since 1 January 2000, 0 for none. OneRoster dates carry no time zone.</summary>
internal readonly record struct Day(ushort Number)
{
    private static readonly int Origin = new DateOnly(2000, 1, 1).DayNumber;

    public bool IsNone => Number == 0;

    public static Day Of(DateOnly date) => new(checked((ushort)(date.DayNumber - Origin)));

    public DateOnly ToDate() => DateOnly.FromDayNumber(Origin + Number);

    public Day Plus(int days) => new(checked((ushort)(Number + days)));

    public override string ToString() => IsNone ? string.Empty : ToDate().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
