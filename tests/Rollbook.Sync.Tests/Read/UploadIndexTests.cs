using CsCheck;
using Rollbook.Model;
using Rollbook.Sync.Read;

namespace Rollbook.Sync.Tests.Read;

public sealed class UploadIndexTests
{
    private static readonly IdScope Scope = new("d", "a", Family.Person);

    [Fact]
    public void It_behaves_as_a_dictionary_whatever_comes_and_goes() =>
        Gen.Select(Gen.Int[0, 300], Gen.Int[-1, 50], Gen.Int[0, 8])
            .Array[0, 2_000]
            .Sample(steps =>
            {
                var index = new UploadIndex();
                var expected = new Dictionary<RollbookId, (UInt128 Hash, Place Place, Outcome Outcome)>();
                foreach (var (number, segment, kind) in steps)
                {
                    var key = RollbookId.Derive(Scope, FormattableString.Invariant($"{number}"));
                    var place = segment < 0 ? Place.Gone : new Place(segment, (ushort)number);
                    var outcome = new Outcome(OutcomeState.Withheld, (Kind)kind, number % 2 == 0);
                    index.Set(key, (UInt128)segment + 1000, place, outcome);
                    expected.Remove(key);
                    if (segment >= 0)
                    {
                        expected[key] = ((UInt128)segment + 1000, place, outcome);
                    }
                }

                index.Live.ShouldBe(expected.Count);
                index.Slots().Select(index.KeyAt).ToHashSet().SetEquals(expected.Keys).ShouldBeTrue();
                foreach (var (key, value) in expected)
                {
                    var slot = index.Find(key);
                    (index.HashAt(slot), index.PlaceAt(slot), index.OutcomeAt(slot)).ShouldBe(value);
                }
            });

    [Fact]
    public void Stored_entries_give_the_index_again_and_later_ones_win()
    {
        var index = new UploadIndex();
        var keys = Enumerable.Range(0, 1_000).Select(i => RollbookId.Derive(Scope, FormattableString.Invariant($"{i}"))).ToList();
        for (var i = 0; i < keys.Count; i++)
        {
            index.Set(keys[i], (UInt128)i, new Place(i, 7), new Outcome(OutcomeState.Published, Kind.Teacher, Unresolved: true));
        }

        var stored = keys.SelectMany(key => Entry(index, key)).ToArray();
        index.Set(keys[3], default, Place.Gone, default);
        var later = Entry(index, keys[3]);

        var loaded = new UploadIndex();
        loaded.Load(stored);
        loaded.Load(later);
        loaded.Live.ShouldBe(999);
        loaded.Find(keys[3]).ShouldBe(-1);
        loaded.PlaceAt(loaded.Find(keys[999])).ShouldBe(new Place(999, 7));
        loaded.OutcomeAt(loaded.Find(keys[0])).ShouldBe(new Outcome(OutcomeState.Published, Kind.Teacher, Unresolved: true));
    }

    [Fact]
    public void Each_record_is_met_once_and_growing_does_not_forget_it()
    {
        var index = new UploadIndex();
        var first = RollbookId.Derive(Scope, "first");
        index.MarkSeen(index.Set(first, default, new Place(1, 1), default)).ShouldBeTrue();
        for (var i = 0; i < 10_000; i++)
        {
            index.Set(RollbookId.Derive(Scope, FormattableString.Invariant($"{i}")), default, new Place(1, 1), default);
        }

        index.MarkSeen(index.Find(first)).ShouldBeFalse();
        index.CountUnseen().ShouldBe(10_000);
    }

    private static byte[] Entry(UploadIndex index, RollbookId key)
    {
        var bytes = new byte[UploadIndex.EntrySize];
        index.WriteEntry(key, bytes);
        return bytes;
    }
}
