using System.Data.Common;
using System.Security.Cryptography;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Telling.Email;
using Rollbook.Telling.Webhook;

namespace Rollbook.Telling;

/// <summary>
/// Sends what is due of a district, one program at a time (a lock that dies with the program), and notes of each whether it went. Killed between the two, it sends that one
/// again, with the same ID.
/// </summary>
internal sealed class Outbox(Recipients recipients, WebhookCaller webhook, ISecrets secrets, TellingOptions options, TimeProvider time)
{
    private const int AtOnce = 100;

    /// <summary>All that wait for the webhook, in practice: one that is due behind more than these would be called for at each look.</summary>
    private const int CallsAtOnce = 1_000;

    private const string TooOld = "It could not be sent within three days.";

    /// <summary>Sends what is due; nothing while another program does.</summary>
    internal async Task SendAsync(IDistrictStore store, DeliveryChannel channel, CancellationToken cancellationToken)
    {
        if (
            (channel == DeliveryChannel.Email && options.Mail is null)
            || (await store.Notifications.DueAsync(channel, time.GetUtcNow(), limit: 1, cancellationToken)).Count == 0
            || await store.TryLockAsync($"sending-{channel}".ToLowerInvariant(), cancellationToken) is not { } turn
        )
        {
            return;
        }

        await using (turn)
        {
            var due = new List<Delivery>();
            var limit = channel == DeliveryChannel.Webhook ? CallsAtOnce : AtOnce;
            foreach (var delivery in await store.Notifications.DueAsync(channel, time.GetUtcNow(), limit, cancellationToken))
            {
                if (Pauses.IsOver(delivery.Notification.At, time.GetUtcNow()))
                {
                    await GiveUpAsync(store, delivery, delivery.Trouble ?? TooOld);
                }
                else
                {
                    due.Add(delivery);
                }
            }

            await (channel == DeliveryChannel.Email ? MailAsync(store, due, cancellationToken) : CallAsync(store, due, cancellationToken));
        }
    }

    private async Task MailAsync(IDistrictStore store, IReadOnlyList<Delivery> due, CancellationToken cancellationToken)
    {
        var people = await recipients.PeopleAsync(store.District.Id, cancellationToken);
        var left = new Queue<(Delivery Delivery, string To)>();
        foreach (var delivery in due)
        {
            if (people.TryGetValue(delivery.Recipient, out var person))
            {
                left.Enqueue((delivery, person.Email));
            }
            else
            {
                await GiveUpAsync(store, delivery, "The person has no role in the district any more.");
            }
        }

        if (left.Count == 0)
        {
            return;
        }

        try
        {
            await using var server = await MailServer.ConnectAsync(options.Mail!, cancellationToken);
            while (left.Count > 0 && !cancellationToken.IsCancellationRequested)
            {
                var (delivery, to) = left.Peek();
                try
                {
                    await server.SendAsync(MailText.Of(options, store.District, delivery, to, time.GetUtcNow()));
                    await SentAsync(store, delivery, cancellationToken);
                }
                catch (MailException trouble) when (!trouble.IsOfServer)
                {
                    await PutOffAsync(store, delivery, trouble.Message, trouble.IsFinal);
                }

                left.Dequeue();
            }
        }
        catch (MailException trouble)
        {
            // The others would meet the same.
            foreach (var (delivery, _) in left)
            {
                await PutOffAsync(store, delivery, trouble.Message, isFinal: false);
            }
        }
    }

    private async Task CallAsync(IDistrictStore store, IReadOnlyList<Delivery> due, CancellationToken cancellationToken)
    {
        var (settings, secret) = await WebhookAsync(store, cancellationToken);
        WebhookTrouble? trouble = null;
        foreach (var delivery in due)
        {
            if (settings is null)
            {
                await GiveUpAsync(store, delivery, "The district has no webhook any more.");
                continue;
            }

            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            // When one does not come through, the others wait with it: their order stays, and nobody waits for each in turn.
            trouble =
                trouble is { IsFinal: false } ? trouble
                : secret is null
                    ? new WebhookTrouble(
                        "The webhook's signing secret can't be read: the keys of this installation were replaced. Enter it again.",
                        IsFinal: false
                    )
                : await webhook.CallAsync(
                    settings.Url,
                    secret,
                    FormattableString.Invariant($"{store.District.Id}.{delivery.Number}.{delivery.Notification.At.UtcTicks:x}"),
                    time.GetUtcNow(),
                    WebhookBody.Of(options, store.District, delivery.Notification)
                );
            if (trouble is null)
            {
                await SentAsync(store, delivery, cancellationToken);
            }
            else
            {
                await PutOffAsync(store, delivery, trouble.Message, trouble.IsFinal);
            }
        }
    }

    private async Task<(WebhookSettings? Settings, string? Secret)> WebhookAsync(IDistrictStore store, CancellationToken cancellationToken)
    {
        var latest = await store.Configuration.LatestAsync(cancellationToken);
        if (latest is null || DistrictConfiguration.FromDocument(latest.Document).Webhook is not { } settings)
        {
            return (null, null);
        }

        try
        {
            return await store.Configuration.GetSecretAsync(WebhookSettings.SecretName, cancellationToken) is { } kept
                ? (settings, secrets.Unprotect(kept))
                : (settings, null);
        }
        catch (CryptographicException)
        {
            return (settings, null);
        }
    }

    /// <summary>Notes that it went, also when the database is busy or away for a while: what is not noted goes twice.</summary>
    private async Task SentAsync(IDistrictStore store, Delivery delivery, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        while (true)
        {
            try
            {
                await store.Notifications.SentAsync(delivery.Number, at, CancellationToken.None);
                return;
            }
            catch (DbException) when (!cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(options.Look, time, cancellationToken);
            }
        }
    }

    private Task PutOffAsync(IDistrictStore store, Delivery delivery, string trouble, bool isFinal)
    {
        var now = time.GetUtcNow();
        var again = isFinal ? null : Pauses.After(delivery.Attempts + 1, delivery.Notification.At, now);
        return store.Notifications.PutOffAsync(delivery.Number, trouble, now, again, CancellationToken.None);
    }

    private Task GiveUpAsync(IDistrictStore store, Delivery delivery, string trouble) =>
        store.Notifications.PutOffAsync(delivery.Number, trouble, time.GetUtcNow(), again: null, CancellationToken.None);
}
