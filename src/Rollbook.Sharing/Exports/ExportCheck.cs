using Rollbook.Sources;

namespace Rollbook.Sharing.Exports;

/// <summary>Runs the steps of Test Connection and turns their failures into what the person sees.</summary>
internal sealed class ExportCheck(TimeProvider time)
{
    public async Task<CheckStep> RunAsync(CheckPart part, Func<Task<string>> step)
    {
        var start = time.GetTimestamp();
        try
        {
            return new CheckStep(part, Ok: true, await step(), Remedy: null, time.GetElapsedTime(start));
        }
        catch (SourceException failure)
        {
            return new CheckStep(failure.Part, Ok: false, failure.Message, RemedyFor(failure.Part), time.GetElapsedTime(start));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The person gets an answer whatever happens; the kind of exception tells the rest to whoever they ask.
            return new CheckStep(
                part,
                Ok: false,
                $"The step failed in a way that was not foreseen ({failure.GetType().Name}).",
                "Try again; if it stays so, tell the operator of Rollbook.",
                time.GetElapsedTime(start)
            );
        }
    }

    private static string RemedyFor(CheckPart part) =>
        part switch
        {
            CheckPart.Settings => "Correct the setting that the message names.",
            CheckPart.Host => "Check the spelling of the SFTP host, and that this server can resolve names.",
            CheckPart.HostKey => "Compare the fingerprint with what whoever runs the server tells you, and enter it as SFTP host key.",
            CheckPart.Credentials => "Enter the SFTP user, and the password or the private key, anew.",
            CheckPart.Connection => "Check SFTP host and port, and that firewalls on both sides let this server through.",
            _ => "Mend what the message says, then test again.",
        };
}
