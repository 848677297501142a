using System.Runtime.CompilerServices;
using Rollbook.Sources.ActiveDirectory.Ldap;
using Rollbook.Sources.OneRoster;

namespace Rollbook.Sources.ActiveDirectory;

/// <summary>Tests a directory step by step: settings, host, TLS, sign-in, bases, and everybody in them. The first step that fails is the part that is wrong.</summary>
internal static class DirectoryCheck
{
    // What the rules need, and what is counted.
    private static readonly string[] Attributes = ["objectGUID", "memberOf", "userAccountControl"];

    /// <summary>The steps as they are done; ends with the one that fails. Throws only when cancelled.</summary>
    public static async IAsyncEnumerable<CheckStep> RunAsync(
        SourceSettings given,
        OneRosterOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        // Reading everybody takes longer than a step of a connection; each answer has its own time.
        var patient = new StepClock(options with { CheckTimeout = TimeSpan.FromHours(1) });
        var clock = new StepClock(options);
        DirectorySettings? settings = null;
        LdapClient? client = null;
        try
        {
            yield return await clock.RunAsync(
                CheckPart.Settings,
                _ =>
                {
                    settings = DirectorySettings.Parse(given);
                    return Task.FromResult("The settings are in order.");
                },
                cancellationToken
            );
            if (settings is null)
            {
                yield break;
            }

            var steps = new (CheckPart Part, StepClock Clock, Func<CancellationToken, Task<string>> Step)[]
            {
                (
                    CheckPart.Connection,
                    clock,
                    async token =>
                    {
                        client = await LdapClient.ConnectAsync(settings.Host, settings.Port, options, token);
                        return FormattableString.Invariant($"{settings.Host} takes connections at port {settings.Port}.");
                    }
                ),
                (
                    CheckPart.Certificate,
                    clock,
                    async token =>
                    {
                        await DirectoryConnection.SecureAsync(client!, settings, token);
                        return settings.Security == DirectorySecurity.None
                            ? "Plain LDAP on this machine: there is no certificate to look at."
                            : "The connection is secure, and the certificate is trusted.";
                    }
                ),
                (
                    CheckPart.Credentials,
                    clock,
                    async token =>
                    {
                        await client!.BindAsync(settings.BindDn, settings.Password, token);
                        return "The directory took the Bind DN and the password.";
                    }
                ),
                (CheckPart.Roster, clock, token => FindBasesAsync(client!, settings, token)),
                (CheckPart.Roster, patient, token => CountAsync(client!, settings, token)),
            };
            foreach (var (part, timed, step) in steps)
            {
                var done = await timed.RunAsync(part, token => RemediedAsync(step, token), cancellationToken);
                yield return done;
                if (!done.Ok)
                {
                    yield break;
                }
            }

            yield return new CheckStep(CheckPart.Roster, Ok: true, ConnectionCheck.Success, Remedy: null, clock.Total);
        }
        finally
        {
            if (client is not null)
            {
                await client.DisposeAsync();
            }
        }
    }

    private static async Task<string> FindBasesAsync(LdapClient client, DirectorySettings settings, CancellationToken cancellationToken)
    {
        for (var i = 0; i < settings.BaseDns.Count; i++)
        {
            if (!await client.HasAsync(settings.BaseDns[i], cancellationToken))
            {
                throw new CheckFailure(
                    part: null,
                    FormattableString.Invariant($"Line {i + 1} of the Base DNs is not in the directory, or the account may not see it."),
                    "Correct the Base DN, or ask the directory's administrator for the right to read it."
                );
            }
        }

        return settings.BaseDns.Count == 1 ? "The Base DN is in the directory." : $"All {settings.BaseDns.Count} Base DNs are in the directory.";
    }

    private static async Task<string> CountAsync(LdapClient client, DirectorySettings settings, CancellationToken cancellationToken)
    {
        var fitting = new HashSet<RoleRule>();
        var roles = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var (found, disabled) = (0L, 0L);
        await foreach (var page in DirectoryConnection.PeopleAsync(client, settings, Attributes, cancellationToken))
        {
            found += page.Count;
            foreach (var (key, entry) in page)
            {
                if (settings.Rules.Place(entry, fitting) is { } placement && key is not null)
                {
                    roles[placement.Role] = roles.GetValueOrDefault(placement.Role) + 1;
                    disabled += PersonRecord.IsDisabled(entry) ? 1 : 0;
                }
            }
        }

        if (found == 0)
        {
            throw new CheckFailure(part: null, "The Filter lets nobody through below the Base DNs.", "Correct Filter and Base DNs.");
        }

        var sent = roles.Values.Sum();
        if (sent == 0)
        {
            throw new CheckFailure(
                part: null,
                $"The directory has {DirectoryRead.Count(found, "person", "people")}, and no rule fits any.",
                "Correct the Rules: what is before => must be written as the OUs of the people, or their groups, are."
            );
        }

        var told = string.Join(", ", roles.Select(role => DirectoryRead.Count(role.Value, role.Key, role.Key + "s")));
        var text =
            $"The rules fit {DirectoryRead.Count(sent, "person", "people")} of {found:N0}: {told}; {disabled:N0} of them disabled. The rest is not sent.";
        return DirectoryRead.Idle(settings, fitting) is { } idle ? $"{text} {idle}" : text;
    }

    private static async Task<string> RemediedAsync(Func<CancellationToken, Task<string>> step, CancellationToken cancellationToken)
    {
        try
        {
            return await step(cancellationToken);
        }
        catch (SourceException failure)
        {
            throw new CheckFailure(
                failure.Part,
                failure.Message,
                failure.Part switch
                {
                    CheckPart.Host => "Check the spelling of the Host, and that this server can resolve names.",
                    CheckPart.Connection => "Check Host, Port and Security, and that firewalls on both sides let this server through.",
                    CheckPart.Certificate =>
                        "Enter the host name the certificate is for, or paste the certificate of the authority that issued it as the CA certificate.",
                    CheckPart.Credentials => "Enter Bind DN and Password anew, or have the account looked after in the directory.",
                    var part => Remedies.For(part),
                }
            );
        }
    }
}
