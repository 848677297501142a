namespace Rollbook.Web.Ui;

/// <summary>What a state means for the person; a word always goes with it.</summary>
public enum Tone
{
    /// <summary>Nothing particular.</summary>
    Neutral,

    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Waits for a person.</summary>
    Attention,

    /// <summary>Something failed.</summary>
    Danger,

    /// <summary>Something is at work.</summary>
    Information,
}
