namespace Rollbook.Sync.Configuration;

/// <summary>Why an attribute pair can't be carried out.</summary>
/// <param name="Part">Which part of it.</param>
/// <param name="Message">What was expected, in a sentence for the file.</param>
/// <param name="Line">For a template: the line in it, from 1; else 0.</param>
/// <param name="Column">For a template: the column, from 1; else 0.</param>
/// <param name="Reason">For a template: the reason alone, without its place; else null.</param>
public sealed record AttributeRefusal(AttributePart Part, string Message, int Line = 0, int Column = 0, string? Reason = null);

/// <summary>A part of an attribute pair.</summary>
public enum AttributePart
{
    /// <summary>The Rollbook attribute.</summary>
    Target,

    /// <summary>The data source attribute.</summary>
    Source,

    /// <summary>The value map.</summary>
    Map,

    /// <summary>The Liquid template.</summary>
    Template,
}
