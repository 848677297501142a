using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Generation;

/// <summary>Makes the person who will have the next user row.</summary>
internal static class People
{
    public static UserRow Make(District district, Role role, int school)
    {
        var dice = Dice.For(district.Seed, Throw.Name, district.Users.Count);
        return new UserRow
        {
            Role = role,
            School = school,
            OtherSchool = -1,
            Grade = Grades.None,
            Given = (ushort)dice.Below(Names.GivenCount),
            Family = (ushort)dice.Below(Names.FamilyCount),
            Middle = dice.OneIn(3) ? ushort.MaxValue : (ushort)dice.Below(Names.GivenCount),
            NoEmail = role >= Role.Guardian ? dice.OneIn(4) : role == Role.Student && dice.OneIn(50),
            Disabled = dice.OneIn(200),
        };
    }
}
