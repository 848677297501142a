namespace Rollbook.Simulator.Generation;

/// <summary>What a throw is for; each purpose has its own sequence, so that a new use does not move the others.</summary>
internal enum Throw : byte
{
    Name,
    Person,
    Demographics,
    Modified,
    Staff,
    Movement,
    Key,
}

/// <summary>Seeded chance (SplitMix64): the same seed, purpose and index always give the same throws.</summary>
internal struct Dice
{
    private ulong state;

    private Dice(ulong state) => this.state = state;

    public static Dice For(int seed, Throw purpose, long index) => new(Mix(Mix(((ulong)(uint)seed << 8) | (byte)purpose) + (ulong)index));

    public static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    public ulong Next() => Mix(state += 0x9E3779B97F4A7C15);

    public int Below(int limit) => (int)(Next() % (ulong)limit);

    public bool OneIn(int count) => Below(count) == 0;
}
