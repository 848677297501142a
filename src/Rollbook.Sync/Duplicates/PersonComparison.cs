namespace Rollbook.Sync.Duplicates;

/// <summary>
/// Compares two people feature by feature, in the manner of Fellegi and Sunter: what agrees speaks for one person by as many bits as the value is rare, what differs
/// against. How often the same person's value is written the same, and what a difference says, are set for good (decision 0020), so that the answer is explained by
/// the data alone.
/// </summary>
/// <param name="features">The features.</param>
/// <param name="people">How many people there are.</param>
internal sealed class PersonComparison(IReadOnlyList<Feature> features, int people)
{
    /// <summary>From here on two names are the same with a slip of the hand.</summary>
    private const float Misspelt = 0.93f;

    /// <summary>From here on they may be.</summary>
    private const float Similar = 0.85f;

    /// <summary>Below this two given names have nothing in common.</summary>
    private const float Foreign = 0.8f;

    private const float Swapped = 0.9f;
    private const int ShortText = 5;
    private const double MostBitsOfName = 14;

    /// <summary>What agrees is never quite independent: a family has much in common.</summary>
    private const double BitsOfKinship = 0.5;

    private readonly double toPickOne = Math.Log2(Math.Max(people, 2)) + BitsOfKinship;
    private readonly int[] given = Places(features, FeatureNature.Given);
    private readonly int[] family = Places(features, FeatureNature.Family);
    private readonly int[] others =
    [
        .. Enumerable.Range(0, features.Count).Where(place => features[place].Nature is not (FeatureNature.Given or FeatureNature.Family)),
    ];

    /// <summary>How many bits speak for two people being one, less those that it takes to pick one out of all; below nothing they are two.</summary>
    internal double Bits(int[] one, int[] other) => Sum(one, other, reasons: null);

    /// <summary>The same with reasons.</summary>
    internal Likeness Likeness(int[] one, int[] other)
    {
        var reasons = new List<LikenessReason>();
        var bits = Sum(one, other, reasons);
        return new Likeness([.. reasons.OrderByDescending(reason => Math.Abs(reason.Bits))], Math.Round(bits, 2));
    }

    private static int[] Places(IReadOnlyList<Feature> features, FeatureNature nature) =>
        [.. Enumerable.Range(0, features.Count).Where(place => features[place].Nature == nature)];

    private static int At(int[] codes, int place) => place < codes.Length ? codes[place] : ValueColumn.None;

    private double Sum(int[] one, int[] other, List<LikenessReason>? reasons)
    {
        var sum = -toPickOne;
        var (givenName, familyName) = (Best(given, one, other), Best(family, one, other));
        if (SwappedBits(one, other) is { } swapped && swapped > givenName.Bits + familyName.Bits)
        {
            sum += swapped;
            reasons?.Add(new LikenessReason(features[given[0]].Name, Agreement.Swapped, Math.Round(swapped, 2)));
        }
        else if (givenName.Likeness < Foreign)
        {
            return double.NegativeInfinity;
        }
        else
        {
            sum += givenName.Bits + familyName.Bits;
            Explain(reasons, given[0], givenName);
            Explain(reasons, family[0], familyName);
        }

        foreach (var place in others)
        {
            var (first, second) = (At(one, place), At(other, place));
            if (first != ValueColumn.None && second != ValueColumn.None)
            {
                var compared = Compare(features[place], first, second);
                sum += compared.Bits;
                Explain(reasons, place, compared);
            }
        }

        return sum;
    }

    private void Explain(List<LikenessReason>? reasons, int place, (Agreement Agreement, double Bits, float Likeness) compared)
    {
        if (reasons is not null && compared.Bits != 0)
        {
            reasons.Add(new LikenessReason(features[place].Name, compared.Agreement, Math.Round(compared.Bits, 2)));
        }
    }

