namespace Rollbook.Storage;

/// <summary>
/// What a person is setting up and has not finished: one document an app, which the Sync room reads and writes. It survives leaving, a restart and
/// another browser; it is not in force.
/// </summary>
public interface IDraftStore
{
    /// <summary>All drafts, by app.</summary>
    Task<IReadOnlyList<AppDraft>> ListAsync(CancellationToken cancellationToken);

    /// <summary>The draft of an app, or null.</summary>
    Task<AppDraft?> GetAsync(string app, CancellationToken cancellationToken);

    /// <summary>
    /// Saves a draft over its revision <paramref name="expected"/> (0: there is none yet) and returns the new revision; null, and nothing written, when
    /// someone else saved meanwhile.
    /// </summary>
    Task<int?> SaveAsync(string app, int expected, string document, string savedBy, DateTimeOffset savedAt, CancellationToken cancellationToken);

    /// <summary>Removes a draft, whatever its revision. Harmless when there is none.</summary>
    Task RemoveAsync(string app, CancellationToken cancellationToken);

    /// <summary>Removes a draft as it was seen; false, and nothing done, when someone has saved it since.</summary>
    Task<bool> RemoveAsync(string app, int expected, CancellationToken cancellationToken);
}

/// <summary>A draft.</summary>
/// <param name="App">The app's ID.</param>
/// <param name="Revision">1, 2, … with each save.</param>
/// <param name="Document">A JSON document of the Sync room; no secret in it.</param>
/// <param name="SavedBy">Who saved it last.</param>
/// <param name="SavedAt">When.</param>
public sealed record AppDraft(string App, int Revision, string Document, string SavedBy, DateTimeOffset SavedAt);
