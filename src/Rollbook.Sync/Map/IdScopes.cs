using Rollbook.Model;

namespace Rollbook.Sync.Map;

/// <summary>The ID scopes of one source, by family.</summary>
public sealed class IdScopes
{
    private readonly IdScope[] scopes;

    /// <summary>Makes them.</summary>
    /// <param name="district">The district's short name.</param>
    /// <param name="app">The app's ID.</param>
    /// <param name="prefix">Its SIS ID prefix.</param>
    public IdScopes(string district, string app, string prefix)
    {
        Prefix = prefix;
        scopes = [.. Enum.GetValues<Family>().Select(family => new IdScope(district, app, family, prefix))];
    }

    /// <summary>The SIS ID prefix.</summary>
    public string Prefix { get; }

    /// <summary>The scope of a family.</summary>
    public IdScope this[Family family] => scopes[(int)family];
}
