using Rollbook.Sync.WhatIf;

namespace Rollbook.Host.Output;

/// <summary>Says what a what-if is at, a line for each step.</summary>
internal sealed class WhatIfLines(TextWriter output) : IProgress<WhatIfProgress>
{
    private string? last;

    /// <inheritdoc/>
    public void Report(WhatIfProgress value)
    {
        // Without the figures, which change with every report.
        var step = value.ToString().Split(':')[0];
        if (!string.Equals(step, last, StringComparison.Ordinal))
        {
            output.WriteLine(step);
            last = step;
        }
    }
}
