using Rollbook.Sources.OneRoster;

namespace Rollbook.Sources.ActiveDirectory;

/// <summary>Active Directory, read over LDAP (synergy-oneroster.md section 8): people with their accounts, and the schools that its rules name. Nothing is ever written to it.</summary>
/// <param name="options">What the operator decides about connections; null for the defaults.</param>
public sealed class DirectoryConnector(OneRosterOptions? options = null) : IConnector
{
    private readonly OneRosterOptions options = options ?? new OneRosterOptions();

    /// <inheritdoc/>
    public string Type => "directory";

    /// <inheritdoc/>
    public GalleryEntry Gallery { get; } =
        new(
            "Active Directory",
            "Adds what your directory knows of people, such as e-mail addresses and account names, to those that your student information system has. Reads it, never writes to it.",
            [
                "An account of the directory that may read the people, with its password",
                "A domain controller that this server can reach with LDAPS or StartTLS, and the certificate of its authority",
                "The OUs or groups that tell students and staff of each school",
            ],
            ["AD", "LDAP", "LDAPS", "directory", "domain controller", "accounts", "e-mail", "Microsoft", "Samba", "OpenLDAP", "import"]
        );

    /// <inheritdoc/>
    public IReadOnlyList<SettingDefinition> Settings => DirectorySettings.All;

    /// <inheritdoc/>
    public IReadOnlyList<SettingFinding> Inspect(SourceSettings settings) => DirectorySettings.Inspect(settings);

    /// <inheritdoc/>
    public IAsyncEnumerable<CheckStep> CheckAsync(SourceSettings settings, CancellationToken cancellationToken) =>
        DirectoryCheck.RunAsync(settings, options, cancellationToken);

    /// <inheritdoc/>
    public Task<SourceSurvey> SurveyAsync(SourceSettings settings, int sample, IProgress<string> progress, CancellationToken cancellationToken) =>
        DirectorySurvey.RunAsync(settings, options, sample, progress, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<SourceMessage> ReadAsync(ReadRequest request, CancellationToken cancellationToken) =>
        DirectoryRead.ReadAsync(request, options, cancellationToken);
}
