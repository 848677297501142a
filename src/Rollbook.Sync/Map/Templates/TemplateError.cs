namespace Rollbook.Sync.Map.Templates;

/// <summary>Why a template can't be used, and where.</summary>
/// <param name="Line">The line of the template, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Reason">What was expected or is not allowed, in plain English; ends with a full stop.</param>
internal sealed record TemplateError(int Line, int Column, string Reason)
{
    /// <summary>An error at a position of the template's text.</summary>
    internal static TemplateError At(string template, int offset, string reason)
    {
        var before = template.AsSpan(0, Math.Clamp(offset, 0, template.Length));
        return new TemplateError(before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'), reason);
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"line {Line}, column {Column}: {Reason}");
}
