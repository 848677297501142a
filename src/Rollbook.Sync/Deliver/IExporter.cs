using Rollbook.Sources;
using Rollbook.Storage;

namespace Rollbook.Sync.Deliver;

/// <summary>
/// An app that takes the published roster out. It is stateless, and knows neither which version an app has nor when it is its turn: <see cref="Deliveries"/> says what to
/// deliver.
/// </summary>
public interface IExporter : IGalleryApp
{
    /// <summary>A mark of where packages go and in which form. With another one nothing counts as delivered yet. Holds no secret.</summary>
    string TargetOf(SourceSettings settings);

    /// <summary>Whether a package tells the changes since the one before rather than everything.</summary>
    bool SendsChanges(SourceSettings settings);

    /// <summary>
    /// Makes a package and puts it where it belongs, in one step: at every moment the one before is there or this one, whole. When nothing changed since
    /// <see cref="ExportRequest.Since"/>, nothing is put.
    /// </summary>
    /// <exception cref="SourceException">It could not; the message says what to do. What was there before is there still.</exception>
    Task<ExportedPackage> DeliverAsync(ExportRequest request, CancellationToken cancellationToken);

    /// <summary>Makes a package and writes it to a stream, which stays open. The same request always gives the same bytes.</summary>
    Task<ExportedPackage> WriteAsync(ExportRequest request, Stream output, CancellationToken cancellationToken);
}

/// <summary>What to export.</summary>
/// <param name="Settings">The app's settings, secrets in clear.</param>
/// <param name="Roster">The published roster.</param>
/// <param name="Version">The version.</param>
/// <param name="Since">The version from which on the changes are told; null for everything.</param>
public sealed record ExportRequest(SourceSettings Settings, IRosterStore Roster, int Version, int? Since);

/// <summary>A package.</summary>
/// <param name="Bytes">Its size; 0 when nothing was written.</param>
/// <param name="Rows">How many rows each of its files has, by the file's name; empty when there was nothing to tell.</param>
public sealed record ExportedPackage(long Bytes, IReadOnlyDictionary<string, ExportedRows> Rows);

/// <summary>How many rows a file of a package has.</summary>
/// <param name="Active">Records that are there.</param>
/// <param name="Deleted">Records that are gone, in a package of changes only.</param>
public sealed record ExportedRows(long Active, long Deleted);
