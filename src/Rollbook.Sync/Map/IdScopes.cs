using System.IO.Hashing;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Map;

/// <summary>The ID scopes of one source, by family.</summary>
public sealed class IdScopes
{
    private readonly IdScope[] scopes;
    private readonly HashSet<RollbookId>? kept;

    /// <summary>Makes them.</summary>
    /// <param name="district">The district's short name.</param>
    /// <param name="app">The app's ID.</param>
    /// <param name="prefix">Its SIS ID prefix.</param>
    public IdScopes(string district, string app, string prefix)
        : this(district, app, prefix, successors: null) { }

    private IdScopes(string district, string app, string prefix, Dictionary<RollbookId, RollbookId>? successors)
    {
        Prefix = prefix;
        HasSuccessors = successors is not null;
        kept = successors?.Values.ToHashSet();
        scopes = [.. Enum.GetValues<Family>().Select(family => new IdScope(district, app, family, prefix, successors))];
    }

    /// <summary>The SIS ID prefix.</summary>
    public string Prefix { get; }

    /// <summary>Whether records of the source go on under Rollbook IDs that other SIS IDs had given them (SIS Migration).</summary>
    public bool HasSuccessors { get; }

    /// <summary>Whether a record of the source, under another SIS ID than its first, goes on under a Rollbook ID.</summary>
    internal bool IsKept(RollbookId id) => kept?.Contains(id) == true;

    /// <summary>Tells one set of such records from another; null where there are none.</summary>
    public string? Fingerprint { get; private init; }

    /// <summary>The scope of a family.</summary>
    public IdScope this[Family family] => scopes[(int)family];

    /// <summary>The scopes of an app, with the Rollbook IDs that its records keep from before a SIS Migration.</summary>
    public static async Task<IdScopes> OfAsync(IDistrictStore store, string app, AppConfiguration settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(settings);
        Dictionary<RollbookId, RollbookId>? successors = null;
        var hash = new XxHash128();
        await foreach (var pair in store.Successors.InForceAsync(app, cancellationToken))
        {
            (successors ??= [])[pair.Key] = pair.Id;
            hash.Append(pair.Key.ToByteArray());
            hash.Append(pair.Id.ToByteArray());
        }

        return new IdScopes(store.District.Id, app, settings.Advanced.SisIdPrefix, successors)
        {
            Fingerprint = successors is null ? null : Convert.ToHexStringLower(hash.GetCurrentHash()),
        };
    }
}
