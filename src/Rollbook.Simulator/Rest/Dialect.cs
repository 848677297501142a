namespace Rollbook.Simulator.Rest;

/// <summary>How the server spells values, after the fault switches.</summary>
internal sealed record Dialect(BooleanStyle Booleans, ListStyle Lists, DateStyle Dates)
{
    /// <summary>As the specification asks.</summary>
    public static Dialect Plain { get; } = new(BooleanStyle.Text, ListStyle.Array, DateStyle.Date);
}
