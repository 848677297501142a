namespace Rollbook.Sync.Configuration;

/// <summary>What an app's value of an attribute is worth beside those of other sources of the same record (product.md 3.7).</summary>
public enum MasterMode
{
    /// <summary>It is taken first.</summary>
    Master,

    /// <summary>It never takes the place of a value that is there.</summary>
    DoNotOverride,
}
