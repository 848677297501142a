using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Rollbook.Sync.Configuration;

/// <summary>Values that the configuration file has in environment variables: <c>${env:NAME}</c>. A secret is there always.</summary>
internal static partial class NamedSecrets
{
    /// <summary>The text, or what the variable that it names holds; null, and an error, for a variable that is not set and for a secret that is written.</summary>
    internal static string? Resolve(this Func<string, string?> environment, YamlReader yaml, YamlNode node, string path, string text, bool secret)
    {
        var match = Variable().Match(text);
        if (!match.Success)
        {
            if (secret)
            {
                yaml.Refuse(node, path, "a secret is named, never written: put it into an environment variable and write ${env:NAME_OF_IT} here.");
                return null;
            }

            return text;
        }

        var value = environment(match.Groups["name"].Value);
        if (string.IsNullOrEmpty(value))
        {
            yaml.Refuse(node, path, $"the environment variable {match.Groups["name"].Value} is not set.");
            return null;
        }

        return value;
    }

    [GeneratedRegex(@"^\$\{env:(?<name>[A-Za-z_][A-Za-z0-9_]*)\}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Variable();
}
