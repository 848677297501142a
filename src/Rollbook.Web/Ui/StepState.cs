namespace Rollbook.Web.Ui;

/// <summary>How a step of a <see cref="Stepper"/> stands.</summary>
public enum StepState
{
    /// <summary>To come.</summary>
    Later,

    /// <summary>Behind.</summary>
    Done,

    /// <summary>On the screen.</summary>
    Current,

    /// <summary>Behind, and something in it is wrong.</summary>
    Trouble,
}
