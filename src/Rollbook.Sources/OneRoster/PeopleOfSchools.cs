using Rollbook.Model;

namespace Rollbook.Sources.OneRoster;

/// <summary>Asks how many students or teachers schools have, without reading them: a page of one, for its total. Not to know is no failure.</summary>
internal sealed class PeopleOfSchools(OneRosterConnection connection, string people)
{
    private static readonly IdScope AnyScope = new("", "", Family.Person);
    private volatile bool isThere = true;

    /// <summary>How many; null when the source does not say.</summary>
    public async Task<long?> CountAsync(RawOrg school, CancellationToken cancellationToken)
    {
        if (!isThere)
        {
            return null;
        }

        var endpoint = new Endpoint($"schools/{Uri.EscapeDataString(school.SourcedId)}/{people}", "users");
        var source = new PageSource(connection, endpoint, AnyScope) { Sorts = false };
        try
        {
            using var page = await source.GetAsync(0, 1, connection.Options.CheckTimeout, cancellationToken);
            return page.Total >= page.Rows ? page.Total
                : page.Rows == 0 ? 0
                : null;
        }
        catch (RequestFailure failure)
        {
            // Some servers answer 404 for a school without students; one that forbids or does not have the whole endpoint says so for every school.
            isThere = failure.Fault is not (Fault.Forbidden or Fault.BadRequest);
            return null;
        }
        catch (SourceException)
        {
            // No token for such paths.
            isThere = false;
            return null;
        }
    }
}
