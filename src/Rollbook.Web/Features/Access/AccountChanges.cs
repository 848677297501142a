using Microsoft.AspNetCore.Identity;

namespace Rollbook.Web.Features.Access;

/// <summary>An account was not changed, mostly since it was changed at the same moment elsewhere. What was done before it in the same request stays done.</summary>
public sealed class AccountNotChangedException(string message) : Exception(message);

/// <summary>What Identity answers to a change of an account, which is not to be overlooked.</summary>
internal static class AccountChanges
{
    /// <summary>Goes on if it was done.</summary>
    /// <exception cref="AccountNotChangedException">It was not.</exception>
    internal static async Task OrThrowAsync(this Task<IdentityResult> change)
    {
        var result = await change;
        if (!result.Succeeded)
        {
            throw new AccountNotChangedException(
                "The account was changed elsewhere at the same moment, so this was not done. Look at it as it is now, then try again."
                    + $" ({string.Join(", ", result.Errors.Select(error => error.Code))})"
            );
        }
    }
}
