using System.Globalization;
using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Generation;

/// <summary>Opens the district office (row 0) and its schools.</summary>
internal static class Schools
{
    public static void Open(District district, IReadOnlyList<PlannedSchool> plan, InitialStamp stamp)
    {
        district.Orgs.EnsureCapacity(plan.Count + 1);
        district.Orgs.Add(
            new OrgRow
            {
                Type = OrgType.District,
                Parent = -1,
                Name = "Juniper Valley Unified School District",
                Code = "0400001",
            },
            stamp.Of(Kind.Orgs, 0)
        );
        foreach (var school in plan)
        {
            var org = new OrgRow
            {
                Type = OrgType.School,
                Level = school.Level,
                Parent = 0,
                Name = SchoolNames.Of(school.Org - 1, school.Level),
                Code = school.Org.ToString("D4", CultureInfo.InvariantCulture),
            };
            district.Orgs.Add(org, stamp.Of(Kind.Orgs, school.Org));
        }
    }
}
