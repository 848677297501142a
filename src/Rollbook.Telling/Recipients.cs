using Microsoft.EntityFrameworkCore;
using Rollbook.Storage;
using Rollbook.Storage.Installation;

namespace Rollbook.Telling;

/// <summary>Who in a district gets what.</summary>
internal sealed class Recipients(IDbContextFactory<InstallationContext> contexts)
{
    /// <summary>The accounts with a role in the district: the strongest, and the e-mail address. An operator has none.</summary>
    internal async Task<IReadOnlyDictionary<string, (Role Role, string Email)>> PeopleAsync(string district, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var people = await context
            .DistrictRoles.AsNoTracking()
            .Where(role => role.DistrictId == district && role.Role != Role.Operator)
            .Join(
                context.Users,
                role => role.UserId,
                user => user.Id,
                (role, user) =>
                    new
                    {
                        user.Id,
                        role.Role,
                        user.Email,
                    }
            )
            .ToListAsync(cancellationToken);
        return people
            .Where(person => !string.IsNullOrEmpty(person.Email))
            .GroupBy(person => person.Id, StringComparer.Ordinal)
            .ToDictionary(person => person.Key, person => (person.Min(each => each.Role), person.First().Email!), StringComparer.Ordinal);
    }

    /// <summary>The accounts that get a topic by e-mail.</summary>
    internal async Task<IReadOnlyList<string>> OfAsync(IDistrictStore store, Topic topic, CancellationToken cancellationToken)
    {
        var choice = EmailChoice.Of(topic);
        var chosen = await store.Notifications.ChoicesAsync(cancellationToken);
        return
        [
            .. (await PeopleAsync(store.District.Id, cancellationToken))
                .Where(person => choice.IsFor(person.Key, person.Value.Role, chosen))
                .Select(person => person.Key)
                .Order(StringComparer.Ordinal),
        ];
    }
}
