using Rollbook.Storage;
using Rollbook.Sync.Deliver;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Exports;

/// <summary>Deliveries in words.</summary>
internal static class DeliveryWords
{
    internal static string Name(DeliveryState state) =>
        state switch
        {
            DeliveryState.Working => "Exporting",
            DeliveryState.Delivered => "Delivered",
            DeliveryState.Unchanged => "Nothing to tell",
            _ => "Failed",
        };

    internal static Tone ToneOf(DeliveryState state) =>
        state switch
        {
            DeliveryState.Working => Tone.Information,
            DeliveryState.Delivered => Tone.Good,
            DeliveryState.Failed => Tone.Danger,
            _ => Tone.Neutral,
        };

    /// <summary>What was in the package: <c>Version 7</c>, <c>Changes from 5 to 7</c>.</summary>
    internal static string What(DeliveryRecord delivery) =>
        delivery.Start.Since is { } since ? $"Changes from {since} to {delivery.Start.Version}" : $"Version {delivery.Start.Version}";

    /// <summary>How many records the package told of, and how many that are gone.</summary>
    internal static string Rows(DeliveryRecord delivery)
    {
        var rows = DeliveryRows.Of(delivery).Values;
        var gone = rows.Sum(file => file.Deleted);
        var active = Wording.Count(rows.Sum(file => file.Active), "row", "rows");
        return gone == 0 ? active : $"{active}, {Wording.Number(gone)} tobedeleted";
    }

    /// <summary>Where packages go, from the settings.</summary>
    internal static string Place(IReadOnlyDictionary<string, string> delivery) =>
        delivery.GetValueOrDefault("sftp.host") is { Length: > 0 } host ? $"SFTP to {host}, {delivery.GetValueOrDefault("sftp.path")}"
        : delivery.GetValueOrDefault("path") is { Length: > 0 } path ? path
        : "Download on this page";
}
