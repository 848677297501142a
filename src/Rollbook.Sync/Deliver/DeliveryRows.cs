using System.Text.Json;
using Rollbook.Storage;

namespace Rollbook.Sync.Deliver;

/// <summary>The counts of a delivery, as they are kept.</summary>
public static class DeliveryRows
{
    /// <summary>As JSON text.</summary>
    public static string ToJson(IReadOnlyDictionary<string, ExportedRows> rows) =>
        JsonSerializer.Serialize(
            new SortedDictionary<string, ExportedRows>(rows.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal),
            JsonSerializerOptions.Web
        );

    /// <summary>By the files' names; empty when no package was written.</summary>
    public static IReadOnlyDictionary<string, ExportedRows> Of(DeliveryRecord delivery)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        return delivery.Rows is { } json
            ? JsonSerializer.Deserialize<SortedDictionary<string, ExportedRows>>(json, JsonSerializerOptions.Web)!
            : new SortedDictionary<string, ExportedRows>(StringComparer.Ordinal);
    }
}
