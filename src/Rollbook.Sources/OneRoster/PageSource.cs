using System.Buffers;
using System.Text;
using System.Text.Json;
using Rollbook.Model;

namespace Rollbook.Sources.OneRoster;

/// <summary>One endpoint, a page at a time: asks once, and says how it failed.</summary>
internal sealed class PageSource(OneRosterConnection connection, Endpoint endpoint, IdScope scope)
{
    private const int LargestBody = 256 * 1024 * 1024;
    private readonly byte[] key = Encoding.UTF8.GetBytes(endpoint.Key);
    private int sizeHint = 64 * 1024;

    public Endpoint Endpoint => endpoint;

    /// <summary>Whether pages are asked for in the order of sourcedId; without it a source may order each page anew.</summary>
    public bool Sorts { get; set; } = true;

    /// <summary>A page; the caller disposes of it.</summary>
    /// <exception cref="RequestFailure">It did not come, or not whole.</exception>
    public async Task<Page> GetAsync(long offset, int limit, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(timeout, connection.Options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            var uri = connection.Settings.Api.Collection(
                endpoint.Path,
                string.Create(null, $"limit={limit}&offset={offset}{(Sorts ? "&sort=sourcedId&orderBy=asc" : "")}{endpoint.Filter}")
            );
            using var answer = await connection.GetAsync(uri, either.Token);
            await AnswerStatus.ThrowIfNotOkAsync(answer, connection.Options.Time, either.Token);
            var page = Scan(await DownloadAsync(answer, either.Token));
            page.Total = TotalOf(answer);
            return page;
        }
        catch (OperationCanceledException e) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new RequestFailure(
                Fault.TooSlow,
                CheckPart.Connection,
                $"It took longer than {timeout.TotalSeconds:0} seconds to answer.",
                inner: e
            );
        }
        catch (Exception e) when (e is IOException or HttpRequestException or InvalidDataException)
        {
            throw new RequestFailure(Fault.Broken, CheckPart.Connection, "Its answer broke off.", inner: e);
        }
    }

    private async Task<(byte[] Body, int Length)> DownloadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var declared = answer.Content.Headers.ContentLength is { } bytes and < LargestBody ? (int)bytes + 1 : 0;
        var body = ArrayPool<byte>.Shared.Rent(Math.Max(declared, sizeHint));
        var length = 0;
        try
        {
            while (await stream.ReadAsync(body.AsMemory(length), cancellationToken) is var read and > 0)
            {
                length += read;
                if (length == body.Length)
                {
                    body = Grow(body);
                }
            }

            sizeHint = Math.Max(64 * 1024, length + (length / 8));
            return (body, length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(body);
            throw;
        }
    }

    private static byte[] Grow(byte[] body)
    {
        if (body.Length >= LargestBody)
        {
            throw new RequestFailure(Fault.TooSlow, CheckPart.Roster, "Its answer is larger than 256 MiB.");
        }

        var larger = ArrayPool<byte>.Shared.Rent(body.Length * 2);
        body.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(body);
        return larger;
    }

    private Page Scan((byte[] Body, int Length) download)
    {
        var page = new Page(download.Body, download.Length);
        try
        {
            var json = page.Body.StartsWith("\uFEFF"u8) ? page.Body[3..] : page.Body;
            new RecordScanner(json, key, scope, page, page.Body.Length - json.Length).Scan();
            return page;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            var isWebPage = page.Body.TrimStart("\uFEFF \t\r\n"u8) is [(byte)'<', ..];
            page.Dispose();
            throw isWebPage
                ? new RequestFailure(
                    Fault.WebPage,
                    CheckPart.ApiUrl,
                    "It answered with a web page instead of records: a sign-in or maintenance page, or not the API.",
                    inner: e
                )
                : new RequestFailure(Fault.Broken, CheckPart.Connection, "Its answer is not whole, or not JSON.");
        }
        catch (RequestFailure)
        {
            page.Dispose();
            throw;
        }
    }

    private static long? TotalOf(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("X-Total-Count", out var values)
        && long.TryParse(values.First(), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var total)
            ? total
            : null;
}
