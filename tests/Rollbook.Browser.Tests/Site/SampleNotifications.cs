using Rollbook.Storage;
using Rollbook.Telling;

namespace Rollbook.Browser.Tests.Site;

/// <summary>What has been told in the sample district: of each topic one, short and long, and a call of the webhook that did not come through.</summary>
internal sealed class SampleNotifications(IDistrictStore store, DateTimeOffset now)
{
    internal async Task FillAsync()
    {
        var told = store.Notifications;
        await told.TellAsync(
            [
                New(
                    Topic.ScheduleEnded,
                    null,
                    12,
                    "The sync schedule of Synergy has ended",
                    "Its end date is 2026-11-12: nothing is imported by itself any more."
                ),
                New(
                    Topic.ConnectivityLost,
                    30,
                    9,
                    "The source of Synergy can't be reached",
                    "sis.riverside.example can't be reached. Check the host."
                ),
                New(Topic.ConnectivityRestored, 31, 8, "The source of Synergy can be reached again", "Run 31 was published as version 31."),
                New(
                    Topic.Failed,
                    41,
                    0.125,
                    "An import of Synergy failed",
                    "The token URL refused the client ID or the secret. Enter them again in Delivery Config.",
                    "You are told once, and when it works again."
                ),
                New(
                    Topic.Held,
                    42,
                    0.083,
                    "An import of Active Directory of the county office of education, staff and contractors is held",
                    "37 of the 361 students that this source has in the roster would be deleted (10.2 %). The limit is 10 %, from 25 records on.",
                    SampleDistrict.LongSchool
                        + ": 12 of the 40 students that this source has in the roster would be deleted (30 %). The limit in one school is 20 %, from 10 records on.",
                    "Nothing was changed. A Primary District Admin accepts or declines it on the run's page."
                ),
            ],
            told: null,
            CancellationToken.None
        );
        foreach (var call in await told.DueAsync(DeliveryChannel.Webhook, now, 100, CancellationToken.None))
        {
            await told.PutOffAsync(
                call.Number,
                "The webhook answered with status 503. Its log says why.",
                now,
                now.AddMinutes(4),
                CancellationToken.None
            );
        }
    }

    private NewNotification New(Topic topic, long? run, double daysAgo, string title, params string[] details) =>
        new(
            Topics.ToWord(topic),
            run is 42 ? "directory" : "synergy",
            run,
            now.AddDays(-daysAgo),
            title,
            details,
            Reasons: "",
            $"{topic}/{run}",
            [(DeliveryChannel.Webhook, "")]
        );
}
