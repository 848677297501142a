using System.Runtime.InteropServices;

namespace Rollbook.Simulator.Districts;

/// <summary>What every row has: when it changed last (Unix milliseconds), whether it was removed, and which generation its sourcedId is of.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 2)]
internal struct RowHead
{
    public long Modified;
    public byte Generation;
    public bool Removed;
}

/// <summary>The part of a table that does not depend on what its rows hold: their heads, and how many there are.</summary>
internal abstract class Table(Kind kind)
{
    private RowHead[] heads = [];

    public Kind Kind { get; } = kind;

    /// <summary>Rows ever added; a removed row keeps its place, because its sourcedId is computed from it.</summary>
    public int Count { get; private set; }

    public int ActiveCount { get; private set; }

    /// <summary>Moves with every change of any row, so that whatever was computed from the rows can be told to be stale.</summary>
    public int Version { get; private set; }

    /// <summary>Moves when a row comes, goes or gets another sourcedId: when the order of the collection is another.</summary>
    public int MembershipVersion { get; private set; }

    public ref readonly RowHead Head(int row) => ref heads[row];

    public bool IsActive(int row) => !heads[row].Removed;

    public void Touch(int row, long now)
    {
        heads[row].Modified = now;
        Version++;
    }

    public void Remove(int row, long now)
    {
        if (heads[row].Removed)
        {
            return;
        }

        heads[row].Removed = true;
        ActiveCount--;
        MembershipVersion++;
        Touch(row, now);
    }

    /// <summary>Gives the row a new sourcedId; the old one is answered with "unknown object" from now on.</summary>
    public void Rekey(int row, long now)
    {
        heads[row].Generation++;
        MembershipVersion++;
        Touch(row, now);
    }

    /// <summary>Makes sure that no version of the table it replaces comes back.</summary>
    public void ContinueVersion(Table replaced) =>
        (Version, MembershipVersion) = (Version + replaced.Version, MembershipVersion + replaced.MembershipVersion);

    public virtual void EnsureCapacity(int rows)
    {
        if (heads.Length < rows)
        {
            Array.Resize(ref heads, rows);
        }
    }

    protected int AddHead(long modified)
    {
        if (Count == heads.Length)
        {
            EnsureCapacity(Math.Max(16, Count + (Count / 2)));
        }

        heads[Count] = new RowHead { Modified = modified };
        ActiveCount++;
        MembershipVersion++;
        Version++;
        return Count++;
    }
}

/// <summary>Rows of one kind, kept as one array of structures: ten million enrollments fit into a few hundred megabytes.</summary>
internal sealed class Table<TRow>(Kind kind) : Table(kind)
    where TRow : struct
{
    private TRow[] rows = [];

    public ref TRow this[int row] => ref rows[row];

    public int Add(in TRow value, long modified)
    {
        var row = AddHead(modified);
        rows[row] = value;
        return row;
    }

    public override void EnsureCapacity(int rows)
    {
        base.EnsureCapacity(rows);
        if (this.rows.Length < rows)
        {
            Array.Resize(ref this.rows, rows);
        }
    }
}
