using System.Runtime.CompilerServices;

namespace Rollbook.Sources.OneRoster;

/// <summary>
/// Tests a connection from the outside in: name, port, certificate, token, API, roster. Each step needs the one before, so the first that fails
/// is the part that is wrong.
/// </summary>
internal static class ConnectionCheck
{
    /// <summary>The text of the last step when nothing is wrong.</summary>
    public const string Success = "Connection is OK";

    /// <summary>The steps as they are done; ends with the one that fails. Throws only when cancelled.</summary>
    public static async IAsyncEnumerable<CheckStep> RunAsync(
        SourceSettings given,
        OneRosterOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var clock = new StepClock(options);
        OneRosterSettings? settings = null;
        var read = await clock.RunAsync(
            CheckPart.Settings,
            _ =>
            {
                settings = OneRosterSettings.Parse(given);
                return Task.FromResult($"The settings are in order; the API is at {settings.Api}.");
            },
            cancellationToken
        );
        yield return read;
        if (settings is null)
        {
            yield break;
        }

        // A test asks once: trying again would only hide what the person should know, and take longer than seconds.
        using var connection = new OneRosterConnection(
            settings,
            options with
            {
                ConnectTimeout = options.CheckTimeout,
                ReadTimeout = options.CheckTimeout,
                Tries = 1,
            }
        );
        foreach (var step in Steps(connection, options))
        {
            var done = await clock.RunAsync(step.Part, step.Run, cancellationToken);
            yield return done;
            if (!done.Ok)
            {
                yield break;
            }
        }

        yield return new CheckStep(CheckPart.Roster, true, Success, null, clock.Total);
    }

    private static IEnumerable<(CheckPart Part, Func<CancellationToken, Task<string>> Run)> Steps(
        OneRosterConnection connection,
        OneRosterOptions options
    )
    {
        var hosts = new HostCheck(connection.Settings, options);
        yield return (CheckPart.Host, hosts.ResolveAsync);
        yield return (CheckPart.Connection, hosts.ConnectAsync);
        yield return (CheckPart.Certificate, hosts.AgreeAsync);
        var tokens = new TokenCheck(connection);
        yield return (CheckPart.TokenUrl, tokens.AskAsync);
        yield return (CheckPart.Credentials, tokens.CredentialsAsync);
        yield return (CheckPart.Scope, tokens.ScopeAsync);
        var roster = new RosterCheck(connection);
        yield return (CheckPart.ApiUrl, roster.FindAsync);
        yield return (CheckPart.Licence, roster.LicenceAsync);
        foreach (var collection in Model.Collections.InOrder)
        {
            yield return (CheckPart.Roster, stop => roster.ReadAsync(collection, stop));
        }
    }
}
