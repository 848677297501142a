using System.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Web.Features.Access;

namespace Rollbook.Web.Features.Administration;

/// <summary>Someone with a role in the district.</summary>
/// <param name="Id">The account.</param>
/// <param name="Email">Sign-in name.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Role">The strongest role in the district.</param>
/// <param name="SeesPersonal">Whether a Viewer was granted personal data.</param>
/// <param name="LastSignInAt">Null before the first time.</param>
/// <param name="HasAuthenticator">Whether an authenticator app is set up.</param>
/// <param name="Passkeys">How many passkeys there are.</param>
internal sealed record Person(
    string Id,
    string Email,
    string Name,
    Role Role,
    bool SeesPersonal,
    DateTimeOffset? LastSignInAt,
    bool HasAuthenticator,
    int Passkeys
);

/// <summary>
/// The people of the district of the address, and what may be done about them: a District Admin looks after District Admins and Viewers; what
/// concerns a Primary District Admin needs one; the last of those stays. Each method returns what stands in the way, or null when it was done.
/// </summary>
internal sealed class DistrictPeople(
    InstallationContext context,
    UserManager<User> users,
    CurrentDistrict district,
    Trail trail,
    SetupLinks links,
    Recovery recovery
)
{
    private const string NeedsPrimary = "Only a Primary District Admin can do this.";
    private const int Attempts = 5;
    private const string Gone = "This person has no role in the district any more.";

    private string District => district.Info.Id;

    internal async Task<IReadOnlyList<Person>> ListAsync(CancellationToken cancellationToken)
    {
        var found = await context
            .DistrictRoles.AsNoTracking()
            .Where(role => role.DistrictId == District)
            .Join(
                context.Users,
                role => role.UserId,
                user => user.Id,
                (role, user) =>
                    new
                    {
                        role,
                        user,
                        passkeys = context.Set<IdentityUserPasskey<string>>().Count(passkey => passkey.UserId == user.Id),
                    }
            )
            .ToListAsync(cancellationToken);
        return
        [
            .. found
                .GroupBy(each => each.user.Id, StringComparer.Ordinal)
                .Select(group => group.MinBy(each => each.role.Role)!)
                .Select(each => new Person(
                    each.user.Id,
                    each.user.UserName ?? "",
                    each.user.DisplayName,
                    each.role.Role,
                    each.role.SeesPersonalData,
                    each.user.LastSignInAt,
                    each.user.TwoFactorEnabled,
                    each.passkeys
                ))
                .OrderBy(person => person.Role)
                .ThenBy(person => person.Name, StringComparer.OrdinalIgnoreCase),
        ];
    }

    internal async Task<Person?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken)).FirstOrDefault(person => string.Equals(person.Id, id, StringComparison.Ordinal));

    /// <summary>Whether this person may be changed by whoever asks.</summary>
    internal bool MayChange(Person person) => district.IsPrimary || (district.MayWork && person.Role != Role.PrimaryDistrictAdmin);

    /// <summary>Whether this role may be given by whoever asks.</summary>
    internal bool MayGive(Role role) =>
        role switch
        {
            Role.PrimaryDistrictAdmin => district.IsPrimary,
            Role.DistrictAdmin or Role.Viewer => district.MayWork,
            _ => false,
        };

    /// <summary>Makes a link for an address; the answer is its path, or what stands in the way.</summary>
    internal async Task<(string? Path, string? Refusal)> InviteAsync(
        string email,
        Role role,
        bool seesPersonal,
        string by,
        CancellationToken cancellationToken
    ) =>
        MayGive(role)
            ? (
                await links.CreateAsync(
                    new Invitation(District, role, email, seesPersonal && role == Role.Viewer),
                    by,
                    AuditChannel.Console,
                    cancellationToken
                ),
                null
            )
            : (null, NeedsPrimary);

    internal Task<string?> ChangeAsync(string id, Role role, bool seesPersonal, CancellationToken cancellationToken) =>
        ChangeAsync(
            id,
            (user, person) =>
            {
                if (!MayGive(role))
                {
                    return NeedsPrimary;
                }

                var sees = role == Role.Viewer && seesPersonal;
                context.Add(
                    new DistrictRole
                    {
                        UserId = user.Id,
                        DistrictId = District,
                        Role = role,
                        SeesPersonalData = sees,
                    }
                );
                if (person.Role != role)
                {
                    trail.Add(District, AuditActions.RoleChanged, person.Email, Roles.Name(person.Role), Roles.Name(role));
                }

                if (role == Role.Viewer && (person.Role == Role.Viewer && person.SeesPersonal) != sees)
                {
                    trail.Add(District, AuditActions.PersonalDataGranted, person.Email, !sees, sees);
                }

                return null;
            },
            staysPrimary: role == Role.PrimaryDistrictAdmin,
            cancellationToken
        );

    internal Task<string?> RemoveAsync(string id, CancellationToken cancellationToken) =>
        ChangeAsync(
            id,
            (_, person) =>
            {
                trail.Add(District, AuditActions.RoleRemoved, person.Email, Roles.Name(person.Role));
                return null;
            },
            staysPrimary: false,
            cancellationToken
        );

    /// <summary>
    /// Takes the authenticator app, recovery codes and passkeys away, for someone who has lost them. Of an account that can do things elsewhere too
    /// that is the operator's affair.
    /// </summary>
    internal async Task<string?> ResetSecondFactorAsync(string id, CancellationToken cancellationToken)
    {
        var (user, refusal) = await OfThisDistrictAloneAsync(
            id,
            "The second factor of this account can only be reset by your operator.",
            cancellationToken
        );
        if (user is not null)
        {
            await recovery.ResetSecondFactorAsync(user, "an admin");
        }

        return refusal;
    }

    /// <summary>
    /// Makes a link for a new password, for someone who has forgotten it; a Primary District Admin's affair, since whoever has the link can be that
    /// person, as far as no second factor is asked for. The answer is its path, or what stands in the way.
    /// </summary>
    internal async Task<(string? Path, string? Refusal)> PasswordLinkAsync(string id, CancellationToken cancellationToken)
    {
        if (!district.IsPrimary)
        {
            return (null, NeedsPrimary);
        }

        var (user, refusal) = await OfThisDistrictAloneAsync(
            id,
            "A new password for this account can only be given by your operator.",
            cancellationToken
        );
        return (user is null ? null : await recovery.PasswordLinkAsync(user), refusal);
    }

    private async Task<(User? User, string? Refusal)> OfThisDistrictAloneAsync(string id, string otherwise, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken) is not { } person || await users.FindByIdAsync(id) is not { } user)
        {
            return (null, Gone);
        }

        if (!MayChange(person))
        {
            return (null, NeedsPrimary);
        }

        return await context.DistrictRoles.AnyAsync(role => role.UserId == id && role.DistrictId != District, cancellationToken)
            ? (null, otherwise)
            : (user, null);
    }

    /// <summary>Whether the admins of the district must sign in with a second factor.</summary>
    internal async Task RequireSecondFactorAsync(bool required, CancellationToken cancellationToken)
    {
        var security = await context.DistrictSecurity.FindAsync([District], cancellationToken);
        if (security is null)
        {
            security = new DistrictSecurity { DistrictId = District };
            context.Add(security);
        }

        if (security.RequireSecondFactor != required)
        {
            trail.Add(District, AuditActions.SecondFactorRequired, "Require a second factor", security.RequireSecondFactor, required);
            security.RequireSecondFactor = required;
        }

        await context.SaveChangesAsync(cancellationToken);
    }

    private async Task<string?> ChangeAsync(string id, Func<User, Person, string?> change, bool staysPrimary, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryChangeAsync(id, change, staysPrimary, cancellationToken);
            }
            catch (Exception failure) when (attempt < Attempts && StorageFailure.IsConflict(failure))
            {
                // Nothing of it was done; with what the other one did it is decided anew.
                context.ChangeTracker.Clear();
            }
        }
    }

    private async Task<string?> TryChangeAsync(string id, Func<User, Person, string?> change, bool staysPrimary, CancellationToken cancellationToken)
    {
        // Two admins who remove each other at the same moment must not leave the district without one.
        await using var transaction = await context.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellationToken);
        var people = await ListAsync(cancellationToken);
        var person = people.FirstOrDefault(each => string.Equals(each.Id, id, StringComparison.Ordinal));
        if (person is null || await users.FindByIdAsync(id) is not { } user)
        {
            return Gone;
        }

        if (!MayChange(person))
        {
            return NeedsPrimary;
        }

        if (person.Role == Role.PrimaryDistrictAdmin && !staysPrimary && people.Count(each => each.Role == Role.PrimaryDistrictAdmin) == 1)
        {
            return $"{person.Name} is the last Primary District Admin. Give someone else this role first.";
        }

        await context.DistrictRoles.Where(role => role.UserId == id && role.DistrictId == District).ExecuteDeleteAsync(cancellationToken);
        if (change(user, person) is { } refusal)
        {
            return refusal;
        }

        await context.SaveChangesAsync(cancellationToken);

        // What the person has open was opened with the old role: it ends.
        await users.UpdateSecurityStampAsync(user).OrThrowAsync();
        await transaction.CommitAsync(cancellationToken);
        return null;
    }
}
