using Rollbook.Model;

namespace Rollbook.Sources.OneRoster;

/// <summary>
/// Finds out which version of OneRoster a source speaks, where the settings do not say: 1.1 if it answers, else 1.2. Only an answer that says that nothing is there speaks against
/// a version; one that is closed to this client is there, and a source that is down for a moment is waited for, since the versions name people differently.
/// </summary>
internal static class VersionSearch
{
    /// <summary>What to do where the search stopped at 1.1 and should not have.</summary>
    public const string WhereOnly12 = "If the SIS speaks 1.2 only, set the OneRoster version to 1.2.";

    private static readonly IdScope AnyScope = new("", "", Family.Org);

    /// <summary>The version to speak; null when neither answers.</summary>
    /// <exception cref="SourceException">The settings or the credentials are wrong, or the source is down.</exception>
    public static async Task<OneRosterVersion?> FindAsync(SourceSettings given, OneRosterOptions options, CancellationToken cancellationToken)
    {
        var settings = OneRosterSettings.Parse(given);
        if (!settings.VersionIsOpen)
        {
            return settings.Api.Version;
        }

        SourceException? telling = null;
        foreach (var version in Enum.GetValues<OneRosterVersion>())
        {
            using var connection = new OneRosterConnection(OneRosterSettings.Parse(given, version), options);
            try
            {
                await AskAsync(connection, cancellationToken);
                return version;
            }
            catch (RequestFailure failure) when (failure.Fault is Fault.Forbidden)
            {
                return version;
            }
            catch (RequestFailure failure) when (failure.Fault is Fault.NotFound or Fault.WebPage or Fault.ErrorBody or Fault.BadRequest)
            {
                // Nothing there that speaks OneRoster; the next version may be it.
                continue;
            }
            catch (RequestFailure failure)
            {
                // A server of one version may fail at an address of the other.
                var isOfTheApi = failure.Part is CheckPart.Roster || connection.Settings.TokenUrlIsGuessed;
                var remedy = isOfTheApi && version is OneRosterVersion.V11 ? $" {WhereOnly12}" : "";
                throw new SourceException(
                    SourceFailure.Transient,
                    failure.Part,
                    $"Which OneRoster version the SIS speaks could not be found out: {failure.Message} Nothing was changed; try again. If it stays so, tell the SIS's administrator.{remedy}",
                    failure
                );
            }
            catch (SourceException failure)
                when (failure.Part is CheckPart.ApiUrl or CheckPart.TokenUrl or CheckPart.Scope || connection.Settings.TokenUrlIsGuessed)
            {
                // A token URL that is looked for lies below the API URL, a gateway may refuse everybody at an address that it does not know, and a scope names its version.
                telling = telling is null or { Part: CheckPart.TokenUrl } ? failure : telling;
            }
        }

        return telling is null ? null : throw telling;
    }

    /// <summary>Asks for one organisation.</summary>
    /// <exception cref="RequestFailure">It did not come.</exception>
    public static async Task AskAsync(OneRosterConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            (await GetAsync("orgs")).Dispose();
        }
        catch (RequestFailure failure) when (failure.Fault is Fault.NotFound)
        {
            (await GetAsync("schools")).Dispose();
        }

        ValueTask<Page> GetAsync(string path) =>
            new PatientPages(new PageSource(connection, new Endpoint(path, "orgs"), AnyScope) { Sorts = false }, connection.Options, limit: 1)
            {
                WaitsOutPages = false,
            }.GetAsync(0, 1, cancellationToken);
    }
}
