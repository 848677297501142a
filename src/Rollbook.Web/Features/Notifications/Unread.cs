using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Rollbook.Sync.Rollbacks;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Notifications;

/// <summary>How many notifications of the district the person has not read yet; asked once a page.</summary>
internal sealed class Unread(CurrentDistrict district, IHttpContextAccessor accessor, TimeProvider time)
{
    /// <summary>What is older is no news, also to somebody who has just come.</summary>
    internal static readonly TimeSpan News = Purges.News;

    private const int MostShown = 99;

    private Task<int>? count;

    internal Task<int> CountAsync(CancellationToken cancellationToken) => count ??= AskAsync(cancellationToken);

    /// <summary>In the menu.</summary>
    internal static string Words(int count) => count > MostShown ? $"{MostShown}+" : Wording.Number(count);

    private async Task<int> AskAsync(CancellationToken cancellationToken) =>
        district.Entered && accessor.HttpContext?.User.FindFirstValue(ClaimTypes.NameIdentifier) is { } person
            ? await district.Store.Notifications.UnreadAsync(person, time.GetUtcNow() - News, cancellationToken)
            : 0;
}
