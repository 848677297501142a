using System.Text;
using System.Text.Unicode;
using Rollbook.Sources.OneRosterCsv.Packages;

namespace Rollbook.Sources.OneRosterCsv.Reading;

/// <summary>Lets UTF-8 pass, without its byte order mark, and refuses all else with the line and the byte where it begins.</summary>
internal sealed class Utf8Gate(Stream inner, string file) : ForwardStream(inner)
{
    private readonly byte[] pending = new byte[4];
    private int pendingLength;
    private long position;
    private long line = 1;
    private bool begun;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            // What is left of a character comes first, so that every piece begins with one.
            pending.AsSpan(0, pendingLength).CopyTo(buffer);
            var got = Inner.Read(buffer[pendingLength..]);
            var piece = buffer[..(pendingLength + got)];
            pendingLength = 0;
            if (piece.IsEmpty)
            {
                return 0;
            }

            if (got > 0)
            {
                var end = WholeCharacters(piece);
                piece[end..].CopyTo(pending);
                pendingLength = piece.Length - end;
                piece = piece[..end];
            }

            Check(piece);
            var skip = 0;
            if (!begun && piece.Length > 0)
            {
                begun = true;
                skip = piece.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
            }

            line += piece.Count((byte)'\n');
            position += piece.Length;
            piece[skip..].CopyTo(buffer);
            if (piece.Length > skip)
            {
                return piece.Length - skip;
            }
        }
    }

    /// <summary>The length without a last character of which only the beginning is there.</summary>
    private static int WholeCharacters(ReadOnlySpan<byte> piece)
    {
        for (var back = 1; back <= Math.Min(3, piece.Length); back++)
        {
            var lead = piece[^back];
            if (lead < 0x80)
            {
                break;
            }

            if (lead >= 0xC0)
            {
                var wanted =
                    lead >= 0xF0 ? 4
                    : lead >= 0xE0 ? 3
                    : 2;
                return wanted > back ? piece.Length - back : piece.Length;
            }
        }

        return piece.Length;
    }

    private void Check(ReadOnlySpan<byte> piece)
    {
        if (!begun && (piece.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || piece.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])))
        {
            throw PackageRefusal.File(
                FormattableString.Invariant(
                    $"{file} is written in UTF-16 (it begins with the bytes {piece[0]:X2} {piece[1]:X2}). OneRoster wants UTF-8. Have it exported as UTF-8; in Excel that is \"CSV UTF-8\"."
                )
            );
        }

        if (piece.IndexOf((byte)0) is var zero and >= 0)
        {
            throw PackageRefusal.File(
                FormattableString.Invariant(
                    $"{file} has a zero byte in line {LineAt(piece, zero):N0} (byte {position + zero + 1:N0} of the file): it is written in UTF-16, or it is no text. OneRoster wants UTF-8. Have it exported as UTF-8."
                )
            );
        }

        if (!Utf8.IsValid(piece))
        {
            var at = 0;
            while (Rune.DecodeFromUtf8(piece[at..], out _, out var used) == System.Buffers.OperationStatus.Done)
            {
                at += used;
            }

            throw PackageRefusal.File(
                FormattableString.Invariant(
                    $"{file} is not UTF-8: line {LineAt(piece, at):N0} has the byte {piece[at]:X2} (byte {position + at + 1:N0} of the file), as files in Windows-1252 have. OneRoster wants UTF-8. Have it exported as UTF-8."
                )
            );
        }
    }

    private long LineAt(ReadOnlySpan<byte> piece, int at) => line + piece[..at].Count((byte)'\n');
}