    /// <summary>The names of a sort that go best together: whoever is called by a preferred name may be registered under it elsewhere.</summary>
    private (Agreement Agreement, double Bits, float Likeness) Best(int[] places, int[] one, int[] other)
    {
        (Agreement Agreement, double Bits, float Likeness)? best = null;
        foreach (var first in places.Select(place => At(one, place)).Where(code => code != ValueColumn.None))
        {
            foreach (var second in places.Select(place => At(other, place)).Where(code => code != ValueColumn.None))
            {
                var compared = CompareNames(features[places[0]].Column, first, second);
                best = best is null || compared.Bits > best.Value.Bits ? compared : best;
            }
        }

        return best ?? (Agreement.Differs, 0, 1);
    }

    private (Agreement Agreement, double Bits, float Likeness) CompareNames(ValueColumn names, int one, int other)
    {
        var bits = Math.Min(Rarity(names, one, other, 0.9), MostBitsOfName);
        return names.Alike(one, other) switch
        {
            1 => (Agreement.Same, bits, 1),
            >= Misspelt and var likeness => (Agreement.Close, 0.75 * bits, likeness),
            >= Similar and var likeness => (Agreement.Close, 0.45 * bits, likeness),
            var likeness => (Agreement.Differs, -4, likeness),
        };
    }

    private double? SwappedBits(int[] one, int[] other)
    {
        var names = features[given[0]].Column;
        var (oneGiven, oneFamily, otherGiven, otherFamily) = (At(one, given[0]), At(one, family[0]), At(other, given[0]), At(other, family[0]));
        return
            oneGiven == ValueColumn.None
            || oneFamily == ValueColumn.None
            || otherGiven == ValueColumn.None
            || otherFamily == ValueColumn.None
            || oneGiven == oneFamily
            || names.Alike(oneGiven, otherFamily) < Swapped
            || names.Alike(oneFamily, otherGiven) < Swapped
            ? null
            : 0.67
                * (
                    Math.Min(Rarity(names, oneGiven, otherFamily, 0.9), MostBitsOfName)
                    + Math.Min(Rarity(names, oneFamily, otherGiven, 0.9), MostBitsOfName)
                );
    }

    private (Agreement Agreement, double Bits, float Likeness) Compare(Feature feature, int one, int other)
    {
        var column = feature.Column;
        if (one == other)
        {
            return (Agreement.Same, Math.Max(Rarity(column, one, other, feature.Nature == FeatureNature.Date ? 0.95 : 0.8), 0), 1);
        }

        return feature.Nature switch
        {
            FeatureNature.Date when IsSlip(column.TextOf(one), column.TextOf(other)) => (
                Agreement.Close,
                0.35 * Rarity(column, one, other, 0.95),
                Similar
            ),
            FeatureNature.Date => (Agreement.Differs, -6, 0),
            FeatureNature.Text when column.TextOf(one).Length > ShortText && column.Alike(one, other) is >= Swapped and var likeness => (
                Agreement.Close,
                0.6 * Math.Max(Rarity(column, one, other, 0.8), 0),
                likeness
            ),
            FeatureNature.Steady => (Agreement.Differs, -2, 0),
            FeatureNature.Issued => (Agreement.Differs, 0, 0),
            _ => (Agreement.Differs, -1, 0),
        };
    }

    /// <summary>By how many bits an agreement on a value says more than chance, where the same person's is written the same with a probability.</summary>
    private double Rarity(ValueColumn column, int one, int other, double same) =>
        Math.Log2(same * people / Math.Max(Math.Max(column.HoldersOf(one), column.HoldersOf(other)), 1));

    /// <summary>Whether two dates, YYYY-MM-DD, are one digit apart, two neighbouring digits the wrong way round, or day and month.</summary>
    private static bool IsSlip(string one, string other)
    {
        var apart = Enumerable.Range(0, one.Length).Where(place => one[place] != other[place]).ToArray();
        return apart switch
        {
            [_] => true,
            [var first, var second] when one[first] == other[second] && one[second] == other[first] => second - first <= 2,
            _ => string.Equals(one, $"{other[..4]}-{other[8..]}-{other[5..7]}", StringComparison.Ordinal),
        };
    }
}
