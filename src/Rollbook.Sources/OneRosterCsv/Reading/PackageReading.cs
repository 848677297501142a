using System.Globalization;
using System.Runtime.CompilerServices;
using Rollbook.Model;
using Rollbook.Sources.OneRosterCsv.Format;

namespace Rollbook.Sources.OneRosterCsv.Reading;

/// <summary>Reads a package, collection by collection, as messages of a source. One row is in memory at a time, and those of a batch.</summary>
internal sealed class PackageReading(Contents contents, Func<Family, IdScope> ids, FindingLog log)
{
    private const string TokenVersion = "csv1";

    private readonly References references = new(contents, ids);

    /// <summary>A collection's messages, the last being its end.</summary>
    /// <exception cref="SourceException">The read failed; thrown while enumerating.</exception>
    public IEnumerable<SourceMessage> Read(Collection collection, string? checkpoint, CancellationToken cancellationToken)
    {
        if (contents[CsvFiles.Of(collection)] is not { } file)
        {
            return Missing(collection);
        }

        return ReadFile(collection, file, checkpoint, cancellationToken);
    }

    /// <summary>
    /// The same, with the users of a package of changes of 1.2 put together from their files and from what the source said before.
    /// </summary>
    /// <exception cref="SourceException">The read failed; thrown while enumerating.</exception>
    public async IAsyncEnumerable<SourceMessage> ReadAsync(
        Collection collection,
        string? checkpoint,
        RecordsBefore before,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (collection != Collection.Users || !contents.HasUserChanges)
        {
            foreach (var message in Read(collection, checkpoint, cancellationToken))
            {
                yield return message;
            }

            yield break;
        }

        var changes = new UserChanges(before, UserParts.Read(contents, references, log, cancellationToken));
        var read = 0L;
        foreach (var message in Read(collection, checkpoint, cancellationToken))
        {
            switch (message)
            {
                case SourceMessage.Batch { Records: var batch }:
                    yield return new SourceMessage.Batch(collection, await changes.CompleteAsync(batch, cancellationToken));
                    break;
                case SourceMessage.Changes end:
                    read += end.Read;
                    break;
                default:
                    yield return message;
                    break;
            }
        }

        await foreach (var batch in changes.RestAsync(cancellationToken))
        {
            read += batch.Records.Count;
            yield return new SourceMessage.Batch(collection, batch);
        }

        yield return new SourceMessage.Changes(collection, read);
    }

    private IEnumerable<SourceMessage> Missing(Collection collection)
    {
        if (log.Take() is { Count: > 0 } found)
        {
            yield return new SourceMessage.Findings(collection, found);
        }

        yield return contents.HasChangesOnly
            ? new SourceMessage.Changes(collection, 0)
            : new SourceMessage.Unavailable(
                collection,
                $"The package has no {CsvFiles.Of(collection).FileName}. What is known of {Collections.NameOf(collection)} stays as it is."
            );
    }

    private IEnumerable<SourceMessage> ReadFile(Collection collection, PackageFile file, string? checkpoint, CancellationToken cancellationToken)
    {
        var name = Collections.NameOf(collection);
        var skip = ResumeAfter(checkpoint);
        if (checkpoint is not null && skip is null)
        {
            yield return new SourceMessage.Notice(
                collection,
                $"The package is another one than at the checkpoint; {name} were read from the beginning."
            );
        }

        var roles =
            collection == Collection.Users && contents.HasRolesApart && file.IsBulk
                ? UserRoles.Read(contents, references, log, cancellationToken)
                : null;
        using var table = CsvTable.Open(contents, file, log);
        using var builder = new RecordBuilder(file, table, references, log, roles);
        for (var isThere = true; isThere; )
        {
            string? rejected = null;
            isThere = table.Next(cancellationToken);
            if (isThere)
            {
                rejected = builder.Take(isShown: table.Count > (skip ?? 0));
            }

            if ((!isThere || builder.IsFull) && builder.TakeBatch() is { } batch)
            {
                yield return new SourceMessage.Batch(collection, batch);
                yield return new SourceMessage.Progress(collection, builder.Read, Expected: null);
                yield return new SourceMessage.Checkpoint(collection, TokenOf(table.Count));
            }

            if (rejected is not null)
            {
                var line = table.Rows.Line.ToString("N0", CultureInfo.InvariantCulture);
                yield return new SourceMessage.Rejected(collection, null, $"Line {line} of {file.Entry.Name} can't be taken: {rejected}.");
            }
        }

        table.End();
        references.End(file, log);
        if (contents[CsvFiles.Roles] is { } rolesFile && file.IsBulk)
        {
            roles?.End(rolesFile, log);
        }

        if (log.Take() is { Count: > 0 } found)
        {
            yield return new SourceMessage.Findings(collection, found);
        }

        yield return file.IsBulk
            ? new SourceMessage.Complete(collection, builder.Read, Expected: null)
            : new SourceMessage.Changes(collection, builder.Read);
    }

    private string TokenOf(long rows) => string.Create(CultureInfo.InvariantCulture, $"{TokenVersion}/{contents.Package.Fingerprint}/{rows}");

    private long? ResumeAfter(string? checkpoint) =>
        checkpoint?.Split('/') is [TokenVersion, var fingerprint, var rows]
        && fingerprint.Equals(contents.Package.Fingerprint, StringComparison.Ordinal)
        && long.TryParse(rows, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
