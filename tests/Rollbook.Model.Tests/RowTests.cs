using CsCheck;

namespace Rollbook.Model.Tests;

public sealed class RowTests
{
    [Fact]
    public void What_is_written_is_read_back_for_every_kind() =>
        Rows()
            .Sample(row =>
            {
                var (kind, values) = row;
                var written = Write(kind, values);
                foreach (var attribute in Kinds.Of(kind).Attributes)
                {
                    written[attribute].ShouldBeEquivalentTo(values[attribute.Index]);
                }
            });

    [Fact]
    public void Rows_are_equal_exactly_when_their_values_are() =>
        Gen.Select(Rows(), Rows())
            .Sample(
                (left, right) =>
                {
                    var (first, second) = (Write(left.Kind, left.Values), Write(right.Kind, right.Values));
                    var again = Write(left.Kind, left.Values);
                    first.ShouldBe(again);
                    first.Hash.ShouldBe(again.Hash);
                    if (left.Kind == right.Kind)
                    {
                        (first.Hash == second.Hash).ShouldBe(first.Equals(second));
                    }
                }
            );

    [Fact]
    public void An_empty_text_is_a_missing_value()
    {
        var writer = new RowWriter();
        writer.Text("");
        writer.Value(default);
        writer.Texts([]);
        writer.References([]);
        writer.Written.ToArray().ShouldBe(new byte[4]);
    }

    [Fact]
    public void Every_kind_begins_with_the_sis_id_and_its_sources_and_ends_with_metadata()
    {
        foreach (var kind in Kinds.All)
        {
            kind.Attributes[0].Name.ShouldBe("sisId");
            kind.Attributes[1].Name.ShouldBe("sources");
            kind.Attributes[^1].Name.ShouldBe("metadata");
            kind.Attributes.Select(attribute => attribute.Column).Distinct(StringComparer.Ordinal).Count().ShouldBe(kind.Attributes.Count);
            kind.Attributes.Select(attribute => attribute.Index).ShouldBe(Enumerable.Range(0, kind.Attributes.Count));
            Kinds.Of(kind.Kind).ShouldBeSameAs(kind);
        }
    }

    private static Gen<(Kind Kind, object?[] Values)> Rows() =>
        Gen.Int[0, Kinds.All.Count - 1]
            .Select(i => Kinds.All[i])
            .SelectMany(kind => Gen.Int.Select(seed => (kind.Kind, Values(kind, new Random(seed)))));

    private static object?[] Values(KindDefinition kind, Random random) =>
        [.. kind.Attributes.Select(attribute => random.Next(4) == 0 ? null : Value(attribute.Type, random))];

    private static object Value(AttributeType type, Random random) =>
        type switch
        {
            AttributeType.Text => Word(random),
            AttributeType.Date => new DateOnly(2000, 1, 1).AddDays(random.Next(10_000)),
            AttributeType.Boolean => random.Next(2) == 1,
            AttributeType.TextList => Enumerable.Range(0, random.Next(1, 4)).Select(_ => Word(random)).ToArray(),
            AttributeType.Reference => Id(random),
            AttributeType.ReferenceList => Enumerable.Range(0, random.Next(1, 40)).Select(_ => Id(random)).ToArray(),
            _ => new SortedDictionary<string, string>(StringComparer.Ordinal) { [Word(random)] = Word(random), ["b" + random.Next()] = Word(random) },
        };

    private static string Word(Random random) => string.Concat(Enumerable.Range(0, random.Next(1, 200)).Select(_ => (char)random.Next(0x20, 0x2000)));

    private static RollbookId Id(Random random) => new(new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()));

    private static Row Write(Kind kind, object?[] values)
    {
        var writer = new RowWriter();
        foreach (var value in values)
        {
            switch (value)
            {
                case null:
                    writer.Missing();
                    break;
                case string text:
                    writer.Text(text);
                    break;
                case DateOnly date:
                    writer.Date(date);
                    break;
                case bool flag:
                    writer.Boolean(flag);
                    break;
                case string[] texts:
                    writer.Texts(texts);
                    break;
                case RollbookId id:
                    writer.Reference(id);
                    break;
                case RollbookId[] ids:
                    writer.References(ids);
                    break;
                case SortedDictionary<string, string> metadata:
                    writer.Metadata(metadata);
                    break;
            }
        }

        return writer.ToRow(kind).Copy();
    }
}
