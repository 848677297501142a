namespace Rollbook.Sources.OneRoster;

/// <summary>Reads a web address that a person pasted.</summary>
internal static class WebAddress
{
    /// <summary>The address without query and fragment; https, or http on this machine.</summary>
    /// <exception cref="SourceException">It is no address that may be used.</exception>
    public static Uri Parse(string? pasted, string label, CheckPart part)
    {
        var text = pasted is null ? "" : string.Concat(pasted.Where(c => !char.IsWhiteSpace(c) && !char.IsControl(c)));
        if (text.Length == 0)
        {
            throw Refuse(part, $"The {label} is empty. Enter the {label} that your SIS shows for this client.");
        }

        if (!text.Contains("://", StringComparison.Ordinal))
        {
            text = "https://" + text;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.Scheme is not ("https" or "http"))
        {
            throw Refuse(part, $"The {label} is not a web address. Enter it as https://host/folder.");
        }

        if (uri.UserInfo.Length > 0)
        {
            throw Refuse(part, $"The {label} has a user name or password in it. Take them out; the client ID and secret have their own fields.");
        }

        if (uri.Scheme is "http" && !uri.IsLoopback)
        {
            throw Refuse(
                part,
                $"The {label} starts with http://, so the secret and the roster would cross the network in clear. Enter it with https://."
            );
        }

        return new UriBuilder(uri.Scheme, uri.IdnHost, uri.Port, uri.AbsolutePath).Uri;
    }

    private static SourceException Refuse(CheckPart part, string message) => new(SourceFailure.Configuration, part, message);
}
