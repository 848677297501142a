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
                return Task.FromResult(
                    settings.VersionIsOpen
                        ? $"The settings are in order; which OneRoster version is spoken at {settings.Api.Root} is found out below."
                        : $"The settings are in order; the API is at {settings.Api}."
                );
            },
            cancellationToken
        );
        yield return read;
        if (settings is null)
        {
            yield break;
        }

        // A test asks once: trying again would only hide what the person should know, and take longer than seconds.
        var once = options with
        {
            ConnectTimeout = options.CheckTimeout,
            ReadTimeout = options.CheckTimeout,
            Tries = 1,
        };
        var hosts = new HostCheck(settings, options);
        List<(CheckPart Part, Func<CancellationToken, Task<string>> Run)> first =
        [
            (CheckPart.Host, hosts.ResolveAsync),
            (CheckPart.Connection, hosts.ConnectAsync),
            (CheckPart.Certificate, hosts.AgreeAsync),
        ];
        if (settings.VersionIsOpen)
        {
            first.Add(
                (
                    CheckPart.ApiUrl,
                    async stop =>
                    {
                        var found = await VersionSearch.FindAsync(given, once, stop);
                        settings = OneRosterSettings.Parse(given, found);
                        return found is null
                            ? $"No version of OneRoster was found; what answers at {settings.Api} is told below."
                            : $"OneRoster {settings.Api.Version.Name()} was found; the API is at {settings.Api}.";
                    }
                )
            );
        }

        foreach (var step in first)
        {
            var done = await clock.RunAsync(step.Part, step.Run, cancellationToken);
            yield return done;
            if (!done.Ok)
            {
                yield break;
            }
        }

        using var connection = new OneRosterConnection(settings, once);
        foreach (var step in Steps(connection))
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

    // A token tells of the credentials before the API is asked; a signature is looked at by the API itself, which names wrong credentials in the step that asks it first.
    private static IEnumerable<(CheckPart Part, Func<CancellationToken, Task<string>> Run)> Steps(OneRosterConnection connection)
    {
        if (connection.SignIn is TokenSignIn { Tokens: var source })
        {
            var tokens = new TokenCheck(source);
            yield return (CheckPart.TokenUrl, tokens.AskAsync);
            yield return (CheckPart.Credentials, tokens.CredentialsAsync);
            yield return (CheckPart.Scope, tokens.ScopeAsync);
        }

        var roster = new RosterCheck(connection);
        yield return (CheckPart.ApiUrl, roster.FindAsync);
        if (connection.SignIn is SignatureSignIn signatures)
        {
            yield return (CheckPart.Credentials, _ => Task.FromResult(signatures.Describe()));
        }

        yield return (CheckPart.Licence, roster.LicenceAsync);
        foreach (var collection in Model.Collections.InOrder)
        {
            yield return (CheckPart.Roster, stop => roster.ReadAsync(collection, stop));
        }
    }
}
