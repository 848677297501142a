using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Rollbook.Storage.Installation;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Access;

/// <summary>Makes accounts and checks passwords.</summary>
internal sealed class Accounts(InstallationContext context, UserManager<User> users, SignInManager<User> signIn, SetupLinks links)
{
    private static readonly User Nobody = new();
    private static readonly string NobodysHash = new PasswordHasher<User>().HashPassword(Nobody, "nobody's password");

    /// <summary>Signs a person in; false for every reason alike, and after about the same time.</summary>
    public async Task<bool> SignInAsync(string email, string password)
    {
        if (await users.FindByEmailAsync(email) is not { } user)
        {
            users.PasswordHasher.VerifyHashedPassword(Nobody, NobodysHash, password);
            return false;
        }

        return (await signIn.PasswordSignInAsync(user, password, isPersistent: false, lockoutOnFailure: true)).Succeeded;
    }

    /// <summary>
    /// Uses a link: makes the account (or takes the person's own, when the password is right), gives it the role and signs it in.
    /// All or nothing. Returns what is wrong, by field.
    /// </summary>
    public async Task<FieldErrors> SetUpAsync(SetupLink link, string name, string email, string password, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var user = await users.FindByEmailAsync(email);
        if (user is null)
        {
            user = new User
            {
                UserName = email,
                Email = email,
                DisplayName = name,
            };
            foreach (var error in (await users.CreateAsync(user, password)).Errors)
            {
                errors.Add(error.Code.StartsWith("Password", StringComparison.Ordinal) ? "password" : "email", error.Description);
            }
        }
        else if (!(await signIn.CheckPasswordSignInAsync(user, password, lockoutOnFailure: true)).Succeeded)
        {
            errors.Add("email", "There is an account with this e-mail address already. Enter its password, or use another address.");
        }

        if (errors.Any || !await links.UseAsync(link, cancellationToken))
        {
            return errors.Any ? errors : errors.Add("name", "This link was used a moment ago. Sign in with the account that was made with it.");
        }

        if (
            !await context.DistrictRoles.AnyAsync(
                role => role.UserId == user.Id && role.DistrictId == link.DistrictId && role.Role == link.Role,
                cancellationToken
            )
        )
        {
            context.Add(
                new DistrictRole
                {
                    UserId = user.Id,
                    DistrictId = link.DistrictId,
                    Role = link.Role,
                }
            );
            await context.SaveChangesAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        await signIn.SignInAsync(user, isPersistent: false);
        return errors;
    }
}
