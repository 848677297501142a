using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Rollbook.Model;
using Rollbook.Sync.Unite;

namespace Rollbook.Sync.Duplicates;

/// <summary>
/// What people of a kind are compared by: names, birth date, identifiers and ways to reach them, where they are, and the texts that a source adds. A person is a code for
/// each, so that a million are compared in the memory of a few numbers each.
/// </summary>
internal sealed class PersonFeatures
{
    private const int MostMetadata = 16;

    private static readonly string[] GivenNames = ["givenName", "preferredGivenName"];
    private static readonly string[] FamilyNames = ["familyName", "preferredFamilyName"];
    private static readonly string[] Unlike = ["sisId", "sources", "pronouns", "title", "role", "metadata", "enabled", "primarySchool"];

    private readonly List<Feature> features = [];
    private readonly ValueColumn names = new();
    private readonly Dictionary<string, int> metadata = new(StringComparer.Ordinal);
    private readonly Model.Attribute? metadataAttribute;
    private readonly int birthDate;
    private readonly int[] reached;

    internal PersonFeatures(Kind kind)
    {
        foreach (var attribute in Kinds.Of(kind).Attributes.Where(attribute => !Unlike.Contains(attribute.Name, StringComparer.Ordinal)))
        {
            if (Nature(attribute) is { } nature)
            {
                var column =
                    nature is FeatureNature.Given or FeatureNature.Family ? names
                    : nature is FeatureNature.Reached or FeatureNature.Issued ? new ValueColumn(keepsTexts: false)
                    : new ValueColumn();
                features.Add(new Feature(attribute.Name, nature, attribute, column));
            }
        }

        metadataAttribute = Kinds.Of(kind).Find("metadata");
        birthDate = IndexOf("birthDate");
        reached = [.. new[] { "email", "phone", "sms", "stateId" }.Select(IndexOf).Where(place => place >= 0)];
    }

    /// <summary>A person's codes.</summary>
    internal int[] Of(Row row)
    {
        var texts = metadataAttribute is { } attribute ? row[attribute] as IReadOnlyDictionary<string, string> : null;
        foreach (var name in texts?.Keys.Where(name => !metadata.ContainsKey(name)).Take(MostMetadata - metadata.Count) ?? [])
        {
            metadata[name] = features.Count;
            features.Add(new Feature($"metadata.{name}", FeatureNature.Text, null, new ValueColumn()));
        }

        var codes = new int[features.Count];
        Array.Fill(codes, ValueColumn.None);
        for (var place = 0; place < codes.Length; place++)
        {
            if (features[place].Attribute is { } own)
            {
                codes[place] = features[place].Column.Take(Written(row[own]));
            }
        }

        foreach (var (name, text) in texts ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            if (metadata.TryGetValue(name, out var place))
            {
                codes[place] = features[place].Column.Take(Domain.Comparable(text));
            }
        }

        return codes;
    }

    /// <summary>The combinations by which a person is found; two people who have none together are not compared.</summary>
    internal ulong[] KeysOf(int[] codes)
    {
        var found = new List<ulong>();
        var (given, family) = (NameOf(codes, GivenNames[0]), NameOf(codes, FamilyNames[0]));
        if (birthDate >= 0 && codes[birthDate] is not ValueColumn.None and var born)
        {
            var date = features[birthDate].Column.TextOf(born);
            foreach (var name in new[] { given, family }.OfType<string>())
            {
                found.Add(KeyOf("born", date, name[..1]));
            }

            if (given is not null && family is not null)
            {
                var (first, last) = InOrder(Start(given), Start(family));
                found.Add(KeyOf("year", first, last, date[..4]));
                found.Add(KeyOf("day", first, last, date[5..]));
            }
        }

        if (given is not null && family is not null)
        {
            var (first, last) = InOrder(given, family);
            found.Add(KeyOf("name", first, last));
        }

        foreach (var place in reached.Where(place => codes[place] != ValueColumn.None))
        {
            found.Add(KeyOf(features[place].Name, codes[place].ToString(CultureInfo.InvariantCulture)));
        }

        return [.. found.Distinct()];
    }

    /// <summary>Gets ready to compare people, of whom all are known now.</summary>
    internal PersonComparison Compare(int people) => new(features, people);

    private int IndexOf(string name) => features.FindIndex(feature => string.Equals(feature.Name, name, StringComparison.Ordinal));

    private string? NameOf(int[] codes, string name) =>
        IndexOf(name) is >= 0 and var place && codes[place] != ValueColumn.None ? names.TextOf(codes[place]) : null;

    private static string Start(string name) => name.Length > 3 ? name[..3] : name;

    private static (string First, string Last) InOrder(string one, string other) =>
        string.CompareOrdinal(one, other) <= 0 ? (one, other) : (other, one);

    private static ulong KeyOf(params ReadOnlySpan<string> parts) => XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(string.Join('\u001F', parts)));

    private static FeatureNature? Nature(Model.Attribute attribute) =>
        attribute.Name switch
        {
            _ when GivenNames.Contains(attribute.Name, StringComparer.Ordinal) => FeatureNature.Given,
            _ when FamilyNames.Contains(attribute.Name, StringComparer.Ordinal) => FeatureNature.Family,
            "birthDate" => FeatureNature.Date,
            "stateId" or "sex" or "grades" or "schools" => FeatureNature.Steady,
            "email" or "phone" or "sms" => FeatureNature.Reached,
            "studentNumber" or "staffNumber" or "identifier" or "username" or "contacts" or "students" => FeatureNature.Issued,
            _ when attribute.Type == AttributeType.Text => FeatureNature.Text,
            _ => null,
        };

    private static string? Written(object? value) =>
        value switch
        {
            string text => Domain.Comparable(text),
            DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            string[] texts => string.Join(' ', texts.Select(Domain.Comparable).Order(StringComparer.Ordinal)),
            RollbookId[] ids => string.Join(' ', ids.Order()),
            _ => null,
        };
}
