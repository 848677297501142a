using System.Net.Http.Headers;

namespace Rollbook.Sources.OneRoster;

/// <summary>How a connection shows the API who asks.</summary>
internal interface ISignIn : IDisposable
{
    /// <summary>Sends a request with what lets it in, again where a refusal may be overcome, and passes on every answer but a refusal.</summary>
    /// <param name="send">Sends it, given the header for the address that it goes to: after a redirect that may be another.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SourceException">The credentials or the URL are wrong.</exception>
    /// <exception cref="RequestFailure">No answer.</exception>
    Task<HttpResponseMessage> SendAsync(
        Func<Func<Uri, AuthenticationHeaderValue>, Task<HttpResponseMessage>> send,
        CancellationToken cancellationToken
    );
}
