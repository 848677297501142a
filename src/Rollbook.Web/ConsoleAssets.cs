using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Rollbook.Web;

/// <summary>
/// The console's style sheet, scripts and mark, embedded in this assembly. An address carries a hash of all of them, so a browser may keep
/// them for good and gets new ones with a new version.
/// </summary>
public sealed class ConsoleAssets
{
    /// <summary>Where the files are.</summary>
    public const string Route = "/assets/{version}/{name}";

    private static readonly (string Name, string Type)[] Files =
    [
        ("console.css", "text/css"),
        ("console.js", "text/javascript"),
        ("blazor.web.js", "text/javascript"),
        ("mark.svg", "image/svg+xml"),
    ];

    private readonly Dictionary<string, Asset> assets;
    private readonly string version;

    /// <summary>Reads and compresses the files, once.</summary>
    public ConsoleAssets()
    {
        assets = Files.ToDictionary(file => file.Name, file => Read(file.Name, file.Type), StringComparer.Ordinal);
        version = Convert.ToHexStringLower(SHA256.HashData([.. Files.SelectMany(file => SHA256.HashData(assets[file.Name].Bytes))]))[..12];
    }

    /// <summary>The address of a file.</summary>
    public string Address(string name) => $"/assets/{version}/{name}";

    /// <summary>Answers a request for a file.</summary>
    internal IResult Serve(HttpContext http, string requested, string name)
    {
        if (!assets.TryGetValue(name, out var asset))
        {
            return Results.NotFound();
        }

        var headers = http.Response.Headers;
        headers.CacheControl = string.Equals(requested, version, StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
        headers.Vary = "Accept-Encoding";
        if (http.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal))
        {
            headers.ContentEncoding = "br";
            return Results.Bytes(asset.Brotli, asset.Type);
        }

        return Results.Bytes(asset.Bytes, asset.Type);
    }

    private static Asset Read(string name, string type)
    {
        using var stream =
            typeof(ConsoleAssets).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The file {name} is missing from the console's assembly.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        using var brotli = new MemoryStream();
        using (var compressor = new BrotliStream(brotli, CompressionLevel.Optimal, leaveOpen: true))
        {
            compressor.Write(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        }

        return new Asset(type, bytes.ToArray(), brotli.ToArray());
    }

    private sealed record Asset(string Type, byte[] Bytes, byte[] Brotli);
}
