using System.IO.Hashing;
using System.Runtime.InteropServices;
using F23.StringSimilarity;

namespace Rollbook.Sync.Duplicates;

/// <summary>The values of one attribute of many people, each value kept once with how many have it.</summary>
/// <param name="keepsTexts">Whether the values themselves are wanted again; otherwise each is kept as a hash.</param>
internal sealed class ValueColumn(bool keepsTexts = true)
{
    /// <summary>No value.</summary>
    internal const int None = -1;

    private const int MostKnown = 1 << 20;

    private static readonly JaroWinkler Likeness = new();

    private readonly Dictionary<UInt128, int> codes = [];
    private readonly List<string> texts = [];
    private readonly List<int> holders = [];
    private readonly Dictionary<(int One, int Other), float> known = [];

    /// <summary>How many people have one of the values, in whatever attribute kept here.</summary>
    internal int HoldersOf(int code) => holders[code];

    /// <summary>A value, where they are kept.</summary>
    internal string TextOf(int code) => texts[code];

    /// <summary>Takes a person's value; <see cref="None"/> for none.</summary>
    internal int Take(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return None;
        }

        ref var code = ref CollectionsMarshal.GetValueRefOrAddDefault(
            codes,
            XxHash128.HashToUInt128(MemoryMarshal.AsBytes(text.AsSpan())),
            out var isKnown
        );
        if (!isKnown)
        {
            code = holders.Count;
            holders.Add(0);
            if (keepsTexts)
            {
                texts.Add(text);
            }
        }

        holders[code]++;
        return code;
    }

    /// <summary>How alike two values are, between 0 and 1 (Jaro and Winkler).</summary>
    internal float Alike(int one, int other)
    {
        if (one == other)
        {
            return 1;
        }

        var pair = one < other ? (one, other) : (other, one);
        if (!known.TryGetValue(pair, out var likeness))
        {
            if (known.Count == MostKnown)
            {
                known.Clear();
            }

            likeness = known[pair] = (float)Likeness.Similarity(texts[one], texts[other]);
        }

        return likeness;
    }
}
