using System.Globalization;
using Rollbook.Model;
using Rollbook.Sources;

namespace Rollbook.Sync.Guard;

/// <summary>
/// Guards that no setting switches off (sync-safety.md section 3): a collection that comes back empty or short while more of it is known is a
/// broken read, not a deletion.
/// </summary>
internal static class Guards
{
    /// <summary>Why a collection that was read to its end is not to be believed; null when it is.</summary>
    internal static string? Refuse(SourceMessage.Complete complete, int keptBefore, bool bulk)
    {
        var name = Collections.NameOf(complete.Collection);
        if (bulk && complete.Read == 0 && keptBefore > 0)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"The SIS sent no {name} at all, and Rollbook has {keptBefore:N0} of them from the last import. Nothing was changed. Check in the SIS whether they are still there, then run the import again."
            );
        }

        if (bulk && complete.Expected > complete.Read && keptBefore > complete.Read)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"The SIS said it has {complete.Expected:N0} {name} but sent {complete.Read:N0}, and Rollbook has {keptBefore:N0} from the last import. Nothing was changed. Run the import again; if it happens again, ask the SIS's support why pages are missing."
            );
        }

        return null;
    }

    /// <summary>What to tell a person about a collection that was believed although its total says more; null when there is nothing.</summary>
    internal static string? Remark(SourceMessage.Complete complete) =>
        complete.Expected > complete.Read
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"The SIS said it has {complete.Expected:N0} {Collections.NameOf(complete.Collection)} but sent {complete.Read:N0}."
            )
            : null;

    /// <summary>What to tell a person when records came without an ID while known ones did not come; null when all came.</summary>
    internal static string? Remark(Collection collection, long nameless, int unmet) =>
        unmet == 0
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{nameless:N0} of the {Collections.NameOf(collection)} came without a sourcedId, and {unmet:N0} that Rollbook knows did not come. Since they may be the same, none was removed. Ask the SIS's support to give every record its sourcedId."
            );
}

/// <summary>A read that a guard refused.</summary>
internal sealed class GuardException(string message) : Exception(message);
