using System.Text;
using MimeKit;
using MimeKit.Utils;
using Rollbook.Storage;

namespace Rollbook.Telling.Email;

/// <summary>A notification as an e-mail: plain text, no personal data of a pupil.</summary>
internal static class MailText
{
    internal static MimeMessage Of(TellingOptions options, DistrictInfo district, Delivery delivery, string to, DateTimeOffset now)
    {
        var notification = delivery.Notification;
        var text = new StringBuilder().Append(notification.Title).Append(".\n\n");
        foreach (var detail in notification.Details)
        {
            text.Append("- ").Append(detail).Append('\n');
        }

        text.Append('\n').Append(Where(options, district, notification)).Append('\n');
        var choice = EmailChoice.Of(Topics.FromWord(notification.Topic)).Label;
        text.Append(
            $"""

            --{" "}
            {district.Name} has Rollbook tell you this as "{choice}". What you get is your choice, under
            Administration > Email Notifications{(
                Links.To(options, district.Id, "administration/email-notifications") is { } page ? $": {page}" : "."
            )}

            """
        );

        // The same for every attempt, so that a message that comes twice can be known as one (RFC 5322, section 3.6.4).
        var id = FormattableString.Invariant($"rollbook.{district.Id}.{delivery.Number}.{notification.At.UtcTicks:x}@{DomainOf(options.Mail!)}");
        return Message(options.Mail!, to, $"{district.Name}: {notification.Title}", text.ToString(), id, now);
    }

    /// <summary>The message with which an operator tries the settings.</summary>
    internal static MimeMessage Test(TellingOptions options, string to, DateTimeOffset now) =>
        Message(
            options.Mail!,
            to,
            "Rollbook: test e-mail",
            $"This message shows that Rollbook can send e-mail through {options.Mail}.\n{(options.ConsoleUrl is { } console ? $"\nThe console is at {console}\n" : "")}",
            MimeUtils.GenerateMessageId(DomainOf(options.Mail!)),
            now
        );

    private static string Where(TellingOptions options, DistrictInfo district, Notification notification) =>
        Links.To(options, district.Id, Links.PageOf(notification)) is { } page ? $"Look at it: {page}"
        : notification.Run is { } run ? $"Look at it in Rollbook: {district.Name}, Data Sync History, run {run}."
        : $"Look at it in Rollbook: {district.Name}, Home.";

    private static MimeMessage Message(MailOptions mail, string to, string subject, string text, string id, DateTimeOffset now)
    {
        var message = new MimeMessage
        {
            Subject = subject,
            Date = now,
            MessageId = id,
            Body = new TextPart("plain") { Text = text },
        };
        message.From.Add(MailboxAddress.Parse(mail.From));
        message.To.Add(new MailboxAddress("", to));

        // No automatic answers, please (RFC 3834, section 5).
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return message;
    }

    private static string DomainOf(MailOptions mail) => MailboxAddress.Parse(mail.From).Address.Split('@')[^1];
}
