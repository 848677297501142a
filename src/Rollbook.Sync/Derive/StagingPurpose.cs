namespace Rollbook.Sync.Derive;

/// <summary>What a change set is staged for.</summary>
internal enum StagingPurpose
{
    /// <summary>To be published, with the upload that it comes from kept.</summary>
    Import,

    /// <summary>To be counted: nothing is kept of it.</summary>
    WhatIf,

    /// <summary>To take out whatever an app feeds: its kept upload goes too.</summary>
    Removal,

    /// <summary>To publish what a person approved, from what the run read when it came.</summary>
    Approval,
}
