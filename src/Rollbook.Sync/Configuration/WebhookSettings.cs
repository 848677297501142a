namespace Rollbook.Sync.Configuration;

/// <summary>Where a district wants to be told by a call what its people are told (docs/guide/notifications.md).</summary>
/// <param name="Url">The address that is called.</param>
public sealed record WebhookSettings(string Url)
{
    /// <summary>The setting that is kept as a secret: with it the calls are signed.</summary>
    public const string Secret = "webhook.secret";

    /// <summary>Whose secret it is, where secrets go by app and setting: no app's, but the district's.</summary>
    public const string Owner = "";

    /// <summary>How many characters a secret has at least.</summary>
    public const int ShortestSecret = 24;

    /// <summary>The name under which the secret is kept.</summary>
    public static string SecretName => SecretSettings.NameOf(Owner, Secret);

    /// <summary>Why an address can't be called, for a person; null when it can.</summary>
    public static string? RefuseUrl(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed)
        && parsed.Scheme is "https" or "http"
        && parsed.Host.Length > 0
        && parsed.UserInfo.Length == 0
        && parsed.Fragment.Length == 0
            ? null
            : "expected an address that begins with https:// (or http:// inside the district's own network), without a user name or a fragment.";

    /// <summary>Why a secret can't be used, for a person; null when it can.</summary>
    public static string? RefuseSecret(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return secret.Length >= ShortestSecret && secret.All(char.IsAscii) && !secret.Any(char.IsWhiteSpace)
            ? null
            : $"expected at least {ShortestSecret} letters, digits and signs without a space. A good one is made by: openssl rand -base64 32";
    }
}
