namespace Rollbook.Sources;

/// <summary>A connector to which a person may hand a package of files, which it keeps and reads at each import until it is given another.</summary>
public interface IAcceptsPackages
{
    /// <summary>Whether settings leave it to a person to hand packages over; else they name a place from which they are taken.</summary>
    bool TakesPackages(SourceSettings settings);

    /// <summary>The package that is kept for an app; null when there is none.</summary>
    KeptPackage? Kept(SourceOwner owner);

    /// <summary>
    /// Takes a package and, once it is whole and safe to open and its headers are in order, keeps it in the place of the one before. What is refused leaves that as it was.
    /// </summary>
    /// <exception cref="SourceException">It is refused; the message says why and what to do.</exception>
    Task<KeptPackage> ReceiveAsync(SourceSettings settings, Stream package, CancellationToken cancellationToken);

    /// <summary>Removes the package that is kept for an app, with those of its rehearsals; or that of the rehearsal which the owner names.</summary>
    void Forget(SourceOwner owner);
}

/// <summary>A package that a person handed over.</summary>
/// <param name="ReceivedAt">When.</param>
/// <param name="Bytes">Its size.</param>
public sealed record KeptPackage(DateTimeOffset ReceivedAt, long Bytes);
