using System.Collections.Concurrent;

namespace Rollbook.Simulator;

/// <summary>One request as it was answered. <c>Path</c> is below the host, <c>Rows</c> the records of a page, <c>Bytes</c> its body's length.</summary>
public sealed record LoggedRequest(string Method, string Path, string Query, int Status, int Rows, long Bytes, bool FromCache);

/// <summary>What went over the wire, so that tests can tell what a client did. Keeps the last 100,000 requests; the counters count all.</summary>
public sealed class RequestLog
{
    private const int Kept = 100_000;
    private readonly ConcurrentQueue<LoggedRequest> requests = new();
    private readonly ConcurrentDictionary<string, int> byPath = new(StringComparer.OrdinalIgnoreCase);
    private long pages;
    private long rows;

    /// <summary>The requests, oldest first.</summary>
    public IReadOnlyCollection<LoggedRequest> Requests => requests;

    /// <summary>Pages of records answered with 200.</summary>
    public long PagesServed => Interlocked.Read(ref pages);

    /// <summary>Records on those pages.</summary>
    public long RowsServed => Interlocked.Read(ref rows);

    /// <summary>How many requests there were for a path below the API root, for example <c>enrollments</c>, or the token path.</summary>
    public int Count(string path) => byPath.GetValueOrDefault(path.Trim('/'));

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        requests.Clear();
        byPath.Clear();
        Interlocked.Exchange(ref pages, 0);
        Interlocked.Exchange(ref rows, 0);
    }

    internal void Add(LoggedRequest request, string countedAs, bool isPage)
    {
        requests.Enqueue(request);
        while (requests.Count > Kept && requests.TryDequeue(out _)) { }

        byPath.AddOrUpdate(countedAs.Trim('/'), 1, (_, count) => count + 1);
        if (isPage)
        {
            Interlocked.Increment(ref pages);
            Interlocked.Add(ref rows, request.Rows);
        }
    }
}
