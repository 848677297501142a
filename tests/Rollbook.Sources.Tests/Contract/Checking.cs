namespace Rollbook.Sources.Tests.Contract;

/// <summary>Test Connection in tests.</summary>
public static class Checking
{
    /// <summary>All of its steps.</summary>
    public static async Task<List<CheckStep>> CheckAsync(this IConnector connector, SourceSettings settings)
    {
        var steps = new List<CheckStep>();
        await foreach (var step in connector.CheckAsync(settings, TestContext.Current.CancellationToken))
        {
            steps.Add(step);
        }

        return steps;
    }
}
