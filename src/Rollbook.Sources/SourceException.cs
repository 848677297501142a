namespace Rollbook.Sources;

/// <summary>Whose turn it is after a failed read.</summary>
public enum SourceFailure
{
    /// <summary>The district must change a setting.</summary>
    Configuration,

    /// <summary>The source is down or busy; a later run may succeed.</summary>
    Transient,

    /// <summary>The source broke its own rules (pages that overlap, half a page, a total that lies), or Rollbook has a defect.</summary>
    Defect,
}

/// <summary>A read that failed.</summary>
public class SourceException : Exception
{
    /// <summary>Makes the failure.</summary>
    /// <param name="failure">Whose turn it is.</param>
    /// <param name="part">The part of the connection that is wrong.</param>
    /// <param name="message">For a person: what happened and what to do; no secret, no personal data.</param>
    /// <param name="inner">What was thrown, if anything.</param>
    public SourceException(SourceFailure failure, CheckPart part, string message, Exception? inner = null)
        : base(message, inner)
    {
        Failure = failure;
        Part = part;
    }

    /// <summary>Whose turn it is.</summary>
    public SourceFailure Failure { get; }

    /// <summary>The part of the connection that is wrong.</summary>
    public CheckPart Part { get; }
}
