using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Rollbook.Storage;
using Rollbook.Storage.Installation;

namespace Rollbook.Web.Features.Access;

/// <summary>Tells the audit log what is done, and by whom: by whoever is signed in, or, where there is no request, by whoever runs the command.</summary>
public sealed class Trail(IAuditLog log, InstallationContext context, IHttpContextAccessor accessor, TimeProvider time)
{
    /// <summary>Who is told of where nobody is signed in.</summary>
    internal const string Nobody = "not signed in";

    // Read by people: letters beyond ASCII stay as they are. The page encodes what it shows.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Tells of something in a district, or in the installation where it is null.</summary>
    internal Task TellAsync(string? district, string action, string subject, object? old = null, object? now = null, string? who = null) =>
        log.WriteAsync(Entry(district, action, subject, old, now, who), CancellationToken.None);

    /// <summary>
    /// Tells of something about a person's account: in each district in which the person has a role, so that its admins see it and no district
    /// sees another's; in the installation's log for operators and those without a role.
    /// </summary>
    internal async Task TellOfAsync(User person, string action, object? old = null, object? now = null, string? who = null)
    {
        var districts = await context
            .DistrictRoles.Where(role => role.UserId == person.Id)
            .Select(role => role.DistrictId)
            .Distinct()
            .ToListAsync(CancellationToken.None);
        await log.WriteAsync(
            [
                .. districts
                    .DefaultIfEmpty("")
                    .Select(district => Entry(district.Length == 0 ? null : district, action, person.UserName ?? "", old, now, who)),
            ],
            CancellationToken.None
        );
    }

    /// <summary>Puts an entry into the present transaction, so that it is told if and only if it was done. The caller saves.</summary>
    internal void Add(string? district, string action, string subject, object? old = null, object? now = null, string? who = null) =>
        context.Add(AuditRow.Of(Entry(string.IsNullOrEmpty(district) ? null : district, action, subject, old, now, who), time.GetUtcNow()));

    /// <summary>The address that the request came from.</summary>
    internal string From => accessor.HttpContext?.Connection.RemoteIpAddress?.ToString() ?? "";

    private string Person => accessor.HttpContext is { } http ? http.User.Identity?.Name ?? Nobody : Environment.UserName;

    private AuditEntry Entry(string? district, string action, string subject, object? old, object? now, string? who) =>
        new(district, who ?? Person, accessor.HttpContext is null ? AuditChannel.Command : AuditChannel.Console, action, subject)
        {
            OldValue = Json(old),
            NewValue = Json(now),
        };

    private static string? Json(object? value) => value is null ? null : JsonSerializer.Serialize(value, Readable);
}
