using System.Buffers.Text;
using System.Globalization;

namespace Rollbook.Simulator.Rest;

/// <summary>Moments as OneRoster writes them: <c>YYYY-MM-DDTHH:mm:ss.SSSZ</c>.</summary>
internal static class Instant
{
    public const int Length = 24;
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static string Text(long unixMilliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds).ToString(Format, CultureInfo.InvariantCulture);

    public static void Write(long unixMilliseconds, Span<byte> utf8)
    {
        var moment = DateTime.UnixEpoch.AddTicks(unixMilliseconds * TimeSpan.TicksPerMillisecond);
        // The round-trip format has seven decimals; three of them and the Z are kept.
        Span<byte> full = stackalloc byte[33];
        Utf8Formatter.TryFormat(moment, full, out _, new System.Buffers.StandardFormat('O'));
        full[..23].CopyTo(utf8);
        utf8[23] = (byte)'Z';
    }

    /// <summary>Reads any ISO 8601 form; a moment without a zone is taken as UTC.</summary>
    public static bool TryParse(string text, out long unixMilliseconds)
    {
        var read = DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var moment
        );
        unixMilliseconds = moment.ToUnixTimeMilliseconds();
        return read;
    }
}
