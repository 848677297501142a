using Microsoft.AspNetCore.Http;

namespace Rollbook.Simulator.Rest;

/// <summary>One request on its way through the steps, and what is known about it so far.</summary>
internal sealed class Exchange(HttpContext context, string path, FaultSwitches switches, Breakage breakage, RequestLog log)
{
    private bool logged;

    public HttpContext Context => context;

    /// <summary>The path below the API root, without slashes at the ends.</summary>
    public string Path => path;

    public FaultSwitches Switches => switches;

    public Breakage Breakage => breakage;

    public int Rows { get; set; }

    public long Bytes { get; set; }

    public bool FromCache { get; set; }

    /// <summary>Whether a page of records was answered.</summary>
    public bool IsPage { get; set; }

    public Dialect Dialect { get; } = new(switches.Booleans, switches.Lists, switches.Dates);

    /// <summary>Logs the answer, once. Called before the body is sent, so that a client that has it finds it logged.</summary>
    public void Log()
    {
        if (!logged)
        {
            logged = true;
            var request = context.Request;
            log.Add(
                new LoggedRequest(request.Method, request.Path, request.QueryString.ToString(), context.Response.StatusCode, Rows, Bytes, FromCache),
                path,
                IsPage
            );
        }
    }
}
