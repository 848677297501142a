using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rollbook.Telling.Email;
using Rollbook.Telling.Events;
using Rollbook.Telling.Webhook;

namespace Rollbook.Telling;

/// <summary>Registers this room.</summary>
public static class TellingServices
{
    private const string ConsoleUrl = "ROLLBOOK_CONSOLE_URL";

    /// <summary>Reads the operator's settings.</summary>
    /// <exception cref="FormatException">One has an impossible value; the message says which, and what is expected.</exception>
    public static TellingOptions Options(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var console = configuration[ConsoleUrl] is { Length: > 0 } url ? url.TrimEnd('/') : null;
        if (console is not null && !(Uri.TryCreate(console, UriKind.Absolute, out var parsed) && parsed.Scheme is "https" or "http"))
        {
            throw new FormatException($"The setting {ConsoleUrl} can't be used: expected an address such as https://rollbook.riverside.example.");
        }

        return new TellingOptions { Mail = MailOptions.Read(configuration), ConsoleUrl = console };
    }

    /// <summary>What pages need: the settings, and the test e-mail.</summary>
    public static IServiceCollection AddRollbookTelling(this IServiceCollection services, TellingOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<TestEmail>();
        return services;
    }

    /// <summary>What a server needs beside that: it tells, and sends.</summary>
    public static IServiceCollection AddRollbookTellingService(this IServiceCollection services)
    {
        services.AddSingleton<Recipients>();
        services.AddSingleton<Teller>();
        services.AddSingleton<WebhookCaller>();
        services.AddSingleton<Outbox>();
        services.AddHostedService<TellingService>();
        return services;
    }
}
