using System.Runtime.CompilerServices;
using Rollbook.Sources.ActiveDirectory.Ldap;
using Rollbook.Sources.OneRoster;

namespace Rollbook.Sources.ActiveDirectory;

/// <summary>A connection to the directory that is secure and signed in.</summary>
internal static class DirectoryConnection
{
    /// <summary>Opens it.</summary>
    /// <exception cref="SourceException">It can't be had; the message says why.</exception>
    public static async Task<LdapClient> OpenAsync(DirectorySettings settings, OneRosterOptions options, CancellationToken cancellationToken)
    {
        var client = await LdapClient.ConnectAsync(settings.Host, settings.Port, options, cancellationToken);
        try
        {
            await SecureAsync(client, settings, cancellationToken);
            await client.BindAsync(settings.BindDn, settings.Password, cancellationToken);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a connection as secure as the settings say.</summary>
    public static Task SecureAsync(LdapClient client, DirectorySettings settings, CancellationToken cancellationToken) =>
        settings.Security == DirectorySecurity.None
            ? Task.CompletedTask
            : client.SecureAsync(settings.Security == DirectorySecurity.StartTls, new CertificateTrust(settings.ExtraTrust), cancellationToken);

    /// <summary>Everybody that the filter lets through below any base, each once, page by page, with its key; those without a key too.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<(string? Key, LdapEntry Entry)>> PeopleAsync(
        LdapClient client,
        DirectorySettings settings,
        IReadOnlyList<string> attributes,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var baseDn in settings.BaseDns)
        {
            await foreach (var page in client.SearchAsync(baseDn, settings.Filter, attributes, settings.PageSize, cancellationToken))
            {
                // Bases may lie in one another.
                yield return
                [
                    .. page.Select(entry => (PersonRecord.KeyOf(entry), entry)).Where(person => person.Item1 is null || seen.Add(person.Item1)),
                ];
            }
        }
    }
}
