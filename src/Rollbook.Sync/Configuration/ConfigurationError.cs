namespace Rollbook.Sync.Configuration;

/// <summary>Something in a configuration file that can't be applied.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Path">The key, dotted: <c>apps.synergy.delivery.pageSize</c>.</param>
/// <param name="Message">What was expected and what was found; never a secret.</param>
public sealed record ConfigurationError(string File, int Line, string Path, string Message)
{
    /// <summary><c>district.yaml:12: apps.synergy.delivery.pageSize: expected …</c></summary>
    public override string ToString() => FormattableString.Invariant($"{File}:{Line}: {(Path.Length == 0 ? "" : Path + ": ")}{Message}");
}

/// <summary>What reading a configuration file gave.</summary>
public abstract record ConfigurationFileResult
{
    private ConfigurationFileResult() { }

    /// <summary>It is in order.</summary>
    /// <param name="Configuration">The configuration, without secrets.</param>
    /// <param name="Secrets">The secrets in clear, by app and setting; never printed.</param>
    public sealed record Read(DistrictConfiguration Configuration, IReadOnlyDictionary<(string App, string Setting), string> Secrets)
        : ConfigurationFileResult
    {
        /// <summary>The secrets of one app, by setting.</summary>
        public IReadOnlyDictionary<string, string> SecretsOf(string app) =>
            Secrets
                .Where(secret => string.Equals(secret.Key.App, app, StringComparison.Ordinal))
                .ToDictionary(secret => secret.Key.Setting, secret => secret.Value, StringComparer.Ordinal);

        /// <summary>Nothing of the secrets.</summary>
        public override string ToString() => $"Read {Configuration.Id}";
    }

    /// <summary>It is not; nothing of it is applied.</summary>
    public sealed record Refused(IReadOnlyList<ConfigurationError> Errors) : ConfigurationFileResult;
}
