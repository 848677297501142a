using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Access;

/// <summary>Makes accounts, and gives the roles of links to them.</summary>
internal sealed class Accounts(InstallationContext context, UserManager<User> users, SetupLinks links, SignIns signIns, Trail trail)
{
    internal const string AddressTaken = "There is an account with this e-mail address already. Sign in with it first, then open this link again.";

    /// <summary>
    /// Uses a link to make an account with its role, and signs it in; all or nothing. It signs in with the <paramref name="password"/>, or with the
    /// <paramref name="passkey"/>; with neither, by the district's own provider. Returns what is wrong, by field.
    /// </summary>
    public async Task<FieldErrors> CreateAsync(
        SetupLink link,
        string name,
        string email,
        string? password,
        CancellationToken cancellationToken,
        PasskeyAttestationResult? passkey = null
    )
    {
        var errors = new FieldErrors();
        await using (var transaction = await context.Database.BeginTransactionAsync(cancellationToken))
        {
            var user = new User
            {
                UserName = email,
                Email = email,
                DisplayName = name,
            };
            if (passkey is { Succeeded: true })
            {
                // The device keeps the account's ID together with the passkey, so it was given before there was an account.
                user.Id = passkey.UserEntity.Id;
            }

            if (await users.FindByEmailAsync(email) is not null)
            {
                return errors.Add("email", AddressTaken);
            }

            var made = password is null ? await users.CreateAsync(user) : await users.CreateAsync(user, password);
            foreach (var error in made.Errors)
            {
                errors.Add(error.Code.StartsWith("Password", StringComparison.Ordinal) ? "password" : "email", error.Description);
            }

            if (errors.Any)
            {
                return errors;
            }

            if (passkey is { Succeeded: true })
            {
                await users.AddOrUpdatePasskeyAsync(user, passkey.Passkey).OrThrowAsync();
                trail.Add(link.DistrictId, AuditActions.PasskeyAdded, email, now: passkey.Passkey.Name, who: email);
            }

            if (!await links.UseAsync(link, cancellationToken))
            {
                return errors.Add("name", "This link was used a moment ago. Sign in with the account that was made with it.");
            }

            trail.Add(link.DistrictId, AuditActions.AccountCreated, email, who: email);
            await GrantAsync(user, link, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            if (passkey is not null)
            {
                await signIns.BeginAsync(user, "passkey", secondFactor: true);
            }
            else if (password is not null)
            {
                await signIns.BeginAsync(user, "password");
            }
        }

        return errors;
    }

    /// <summary>Uses a link for someone who has an account; false when it was used a moment ago.</summary>
    public async Task<bool> AcceptAsync(SetupLink link, User user, CancellationToken cancellationToken)
    {
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        if (!await links.UseAsync(link, cancellationToken))
        {
            return false;
        }

        await GrantAsync(user, link, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Gives the role of the link, unless the person has the same or more: an invitation never takes anything away.</summary>
    private async Task GrantAsync(User user, SetupLink link, CancellationToken cancellationToken)
    {
        var had = await context
            .DistrictRoles.Where(role => role.UserId == user.Id && role.DistrictId == link.DistrictId)
            .ToListAsync(cancellationToken);
        var strongest = had.MinBy(role => role.Role);
        if (strongest is null || strongest.Role > link.Role || (link.SeesPersonalData && strongest.Role == link.Role && !strongest.SeesPersonalData))
        {
            context.RemoveRange(had);
            await context.SaveChangesAsync(cancellationToken);
            context.Add(
                new DistrictRole
                {
                    UserId = user.Id,
                    DistrictId = link.DistrictId,
                    Role = link.Role,
                    SeesPersonalData = link.SeesPersonalData,
                }
            );
        }

        trail.Add(
            link.DistrictId,
            AuditActions.InvitationAccepted,
            user.UserName ?? "",
            strongest is null ? null : Roles.Name(strongest.Role),
            Roles.Name(strongest is { } kept && kept.Role < link.Role ? kept.Role : link.Role),
            user.UserName
        );
        await context.SaveChangesAsync(cancellationToken);
    }
}
