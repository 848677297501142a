using Rollbook.Model;

namespace Rollbook.Sync.Configuration;

/// <summary>Domains of Uniqueness (product.md 3.6): by which attributes a record of one source is known as the same as another source's.</summary>
public static class DomainsOfUniqueness
{
    /// <summary>At most so many domains a kind: more can't be understood any more by whoever looks at a merge.</summary>
    public const int MostDomains = 10;

    private static readonly string[][] Defaults =
    [
        ["sisId"],
        ["stateId"],
        ["email"],
        ["givenName", "familyName", "birthDate"],
    ];

    /// <summary>The kinds whose records are compared: people. Schools are joined by Schools Mapping, and what hangs on them by its own IDs.</summary>
    public static IReadOnlyList<KindDefinition> ComparedKinds { get; } = [.. Kinds.Of(Family.Person)];

    /// <summary>The domains of an app for a kind, in order: what it says, or else <see cref="DefaultsOf"/>.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Of(AppConfiguration app, Kind kind)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.DomainsOfUniqueness.GetValueOrDefault(Kinds.Of(kind).Name) ?? DefaultsOf(kind);
    }

    /// <summary>SIS ID; state ID; e-mail; name and birth date: those of them whose attributes the kind has.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> DefaultsOf(Kind kind) =>
        [
            .. Defaults.Where(domain =>
                domain.All(name => AttributesOf(kind).Any(attribute => string.Equals(attribute.Name, name, StringComparison.Ordinal)))
            ),
        ];

    /// <summary>The attributes that a domain of the kind may have: texts and dates.</summary>
    public static IEnumerable<Model.Attribute> AttributesOf(Kind kind) =>
        Kinds.Of(kind).Attributes.Where(attribute => attribute.Type is AttributeType.Text or AttributeType.Date);

    /// <summary>Why a kind can't have these domains, for a person; null when it can.</summary>
    public static string? Refuse(Kind kind, IReadOnlyList<IReadOnlyList<string>> domains)
    {
        ArgumentNullException.ThrowIfNull(domains);
        var known = AttributesOf(kind).Select(attribute => attribute.Name).ToList();
        foreach (var domain in domains)
        {
            if (domain.Count == 0)
            {
                return "a domain needs at least one attribute.";
            }

            if (domain.FirstOrDefault(name => !known.Contains(name, StringComparer.Ordinal)) is { } unknown)
            {
                return $"{unknown} is not an attribute of a {Kinds.Of(kind).Name} that can tell records apart; such are {string.Join(", ", known)}.";
            }

            if (domain.Distinct(StringComparer.Ordinal).Count() < domain.Count)
            {
                return $"the domain {string.Join(" + ", domain)} has an attribute twice.";
            }
        }

        if (
            domains.Select(domain => string.Join('\n', domain.Order(StringComparer.Ordinal))).Distinct(StringComparer.Ordinal).Count() < domains.Count
        )
        {
            return "two domains have the same attributes; leave one of them out.";
        }

        return domains.Count > MostDomains ? $"there are more than {MostDomains} domains; leave some out." : null;
    }
}
