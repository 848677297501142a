using System.Globalization;
using System.Text.Json.Nodes;
using Rollbook.Storage;
using Rollbook.Sync.Deliver;

namespace Rollbook.Host.Output;

/// <summary>A delivery on standard output.</summary>
internal static class DeliveryOutput
{
    internal static JsonObject Json(DeliveryRecord delivery) =>
        new()
        {
            ["delivery"] = delivery.Number.ToString(CultureInfo.InvariantCulture),
            ["app"] = delivery.App,
            ["state"] = delivery.State.ToString().ToLowerInvariant(),
            ["version"] = delivery.Start.Version,
            ["since"] = delivery.Start.Since,
            ["startedBy"] = delivery.Start.StartedBy,
            ["startedAt"] = Time(delivery.StartedAt),
            ["endedAt"] = delivery.EndedAt is { } ended ? Time(ended) : null,
            ["attempts"] = delivery.Attempts,
            ["bytes"] = delivery.Bytes,
            ["rows"] = new JsonObject([
                .. DeliveryRows
                    .Of(delivery)
                    .Select(file =>
                        KeyValuePair.Create<string, JsonNode?>(
                            file.Key,
                            new JsonObject { ["active"] = file.Value.Active, ["tobedeleted"] = file.Value.Deleted }
                        )
                    ),
            ]),
            ["failure"] = delivery.Succeeded ? null : delivery.Failure,
        };

    internal static string Words(DeliveryRecord delivery)
    {
        var what = delivery.Start.Since is { } since
            ? $"changes from version {since} to {delivery.Start.Version}"
            : $"version {delivery.Start.Version}";
        var at = (delivery.EndedAt ?? delivery.TriedAt).ToString("u", CultureInfo.InvariantCulture);
        return delivery.State switch
        {
            DeliveryState.Delivered => string.Create(
                CultureInfo.InvariantCulture,
                $"{delivery.Number}  {at}  delivered  {what}, {DeliveryRows.Of(delivery).Values.Sum(rows => rows.Active + rows.Deleted):N0} rows, {delivery.Bytes:N0} bytes"
            ),
            DeliveryState.Unchanged => $"{delivery.Number}  {at}  unchanged  {what}: nothing to tell",
            DeliveryState.Failed => $"{delivery.Number}  {at}  failed  {what}: {delivery.Failure}",
            _ => $"{delivery.Number}  {at}  working  {what}",
        };
    }

    private static string Time(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
