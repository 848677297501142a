using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rollbook.Storage;

namespace Rollbook.Telling.Webhook;

/// <summary>A notification as the body of a call (docs/guide/notifications.md): no personal data, no record.</summary>
internal static class WebhookBody
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    internal static string Of(TellingOptions options, DistrictInfo district, Notification notification) =>
        JsonSerializer.Serialize(
            new
            {
                type = notification.Topic,
                timestamp = notification.At.UtcDateTime,
                data = new
                {
                    district = district.Id,
                    districtName = district.Name,
                    app = notification.App,
                    run = notification.Run,
                    title = notification.Title,
                    details = notification.Details,
                    link = Links.To(options, district.Id, Links.PageOf(notification)),
                },
            },
            Json
        );
}
