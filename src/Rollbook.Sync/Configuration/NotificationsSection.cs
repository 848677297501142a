using YamlDotNet.RepresentationModel;

namespace Rollbook.Sync.Configuration;

/// <summary>The district's <c>notifications</c>: <c>webhook: { url, secret }</c>, the secret named by an environment variable and never written.</summary>
internal sealed class NotificationsSection(Func<string, string?> environment)
{
    private const string Path = "district.notifications";
    private const string WebhookPath = Path + ".webhook";

    internal WebhookSettings? Read(YamlReader yaml, YamlNode node, Dictionary<(string App, string Setting), string> secrets)
    {
        WebhookSettings? webhook = null;
        foreach (var (key, keyNode, value) in yaml.Members(node, Path))
        {
            if (key is "webhook")
            {
                webhook = ReadWebhook(yaml, value, secrets);
            }
            else
            {
                yaml.UnknownKey(keyNode, Path, key, ["webhook"]);
            }
        }

        return webhook;
    }

    internal static object Write(WebhookSettings webhook, string secret) =>
        new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["webhook"] = new Dictionary<string, object>(StringComparer.Ordinal) { ["url"] = webhook.Url, ["secret"] = secret },
        };

    private WebhookSettings? ReadWebhook(YamlReader yaml, YamlNode node, Dictionary<(string App, string Setting), string> secrets)
    {
        string? url = null,
            secret = null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, keyNode, value) in yaml.Members(node, WebhookPath))
        {
            seen.Add(key);
            var at = $"{WebhookPath}.{key}";
            switch (key)
            {
                case "url":
                    url = yaml.Text(value, at) is { } address ? environment.Resolve(yaml, value, at, address, secret: false) : null;
                    Refuse(yaml, value, at, url, WebhookSettings.RefuseUrl);
                    break;
                case "secret":
                    secret = yaml.Text(value, at) is { } named ? environment.Resolve(yaml, value, at, named, secret: true) : null;
                    Refuse(yaml, value, at, secret, WebhookSettings.RefuseSecret);
                    break;
                default:
                    yaml.UnknownKey(keyNode, WebhookPath, key, ["url", "secret"]);
                    break;
            }
        }

        foreach (var missing in new[] { "url", "secret" }.Except(seen, StringComparer.Ordinal))
        {
            yaml.Refuse(node, $"{WebhookPath}.{missing}", "is missing.");
        }

        if (url is null || secret is null)
        {
            return null;
        }

        secrets[(WebhookSettings.Owner, WebhookSettings.Secret)] = secret;
        return new WebhookSettings(url);
    }

    private static void Refuse(YamlReader yaml, YamlNode node, string path, string? value, Func<string, string?> refuse)
    {
        if (value is not null && refuse(value) is { } refusal)
        {
            yaml.Refuse(node, path, refusal);
        }
    }
}
