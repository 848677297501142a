using System.Text;

namespace Rollbook.Sources.OneRoster;

/// <summary>Reads a failure out of an answer's status (synergy-oneroster.md section 2.5).</summary>
internal static class AnswerStatus
{
    private const int MostOfABody = 4096;

    /// <summary>Lets a 200 pass.</summary>
    /// <exception cref="RequestFailure">The answer is no 200.</exception>
    public static async Task ThrowIfNotOkAsync(HttpResponseMessage answer, TimeProvider time, CancellationToken cancellationToken)
    {
        var status = (int)answer.StatusCode;
        if (status == 200)
        {
            return;
        }

        var wait = RetryAfter.Of(answer, time);
        var fault = status switch
        {
            429 => Fault.Busy,
            503 when wait is not null => Fault.Busy,
            502 or 503 or 504 => Fault.Gateway,
            404 or 405 or 410 or 501 => Fault.NotFound,
            403 => Fault.Forbidden,
            408 => Fault.TooSlow,
            >= 500 => Fault.ServerError,
            >= 400 => Fault.BadRequest,
            _ => Fault.ErrorBody,
        };
        var part = fault switch
        {
            Fault.Forbidden => await SpeaksOfScopeAsync(answer, cancellationToken) ? CheckPart.Scope : CheckPart.Licence,
            Fault.NotFound => CheckPart.ApiUrl,
            _ => CheckPart.Roster,
        };
        throw new RequestFailure(
            fault,
            part,
            part is CheckPart.Scope ? "It answered 403: the scope of the token is not enough." : $"It answered {status}.",
            wait
        );
    }

    /// <summary>The start of an answer's body, enough to see what a refusal speaks of; the rest is given up.</summary>
    public static async Task<string> StartOfBodyAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var start = new byte[MostOfABody];
        var length = await stream.ReadAtLeastAsync(start, MostOfABody, throwOnEndOfStream: false, cancellationToken);
        return Encoding.UTF8.GetString(start, 0, length);
    }

    private static async Task<bool> SpeaksOfScopeAsync(HttpResponseMessage answer, CancellationToken cancellationToken) =>
        answer.Headers.WwwAuthenticate.Any(challenge => challenge.ToString().Contains("scope", StringComparison.OrdinalIgnoreCase))
        || (await StartOfBodyAsync(answer, cancellationToken)).Contains("scope", StringComparison.OrdinalIgnoreCase);
}
