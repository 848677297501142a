using System.Globalization;
using Rollbook.Model;

namespace Rollbook.Sources.OneRoster;

/// <summary>Looks at the API: whether it is there, open to this client, and what its collections hold.</summary>
internal sealed class RosterCheck(OneRosterConnection connection)
{
    // Enough to tell how fast the source is, little enough to answer in seconds.
    private const int Sample = 200;
    private static readonly IdScope AnyScope = new("", "", Family.Org);
    private RequestFailure? forbidden;

    public async Task<string> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            await VersionSearch.AskAsync(connection, cancellationToken);
        }
        catch (RequestFailure failure) when (failure.Fault is Fault.Forbidden)
        {
            forbidden = failure;
        }
        catch (RequestFailure failure) when (failure.Fault is Fault.NotFound or Fault.WebPage or Fault.Broken or Fault.ErrorBody)
        {
            throw new CheckFailure(
                CheckPart.ApiUrl,
                $"There is no OneRoster API at {connection.Settings.Api}. {failure.Message}",
                await AdviseAsync(cancellationToken)
            );
        }

        return $"OneRoster {connection.Settings.Api.Version.Name()} answers at {connection.Settings.Api}.";
    }

    public Task<string> LicenceAsync(CancellationToken cancellationToken) =>
        forbidden is null
            ? Task.FromResult("This client may read the roster.")
            : throw new CheckFailure(
                forbidden.Part,
                $"The SIS does not let this client read the roster. {forbidden.Message}",
                connection.Settings is { VersionIsSet: false, Api.Version: OneRosterVersion.V11 }
                    ? $"{Remedies.For(forbidden.Part)} {VersionSearch.WhereOnly12}"
                    : Remedies.For(forbidden.Part)
            );

    public async Task<string> ReadAsync(Collection collection, CancellationToken cancellationToken)
    {
        var name = Collections.NameOf(collection);
        var began = connection.Options.Time.GetTimestamp();
        var (read, total) = (0, (long?)null);
        try
        {
            using var page = await GetAsync(new Endpoint(name, name), Sample, cancellationToken);
            (read, total) = (page.Rows, page.Total >= page.Rows ? page.Total : null);
        }
        catch (RequestFailure failure) when (failure.Fault is Fault.NotFound or Fault.Forbidden && collection is Collection.Demographics)
        {
            return "demographics: this client does not get them; everything else is read without.";
        }
        catch (RequestFailure failure)
            when (failure.Fault is Fault.NotFound && EndpointPlan.Derived(collection, connection.Settings.Api.Version) is { } plan)
        {
            return $"{name}: not there; read from {plan.Parts[0].Path} and what else there is instead, and never deleted.";
        }
        catch (RequestFailure failure)
        {
            throw new CheckFailure(
                failure.Fault is Fault.Forbidden ? failure.Part : CheckPart.Roster,
                $"{name} can't be read. {failure.Message}",
                Remedies.For(failure.Part)
            );
        }

        var seconds = Math.Max(connection.Options.Time.GetElapsedTime(began).TotalSeconds, 0.001);
        var count =
            total?.ToString("N0", CultureInfo.InvariantCulture)
            ?? (read < Sample ? "" : "at least ") + read.ToString("N0", CultureInfo.InvariantCulture);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {count} records; {read} of them came in {seconds:0.0##} s, {read / seconds:N0} a second."
        );
    }

    private Task<Page> GetAsync(Endpoint endpoint, int limit, CancellationToken cancellationToken) =>
        new PageSource(connection, endpoint, AnyScope) { Sorts = false }.GetAsync(0, limit, connection.Options.CheckTimeout, cancellationToken);

    // People paste one folder too many, or set a version that is not spoken there; whether the API answers elsewhere is quickly seen.
    private async Task<string> AdviseAsync(CancellationToken cancellationToken)
    {
        var settings = connection.Settings;
        var other = settings.Api with { Version = settings.Api.Version is OneRosterVersion.V11 ? OneRosterVersion.V12 : OneRosterVersion.V11 };
        if (!settings.Signs && await AnswersAsync(other, cancellationToken))
        {
            return $"OneRoster {other.Version.Name()} answers at {other}: set the OneRoster version to {other.Version.Name()}.";
        }

        foreach (var above in settings.Api.Above().SelectMany(url => settings.Signs ? [url] : new[] { url, url with { Version = other.Version } }))
        {
            if (await AnswersAsync(above, cancellationToken))
            {
                return settings.VersionIsSet && above.Version != settings.Api.Version
                    ? $"It answers at {above}: enter that as the API URL, and set the OneRoster version to {above.Version.Name()}."
                    : $"It answers at {above}: enter that as the API URL.";
            }
        }

        return "Enter the API URL that the SIS shows for this client, with its folder if it has one.";
    }

    private async Task<bool> AnswersAsync(OneRosterUrl url, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await connection.GetAsync(url.Collection("orgs", "limit=1"), cancellationToken);
            return (int)answer.StatusCode is 200 or 403
                && answer.Content.Headers.ContentType?.MediaType?.Contains("json", StringComparison.OrdinalIgnoreCase) is true;
        }
        catch (Exception e) when (e is RequestFailure or SourceException)
        {
            return false;
        }
    }
}
