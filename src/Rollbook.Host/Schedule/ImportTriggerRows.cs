using System.Text.Json;
using System.Text.Json.Serialization;
using Quartz.Extensibility;
using Quartz.Impl.AdoJobStore;
using Rollbook.Sync.Configuration;

namespace Rollbook.Host.Schedule;

/// <summary>How an <see cref="ImportTrigger"/> lies in Quartz's table of simple properties: the schedule as JSON, and the time zone.</summary>
internal sealed class ImportTriggerRows(TimeProvider time) : SimplePropertiesTriggerPersistenceDelegateBase
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <inheritdoc/>
    public override bool CanHandleTriggerType(IOperableTrigger trigger) => trigger is ImportTrigger;

    /// <summary>The word in the column of the trigger's type; eight letters at most.</summary>
    public override string GetHandledTriggerTypeDiscriminator() => "IMPORT";

    /// <inheritdoc/>
    protected override SimplePropertiesTriggerProperties GetTriggerProperties(IOperableTrigger trigger)
    {
        var import = (ImportTrigger)trigger;
        return new() { String1 = JsonSerializer.Serialize(import.Schedule, Json), TimeZoneId = import.Zone.Id };
    }

    /// <inheritdoc/>
    protected override TriggerPropertyBundle GetTriggerPropertyBundle(SimplePropertiesTriggerProperties props) =>
        new(
            new ImportTrigger.Builder(
                JsonSerializer.Deserialize<SyncSchedule>(props.String1!, Json)!,
                TimeZoneInfo.FindSystemTimeZoneById(props.TimeZoneId!),
                time
            )
        );
}
