using Microsoft.AspNetCore.Identity;
using Rollbook.Storage;
using Rollbook.Storage.Installation;

namespace Rollbook.Web.Features.Access;

/// <summary>What is done for someone who can't sign in any more; told in the log of each of the person's districts.</summary>
public sealed class Recovery(UserManager<User> users, Trail trail)
{
    /// <summary>Takes a person's authenticator app, recovery codes and passkeys away, and ends the person's sessions.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="by">In which part whoever does it acts: <c>an admin</c>, <c>an operator</c>.</param>
    /// <exception cref="AccountNotChangedException">The account was changed elsewhere at the same moment.</exception>
    public async Task ResetSecondFactorAsync(User user, string by)
    {
        ArgumentNullException.ThrowIfNull(user);
        await SecondFactor.ResetAsync(users, user);
        await trail.TellOfAsync(user, AuditActions.SecondFactorRemoved, old: "everything", now: $"reset by {by}");
    }
}
