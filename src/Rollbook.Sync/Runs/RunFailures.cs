using System.Data.Common;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Derive.Schools;
using Rollbook.Sync.Guard;

namespace Rollbook.Sync.Runs;

/// <summary>Turns what stopped a run into what a person is told.</summary>
internal static class RunFailures
{
    /// <summary>The part that failed is Rollbook itself.</summary>
    internal const string Program = "program";

    internal static RunFailure Of(Exception exception) =>
        exception switch
        {
            SourceException source => new RunFailure(PartName(source.Part), source.Message, Retry: source.Failure == SourceFailure.Transient),
            GuardException guard => new RunFailure("guard", guard.Message, Retry: true),
            SchoolsMappingException mapping => new RunFailure("schoolsMapping", mapping.Message, Retry: false),
            IOException io when io.HResult is DiskFull => new RunFailure(
                "disk",
                "There is no room left on the disk of the Rollbook server. Nothing was published. Make room, then run the import again.",
                Retry: true
            ),
            DbException full when StorageFailure.IsDiskFull(full) => new RunFailure(
                "disk",
                "There is no room left on the disk of Rollbook's database. Nothing was published. Make room, then run the import again.",
                Retry: true
            ),
            DbException { IsTransient: true } => new RunFailure(
                "database",
                "The database could not be reached or was busy for too long. Nothing was published. See that it runs, then run the import again.",
                Retry: true
            ),
            _ => new RunFailure(
                Program,
                $"Rollbook could not go on ({exception.GetType().Name}). Nothing was published and nothing was lost. The server's log has the details; please report them.",
                Retry: false
            ),
        };

    /// <summary>The program ended while the run was at work.</summary>
    internal static RunFailure CutOff(RunPurpose purpose) =>
        new(
            Program,
            purpose switch
            {
                RunPurpose.Removal => "Rollbook was stopped while this removal ran. Nothing was removed. Start it again.",
                RunPurpose.Rollback => "Rollbook was stopped while this rollback was being prepared. The roster is as it was. Start it again.",
                _ => "Rollbook was stopped while this import ran. Nothing of it was published and nothing was lost. Run the import again.",
            },
            Retry: true
        );

    /// <summary>The roster moved on between reading it and publishing.</summary>
    internal static RunFailure Overtaken(RunPurpose purpose) =>
        new(
            Program,
            purpose switch
            {
                RunPurpose.Removal =>
                    "The roster was changed by someone else while this removal was being published. Nothing was removed. Start it again.",
                RunPurpose.Rollback =>
                    "The roster was changed by someone else while this rollback was being published. Nothing of it was published. Accept it again.",
                _ =>
                    "The roster was changed by someone else while this import was being published. Nothing of it was published. Run the import again.",
            },
            Retry: true
        );

    private const int DiskFull = 28;

    private static string PartName(CheckPart part)
    {
        var name = part.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
