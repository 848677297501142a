namespace Rollbook.Bench;

/// <summary>What was measured in one round.</summary>
internal sealed record Round
{
    /// <summary>The machine's load (mean of a minute) at the round's beginning and end.</summary>
    internal required (double Begin, double End) Load { get; init; }

    /// <summary>Records that the source gives.</summary>
    internal required long Records { get; init; }

    /// <summary>Records that the third import changed.</summary>
    internal required long Changed { get; init; }

    /// <summary>The limit of a read just before the first import.</summary>
    internal required ReadMeasured ReadBeforeFirst { get; init; }

    /// <summary>The first import.</summary>
    internal required ImportFigures First { get; init; }

    /// <summary>The limit of writing what it wrote, in seconds.</summary>
    internal required double HandLoad { get; init; }

    /// <summary>The limit of a read just before the unchanged import.</summary>
    internal required ReadMeasured ReadBeforeUnchanged { get; init; }

    /// <summary>The import in which nothing had changed.</summary>
    internal required ImportFigures Unchanged { get; init; }

    /// <summary>The limit of a read just after the unchanged import.</summary>
    internal required ReadMeasured ReadAfterUnchanged { get; init; }

    /// <summary>The import after a hundredth had changed.</summary>
    internal required ImportFigures Hundredth { get; init; }

    /// <summary>The limit of writing those changes, in seconds.</summary>
    internal required double HandChange { get; init; }

    /// <summary>The limit that the unchanged import is held against: the mean of the reads around it.</summary>
    internal double UnchangedLimit => (ReadBeforeUnchanged.Seconds + ReadAfterUnchanged.Seconds) / 2;

    /// <summary>The limit that the first import is held against.</summary>
    internal double FirstLimit => ReadBeforeFirst.Seconds + HandLoad;

    /// <summary>The limit that the import of changes is held against.</summary>
    internal double HundredthLimit => Unchanged.Seconds + HandChange;
}

/// <summary>The limit of a read, measured.</summary>
internal sealed record ReadMeasured(double Seconds, long Records, MeasuredProcess Process);
