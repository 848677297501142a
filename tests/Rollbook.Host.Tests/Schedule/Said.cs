using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Rollbook.Host.Tests.Schedule;

/// <summary>What a program said in its log.</summary>
internal sealed class Said : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> lines = new();

    internal IReadOnlyCollection<string> Lines => lines;

    /// <summary>Warnings and worse, but that a node was found that has ended.</summary>
    internal IEnumerable<string> Trouble =>
        lines.Where(line => !line.StartsWith("Information", StringComparison.Ordinal) && !line.Contains("restarted instances"));

    public ILogger CreateLogger(string categoryName) => this;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Dispose() { }
}
