using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging;

namespace Rollbook.Web.Features.Errors;

/// <summary>
/// Gives a refusal a page that says what to do. It renders the page itself instead of running the request again under another address:
/// a POST run again would look for a form that the error page does not have.
/// </summary>
internal sealed partial class ErrorPages(RequestDelegate next, ILogger<ErrorPages> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (BadHttpRequestException refusal) when (!http.Response.HasStarted)
        {
            http.Response.Clear();
            http.Response.StatusCode = refusal.StatusCode;
        }
        catch (Exception defect) when (!http.Response.HasStarted)
        {
            Failed(defect, http.Request.Method, http.GetEndpoint()?.DisplayName, http.TraceIdentifier);
            http.Response.Clear();
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }

        if (http.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null or 0, ContentType: null or "" }
            && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
        {
            await new RazorComponentResult<ErrorPage>(new { Status = http.Response.StatusCode, Reference = http.TraceIdentifier })
            {
                StatusCode = http.Response.StatusCode,
            }.ExecuteAsync(http);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Endpoint} failed; the person was given the reference {Reference}.")]
    private partial void Failed(Exception defect, string method, string? endpoint, string reference);
}
