using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.IO.Hashing;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Rollbook.Model;

namespace Rollbook.Bench.Limits;

/// <summary>
/// The limit of a read: every page over HTTP, every record found and hashed, nothing else. Two pages are on their way while one is counted, as in
/// the connector; nothing is remembered, compared or checked.
/// </summary>
internal sealed class ReadLimit(HttpClient client, Uri api)
{
    private const int PageSize = 5_000;
    private const int Ahead = 2;

    /// <summary>Reads everything and prints <c>{"seconds":…,"records":…}</c>; the time is that from the first request to the last record.</summary>
    internal static async Task<int> RunAsync(Uri apiUrl, Uri tokenUrl, string secret)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false };
        using var client = new HttpClient(handler);
        var watch = Stopwatch.StartNew();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(client, tokenUrl, secret));
        var read = new ReadLimit(client, apiUrl);
        long records = 0;
        foreach (var collection in Collections.InOrder)
        {
            records += await read.CollectionAsync(Collections.NameOf(collection));
        }

        Console.Out.WriteLine(JsonSerializer.Serialize(new ReadFigures(watch.Elapsed.TotalSeconds, records)));
        return 0;
    }

    private static async Task<string> TokenAsync(HttpClient client, Uri url, string secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new FormUrlEncodedContent([
                new("grant_type", "client_credentials"),
                new(
                    "scope",
                    "https://purl.imsglobal.org/spec/or/v1p1/scope/roster-core.readonly https://purl.imsglobal.org/spec/or/v1p1/scope/roster-demographics.readonly"
                ),
            ]),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"rollbook-client:{secret}"))
        );
        using var answer = await client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        using var document = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
        return document.RootElement.GetProperty("access_token").GetString()!;
    }

    private async Task<long> CollectionAsync(string name)
    {
        var first = await PageAsync(name, 0);
        long records = first.Records;
        var pages = new Queue<Task<(int Records, long Total)>>();
        for (long next = PageSize; next < first.Total || pages.Count > 0; )
        {
            for (; pages.Count < Ahead && next < first.Total; next += PageSize)
            {
                var offset = next;
                pages.Enqueue(Task.Run(() => PageAsync(name, offset)));
            }

            records += (await pages.Dequeue()).Records;
        }

        return records == first.Total ? records : throw new InvalidDataException($"{records} of {first.Total} {name} came.");
    }

    private async Task<(int Records, long Total)> PageAsync(string name, long offset)
    {
        var uri = new Uri(string.Create(CultureInfo.InvariantCulture, $"{api}/{name}?limit={PageSize}&offset={offset}&sort=sourcedId&orderBy=asc"));
        using var answer = await client.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        var length = (int)answer.Content.Headers.ContentLength!.Value;
        var body = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await using var stream = await answer.Content.ReadAsStreamAsync();
            await stream.ReadExactlyAsync(body.AsMemory(0, length));
            var total = long.Parse(answer.Headers.GetValues("X-Total-Count").First(), CultureInfo.InvariantCulture);
            return (Hash(body.AsSpan(0, length)), total);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
        }
    }

    private static int Hash(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var (records, sum) = (0, UInt128.Zero);
        while (reader.Read())
        {
            // The records are the objects in the only array of the wrapping object.
            if (reader.TokenType == JsonTokenType.StartObject && reader.CurrentDepth == 2)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                sum += XxHash128.HashToUInt128(json[start..(int)reader.BytesConsumed]);
                records++;
            }
        }

        // So that the hashes are used.
        return sum == UInt128.One ? -1 : records;
    }
}

/// <summary>What the limit of a read took.</summary>
internal sealed record ReadFigures(double Seconds, long Records);
