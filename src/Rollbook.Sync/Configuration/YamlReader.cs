using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Rollbook.Sync.Configuration;

/// <summary>Reads YAML strictly: every key must be asked for, and whatever is wrong is noted with its line, all of it in one go.</summary>
internal sealed class YamlReader(string file)
{
    internal List<ConfigurationError> Errors { get; } = [];

    internal YamlMappingNode? ReadDocument(string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents.Count == 1 && stream.Documents[0].RootNode is YamlMappingNode root)
            {
                return root;
            }

            Errors.Add(new ConfigurationError(file, 1, "", "expected one document with the keys district and apps."));
        }
        catch (YamlException exception)
        {
            var reason = (exception.InnerException ?? exception).Message;
            Errors.Add(new ConfigurationError(file, (int)Math.Max(1, exception.Start.Line), "", $"this is not YAML that can be read: {reason}"));
        }

        return null;
    }

    /// <summary>Notes an error.</summary>
    /// <param name="node">What is refused.</param>
    /// <param name="path">Its key.</param>
    /// <param name="message">What was expected.</param>
    /// <param name="below">How many lines below the node's first the error stands.</param>
    internal void Refuse(YamlNode node, string path, string message, int below = 0) =>
        Errors.Add(new ConfigurationError(file, Line(node) + below, path, message));

    /// <summary>The members of a mapping; none, and an error, for anything else.</summary>
    internal IEnumerable<(string Key, YamlNode KeyNode, YamlNode Value)> Members(YamlNode node, string path)
    {
        if (node is not YamlMappingNode mapping)
        {
            Refuse(node, path, "expected keys with values below it.");
            yield break;
        }

        foreach (var (key, value) in mapping.Children)
        {
            yield return (key is YamlScalarNode scalar ? scalar.Value ?? "" : "", key, value);
        }
    }

    /// <summary>The items of a list; none, and an error, for anything else.</summary>
    internal IEnumerable<YamlNode> Items(YamlNode node, string path)
    {
        if (node is YamlSequenceNode list)
        {
            return list.Children;
        }

        Refuse(node, path, $"expected a list, found {Shown(node)}.");
        return [];
    }

    /// <summary>The node at the end of some keys below a mapping; null when there is none.</summary>
    internal static YamlNode? Find(YamlNode node, params ReadOnlySpan<string> keys)
    {
        YamlNode? at = node;
        foreach (var key in keys)
        {
            at = at is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(key), out var below) ? below : null;
        }

        return at;
    }

    /// <summary>A list of texts; an error for each item that is none.</summary>
    internal IEnumerable<string> Texts(YamlNode node, string path) => Items(node, path).Select(item => Text(item, path)).OfType<string>();

    /// <summary>Text; null, and an error, for anything else.</summary>
    internal string? Text(YamlNode node, string path)
    {
        if (node is YamlScalarNode scalar)
        {
            return scalar.Value ?? "";
        }

        Refuse(node, path, "expected text.");
        return null;
    }

    /// <summary>true or false; null, and an error, for anything else.</summary>
    internal bool? Flag(YamlNode node, string path)
    {
        switch ((node as YamlScalarNode)?.Value?.ToUpperInvariant())
        {
            case "TRUE" or "YES" or "ON":
                return true;
            case "FALSE" or "NO" or "OFF":
                return false;
            default:
                Refuse(node, path, $"expected true or false, found {Shown(node)}.");
                return null;
        }
    }

    /// <summary>A node as it may be shown in a message.</summary>
    internal static string Shown(YamlNode node) =>
        node switch
        {
            YamlScalarNode { Value: { Length: <= 60 } value } => $"\"{value}\"",
            YamlScalarNode => "a long text",
            YamlSequenceNode => "a list",
            _ => "keys with values",
        };

    /// <summary>Refuses a key that nobody knows, with the nearest known one.</summary>
    internal void UnknownKey(YamlNode keyNode, string path, string key, IReadOnlyCollection<string> known)
    {
        var near = known.OrderBy(name => Distance(name, key)).FirstOrDefault(name => Distance(name, key) <= 3);
        var hint = near is null ? $"known here are {string.Join(", ", known)}." : $"did you mean {near}?";
        Refuse(keyNode, path, $"there is no key \"{key}\" here; {hint}");
    }

    private static int Line(YamlNode node) => (int)Math.Max(1, Convert.ToInt64(node.Start.Line, CultureInfo.InvariantCulture));

    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var above = row[j];
                var same = char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]);
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (same ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
