namespace Rollbook.Sources.OneRoster;

/// <summary>Reads the <c>Retry-After</c> header, given in seconds or as a date.</summary>
internal static class RetryAfter
{
    public static TimeSpan? Of(HttpResponseMessage answer, TimeProvider time)
    {
        var header = answer.Headers.RetryAfter;
        var wait = header?.Delta ?? header?.Date - time.GetUtcNow();
        return wait is { } positive && positive < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
