using System.IO.Hashing;

namespace Rollbook.Sources.OneRosterCsv.Packages;

/// <summary>
/// A file of a package while it is read: never more bytes than it may have, whatever the package says of itself, and at its end exactly those that were promised.
/// </summary>
/// <param name="inner">The bytes; disposed of with this.</param>
/// <param name="name">The file's name.</param>
/// <param name="most">How many bytes it may have.</param>
/// <param name="tooMuch">What to say when it has more.</param>
/// <param name="atEnd">Looks at the length and the CRC-32 at the end, and throws when they are not right.</param>
internal sealed class CheckedStream(Stream inner, string name, long most, Func<SourceException> tooMuch, Action<long, uint> atEnd)
    : ForwardStream(inner)
{
    private readonly Crc32 crc = new();
    private long read;
    private bool ended;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int got;
        try
        {
            got = Inner.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw PackageRefusal.Package(
                $"{name} in the package is damaged: it can't be unpacked to its end. Make the package anew and send it again.",
                e
            );
        }
        catch (IOException e)
        {
            throw PackageRefusal.NotYet($"{name} could not be read to its end. Try again; if it stays so, tell the operator of Rollbook.", e);
        }

        read += got;
        if (read > most)
        {
            throw tooMuch();
        }

        crc.Append(buffer[..got]);
        if (got == 0 && buffer.Length > 0 && !ended)
        {
            ended = true;
            atEnd(read, crc.GetCurrentHashAsUInt32());
        }

        return got;
    }
}
