namespace Rollbook.Sources.OneRoster;

/// <summary>Runs the steps of a test within their time and turns their failures into what the person sees.</summary>
internal sealed class StepClock(OneRosterOptions options)
{
    private readonly long began = options.Time.GetTimestamp();

    /// <summary>Since the first step.</summary>
    public TimeSpan Total => options.Time.GetElapsedTime(began);

    /// <summary>Runs a step; the part a failure names may be another than the one looked at.</summary>
    /// <param name="part">The part looked at.</param>
    /// <param name="step">Gives what was found.</param>
    /// <param name="cancellationToken">The only thing that makes it throw.</param>
    public async Task<CheckStep> RunAsync(CheckPart part, Func<CancellationToken, Task<string>> step, CancellationToken cancellationToken)
    {
        var start = options.Time.GetTimestamp();
        using var late = new CancellationTokenSource(options.CheckTimeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return new CheckStep(part, true, await step(either.Token), null, options.Time.GetElapsedTime(start));
        }
        catch (CheckFailure failure)
        {
            return Failed(failure.Part ?? part, failure.Message, failure.Remedy);
        }
        catch (SourceException failure)
        {
            return Failed(failure.Part, failure.Message, Remedies.For(failure.Part));
        }
        catch (RequestFailure failure)
        {
            return Failed(failure.Part, $"The request failed: {failure.Message}", Remedies.For(failure.Part));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed(part, $"No answer within {options.CheckTimeout.TotalSeconds:0} seconds.", Remedies.For(part));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The person gets an answer whatever happens; the kind of exception tells the rest to whoever they ask.
            return Failed(part, $"The step failed in a way that was not foreseen ({failure.GetType().Name}).", Remedies.For(part));
        }

        CheckStep Failed(CheckPart at, string text, string remedy) => new(at, false, text, remedy, options.Time.GetElapsedTime(start));
    }
}

/// <summary>A step that failed, with its own remedy.</summary>
/// <param name="part">The part that is wrong; null for the one looked at.</param>
/// <param name="text">What was found.</param>
/// <param name="remedy">What to do.</param>
internal sealed class CheckFailure(CheckPart? part, string text, string remedy) : Exception(text)
{
    public CheckPart? Part => part;

    public string Remedy => remedy;
}

/// <summary>What to do about a part when nothing more is known.</summary>
internal static class Remedies
{
    public static string For(CheckPart part) =>
        part switch
        {
            CheckPart.Settings => "Correct the setting that the message names.",
            CheckPart.Host => "Check the spelling of the host in the URL, and that this server can resolve names.",
            CheckPart.Connection => "Check host and port in the URL, and that firewalls on both sides let this server through.",
            CheckPart.Certificate =>
                "Enter the host name the certificate is for, or paste the certificate of the authority that issued it as the CA certificate.",
            CheckPart.TokenUrl => "Enter the Token URL that the SIS shows for this client.",
            CheckPart.Credentials => "Enter client ID and client secret anew, as the SIS shows them for this client.",
            CheckPart.Scope =>
                "Set the scope to default, or enter the one that the SIS shows for this client; ask the SIS's administrator to grant it.",
            CheckPart.ApiUrl => "Enter the API URL that the SIS shows for this client.",
            CheckPart.Licence => "Ask the SIS's administrator, or its vendor, for the OneRoster licence and the permissions of this client.",
            _ => "Try again later; if it stays so, tell the SIS's administrator.",
        };
}
