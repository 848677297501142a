using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rollbook.Storage;
using Rollbook.Web.Features.Access;

namespace Rollbook.Web.Features.Errors;

/// <summary>
/// Gives a refusal a page that says what to do. It renders the page itself instead of running the request again under another address:
/// a POST run again would look for a form that the error page does not have.
/// </summary>
internal sealed partial class ErrorPages(RequestDelegate next, ILogger<ErrorPages> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        string? why = null;
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (RefusedValueException refusal) when (!http.Response.HasStarted)
        {
            http.Response.Clear();
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            why = refusal.Message;
        }
        catch (AccountNotChangedException conflict) when (!http.Response.HasStarted)
        {
            http.Response.Clear();
            http.Response.StatusCode = StatusCodes.Status409Conflict;
            why = conflict.Message;
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

        if (
            http.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null or 0, ContentType: null or "" }
            && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
        )
        {
            // The page that failed may have left its services half used; the error page gets its own.
            await using var scope = http.RequestServices.CreateAsyncScope();
            http.RequestServices = scope.ServiceProvider;
            var status = http.Response.StatusCode;
            http.Response.Clear();
            await new RazorComponentResult<ErrorPage>(
                new
                {
                    Status = status,
                    Reference = http.TraceIdentifier,
                    Why = why,
                }
            )
            {
                StatusCode = status,
            }.ExecuteAsync(http);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Endpoint} failed; the person was given the reference {Reference}.")]
    private partial void Failed(Exception defect, string method, string? endpoint, string reference);
}
