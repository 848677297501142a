using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Rest;

/// <summary>The comparisons a filter may make.</summary>
internal enum Comparator
{
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Contains,
}

/// <summary>How the two comparisons of a filter are joined.</summary>
internal enum Join
{
    None,
    And,
    Or,
}

/// <summary>A comparison as written: <c>role='student'</c>.</summary>
internal sealed record WrittenComparison(string Path, Comparator Comparator, string Value);

/// <summary>A filter as written: one comparison or two joined ones (OneRoster 1.1, chapter 3.4.3).</summary>
internal sealed record WrittenFilter(WrittenComparison First, Join Join, WrittenComparison? Second);

/// <summary>A comparison bound to a field of a kind of record.</summary>
internal sealed record Comparison(Field Field, string? Part, Comparator Comparator, string Value)
{
    private readonly long moment = Instant.TryParse(Value, out var milliseconds) ? milliseconds : long.MinValue;

    /// <summary>Null when the path names no field of the kind, or a moment is compared with what is none.</summary>
    public static Comparison? Bind(WrittenComparison written, Schema schema)
    {
        var dot = written.Path.IndexOf('.', StringComparison.Ordinal);
        var (name, part) = dot < 0 ? (written.Path, null) : (written.Path[..dot], written.Path[(dot + 1)..]);
        if (schema.Find(name) is not { } field || !field.HasPart(part))
        {
            return null;
        }

        var comparison = new Comparison(field, part, written.Comparator, written.Value);
        var needsMoment = field is ModifiedField && written.Comparator != Comparator.Contains;
        return needsMoment && comparison.moment == long.MinValue ? null : comparison;
    }

    public bool Matches(District district, int row)
    {
        if (Field is ModifiedField modified && Comparator != Comparator.Contains)
        {
            return Holds(modified.Milliseconds(district, row).CompareTo(moment));
        }

        var value = Field.Value(district, row, Part);
        if (value.Many is { } many)
        {
            // A list equals a value when an element does, or when the comma-joined list does; both readings of the text are in use.
            return Comparator == Comparator.NotEqual
                ? !many.Contains(Value, StringComparer.Ordinal)
                : many.Any(HoldsFor) || (Comparator == Comparator.Equal && many.Count > 1 && HoldsFor(value.SortText));
        }

        return value.One is null ? Comparator == Comparator.NotEqual : HoldsFor(value.One);
    }

    private bool HoldsFor(string text) =>
        Comparator == Comparator.Contains ? text.Contains(Value, StringComparison.Ordinal) : Holds(string.CompareOrdinal(text, Value));

    private bool Holds(int order) =>
        Comparator switch
        {
            Comparator.Equal => order == 0,
            Comparator.NotEqual => order != 0,
            Comparator.Greater => order > 0,
            Comparator.GreaterOrEqual => order >= 0,
            Comparator.Less => order < 0,
            _ => order <= 0,
        };
}

/// <summary>A filter bound to a kind of record.</summary>
internal sealed record Filter(Comparison First, Join Join, Comparison? Second)
{
    /// <summary>Null when it names a field the kind does not have.</summary>
    public static Filter? Bind(WrittenFilter written, Schema schema)
    {
        var first = Comparison.Bind(written.First, schema);
        var second = written.Second is null ? null : Comparison.Bind(written.Second, schema);
        return first is null || (written.Second is not null && second is null) ? null : new Filter(first, written.Join, second);
    }

    public bool EqualityOnly => First.Comparator == Comparator.Equal && Second?.Comparator is null or Comparator.Equal;

    public bool Matches(District district, int row) =>
        Join switch
        {
            Join.And => First.Matches(district, row) && Second!.Matches(district, row),
            Join.Or => First.Matches(district, row) || Second!.Matches(district, row),
            _ => First.Matches(district, row),
        };
}
