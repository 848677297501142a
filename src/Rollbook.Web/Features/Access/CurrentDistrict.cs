using Rollbook.Storage;
using Rollbook.Storage.Installation;

namespace Rollbook.Web.Features.Access;

/// <summary>The district of the address and the person's part in it; entered by <see cref="DistrictAuthorization"/> before a page is built.</summary>
public sealed class CurrentDistrict
{
    private IDistrictStore? store;

    /// <summary>Whether the address belongs to a district, and the person to it.</summary>
    public bool Entered => store is not null;

    /// <summary>The district's store.</summary>
    public IDistrictStore Store => store ?? throw new InvalidOperationException("No district was entered: the page lacks the policy district:read.");

    /// <summary>The district.</summary>
    public DistrictInfo Info => Store.District;

    /// <summary>The person's role.</summary>
    public Role Role { get; private set; }

    /// <summary>Whether the person may change things: start and stop imports, set the district up.</summary>
    public bool MayWork => Role is Role.PrimaryDistrictAdmin or Role.DistrictAdmin;

    /// <summary>Whether personal data is shown; a Viewer sees it masked unless granted (product.md section 1).</summary>
    public bool SeesPersonal { get; private set; }

    /// <summary>Whether the person is a Primary District Admin.</summary>
    public bool IsPrimary => Role is Role.PrimaryDistrictAdmin;

    /// <summary>Whether the person has a role in another district too.</summary>
    public bool HasOthers { get; private set; }

    /// <summary>Where times are told.</summary>
    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    /// <summary>The day that it is there.</summary>
    public DateOnly Today(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), Zone).DateTime);
    }

    /// <summary>An address inside the district: <c>Path("history/4")</c> is <c>/d/riverside/history/4</c>.</summary>
    public string Path(string rest = "") => rest.Length == 0 ? $"/d/{Info.Id}" : $"/d/{Info.Id}/{rest}";

    internal void Enter(IDistrictStore entered, Membership membership, bool others)
    {
        store = entered;
        Role = membership.Role;
        SeesPersonal = membership.SeesPersonal;
        HasOthers = others;
        Zone = TimeZoneInfo.TryFindSystemTimeZoneById(entered.District.TimeZone, out var zone) ? zone : TimeZoneInfo.Utc;
    }
}
