using Rollbook.Model;

namespace Rollbook.Sources.OneRoster;

/// <summary>
/// Finds out which version of OneRoster a source speaks, where the settings do not say: 1.1 if it answers, else 1.2. Only an answer that says that nothing is there speaks against
/// a version; a source that is down for a moment is waited for, since the versions name people differently.
/// </summary>
internal static class VersionSearch
{
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

        OneRosterVersion? closed = null;
        SourceException? elsewhere = null;
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
                closed ??= version;
            }
            catch (RequestFailure failure) when (failure.Fault is Fault.NotFound or Fault.WebPage or Fault.ErrorBody or Fault.BadRequest)
            {
                // Nothing there that speaks OneRoster; the next version may be it.
                continue;
            }
            catch (RequestFailure failure)
            {
                throw failure.ToSourceException("orgs");
            }
            catch (SourceException failure) when (failure.Part is CheckPart.ApiUrl or CheckPart.TokenUrl || connection.Settings.TokenUrlIsGuessed)
            {
                // A token URL that is looked for lies below the API URL, and a gateway may refuse everybody at an address that it does not know.
                elsewhere ??= failure;
            }
        }

        return closed is null && elsewhere is not null ? throw elsewhere : closed;
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
