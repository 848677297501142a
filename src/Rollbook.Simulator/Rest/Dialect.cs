namespace Rollbook.Simulator.Rest;

/// <summary>How the server spells values, after profile and fault switches.</summary>
internal sealed record Dialect(BooleanStyle Booleans, ListStyle Lists, DateStyle Dates, bool BlankUsernames, bool BlanksForAbsent);
