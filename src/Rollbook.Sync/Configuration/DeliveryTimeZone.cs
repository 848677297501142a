namespace Rollbook.Sync.Configuration;

/// <summary>
/// The connection's time zone (product.md 3.1): the zone in which the source's days begin and end, so that a moment which it sends becomes the right date.
/// Kept among the delivery settings; left out, the district's own.
/// </summary>
public static class DeliveryTimeZone
{
    /// <summary>The setting's key.</summary>
    public const string Setting = "timeZone";

    /// <summary>The zone of an app.</summary>
    public static TimeZoneInfo Of(DistrictConfiguration district, AppConfiguration app)
    {
        ArgumentNullException.ThrowIfNull(district);
        ArgumentNullException.ThrowIfNull(app);
        var own = app.Delivery.GetValueOrDefault(Setting);
        var id = string.IsNullOrWhiteSpace(own) ? district.TimeZone : own;
        return Find(id);
    }

    /// <summary>The day that it is in the district's own zone, whatever that of an app is.</summary>
    internal static DateOnly Today(DistrictConfiguration district, TimeProvider time) => Day(district, time.GetUtcNow());

    /// <summary>The day of a moment in the district's own zone.</summary>
    internal static DateOnly Day(DistrictConfiguration district, DateTimeOffset moment) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, Find(district.TimeZone)).DateTime);

    private static TimeZoneInfo Find(string id) => TimeZoneInfo.TryFindSystemTimeZoneById(id.Trim(), out var zone) ? zone : TimeZoneInfo.Utc;
}
