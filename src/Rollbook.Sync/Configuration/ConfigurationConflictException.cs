namespace Rollbook.Sync.Configuration;

/// <summary>Someone else saved the configuration at the same moment; nothing was changed. The message is for a person.</summary>
public sealed class ConfigurationConflictException : Exception
{
    /// <summary>Says what happened and what to do.</summary>
    public ConfigurationConflictException()
        : base(
            "Someone else saved the configuration at the same moment. Nothing was changed; look at what it is now (rollbook diff), and apply again."
        ) { }
}
