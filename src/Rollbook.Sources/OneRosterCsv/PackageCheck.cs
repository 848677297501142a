using System.Globalization;
using System.Runtime.CompilerServices;
using Rollbook.Model;
using Rollbook.Sources.OneRosterCsv.Format;
using Rollbook.Sources.OneRosterCsv.Packages;
using Rollbook.Sources.OneRosterCsv.Reading;
using Rollbook.Sources.Sftp;

namespace Rollbook.Sources.OneRosterCsv;

/// <summary>
/// Tests a package step by step: settings, whether it is there and whole, its manifest and headers, and every file to its end. Each step needs the one before, so the first
/// that fails is the part that is wrong.
/// </summary>
internal static class PackageCheck
{
    // Keys do not matter here.
    private static readonly IdScope AnyScope = new("", "", Family.Org);

    /// <summary>The steps as they are done; ends with the one that fails. Throws only when cancelled.</summary>
    public static async IAsyncEnumerable<CheckStep> RunAsync(
        SourceSettings given,
        OneRosterCsvOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var clock = new Clock(options.Time);
        CsvSettings? settings = null;
        yield return await clock.RunAsync(
            CheckPart.Settings,
            () =>
            {
                settings = CsvSettings.Parse(given);
                return Task.FromResult("The settings are in order.");
            }
        );
        if (settings is null)
        {
            yield break;
        }

        if (settings.Sftp is { } server)
        {
            var signedIn = await clock.RunAsync(
                CheckPart.Connection,
                async () =>
                {
                    using var connection = await SftpConnection.OpenAsync(server, options.Sftp, cancellationToken);
                    return $"The SFTP server {server.Host} shows the key that is entered, and lets {server.User} in.";
                }
            );
            yield return signedIn;
            if (!signedIn.Ok)
            {
                yield break;
            }
        }

        Package? package = null;
        try
        {
            yield return await clock.RunAsync(
                CheckPart.Package,
                async () =>
                {
                    package = await PackageSource.OpenAsync(given, settings, options, cancellationToken);
                    return FormattableString.Invariant(
                        $"{package.Name} is there and whole: {package.Entries.Count:N0} files, {Math.Max(1, package.Entries.Sum(entry => entry.Length) >> 10):N0} KB unpacked."
                    );
                }
            );
            if (package is null)
            {
                yield break;
            }

            var log = new FindingLog();
            Contents? contents = null;
            yield return await clock.RunAsync(
                CheckPart.Files,
                () =>
                    Task.Run(
                        () =>
                        {
                            contents = Contents.Read(package, settings.Mode, log);
                            return Describe(contents);
                        },
                        cancellationToken
                    )
            );
            if (contents is null)
            {
                yield break;
            }

            var reading = new PackageReading(contents, _ => AnyScope, log);
            var deviations = 0L;
            foreach (var collection in Collections.InOrder)
            {
                var step = await clock.RunAsync(
                    CheckPart.Files,
                    () => Task.Run(() => ReadThrough(reading, collection, ref deviations, cancellationToken), cancellationToken)
                );
                yield return step;
                if (!step.Ok)
                {
                    yield break;
                }
            }

            yield return new CheckStep(CheckPart.Files, Ok: true, Summary(deviations), Remedy: null, clock.Total);
            yield return new CheckStep(CheckPart.Files, Ok: true, OneRoster.ConnectionCheck.Success, Remedy: null, clock.Total);
        }
        finally
        {
            package?.Dispose();
        }
    }

    private static string Summary(long deviations) =>
        deviations switch
        {
            0 => "The files keep to OneRoster in every place.",
            1 => "The files deviate from OneRoster in one place, which an import reports and does not stop for.",
            _ => FormattableString.Invariant(
                $"The files deviate from OneRoster in {deviations:N0} places, which an import reports by rule and does not stop for."
            ),
        };

    private static string Describe(Contents contents)
    {
        var bulk = contents.Files.Count(file => file.IsBulk);
        var delta = contents.Files.Count - bulk;
        var modes = (bulk, delta) switch
        {
            (_, 0) => "all bulk",
            (0, _) => "all delta: what is not in them stays as it is",
            _ => FormattableString.Invariant($"{bulk} bulk and {delta} delta"),
        };
        var from = contents.Manifest.System is { Length: > 0 and <= 100 } system ? $" from {system}" : "";
        return FormattableString.Invariant(
            $"OneRoster {contents.Version}{from}, {contents.Files.Count} files of the roster, {modes}; the headers are in order."
        );
    }

    private static string ReadThrough(PackageReading reading, Collection collection, ref long deviations, CancellationToken cancellationToken)
    {
        var file = CsvFiles.Of(collection).FileName;
        var text = $"{file} is not in the package.";
        foreach (var message in reading.Read(collection, checkpoint: null, cancellationToken))
        {
            switch (message)
            {
                case SourceMessage.Batch { Records: var batch }:
                    batch.Dispose();
                    break;
                case SourceMessage.Findings findings:
                    deviations += findings.Items.Sum(finding => finding.Count);
                    break;
                case SourceMessage.Complete complete:
                    text = $"{file} was read to its end: {Count(complete.Read)}.";
                    break;
                case SourceMessage.Changes { Read: > 0 } changes:
                    text = $"{file} was read to its end: {Count(changes.Read)} that changed.";
                    break;
            }
        }

        return text;

        static string Count(long records) => records == 1 ? "1 record" : string.Create(CultureInfo.InvariantCulture, $"{records:N0} records");
    }

    /// <summary>Runs the steps and turns their failures into what the person sees.</summary>
    private sealed class Clock(TimeProvider time)
    {
        private readonly long began = time.GetTimestamp();

        internal TimeSpan Total => time.GetElapsedTime(began);

        internal async Task<CheckStep> RunAsync(CheckPart part, Func<Task<string>> step)
        {
            var start = time.GetTimestamp();
            try
            {
                return new CheckStep(part, Ok: true, await step(), Remedy: null, time.GetElapsedTime(start));
            }
            catch (SourceException failure)
            {
                return new CheckStep(failure.Part, Ok: false, failure.Message, RemedyFor(failure), time.GetElapsedTime(start));
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

        private static string RemedyFor(SourceException failure) =>
            failure.Part switch
            {
                CheckPart.Settings => "Correct the setting that the message names.",
                CheckPart.Host => "Check the spelling of the SFTP host, and that this server can resolve names.",
                CheckPart.HostKey => "Compare the fingerprint with what whoever runs the server tells you, and enter it as SFTP host key.",
                CheckPart.Credentials => "Enter the SFTP user, and the password or the private key, anew.",
                CheckPart.Connection => "Check SFTP host and port, and that firewalls on both sides let this server through.",
                CheckPart.Package when failure.Failure == SourceFailure.Transient => "Put the package there whole, then test again.",
                CheckPart.Package or CheckPart.Files => "Have the package made anew as the message says, then test again.",
                var part => OneRoster.Remedies.For(part),
            };
    }
}
