using System.Globalization;
using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Rest;

/// <summary>How a section is called: the title, and a code of the form <c>ENG101-003 - Period 3 - Rm 214</c>.</summary>
internal static class Sections
{
    public static string Title(District district, int row)
    {
        ref readonly var section = ref district.Classes[row];
        return string.Create(CultureInfo.InvariantCulture, $"{district.Courses[section.Course].Title}, section {section.Section}");
    }

    public static string Code(District district, int row)
    {
        ref readonly var section = ref district.Classes[row];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{district.Courses[section.Course].Code}-{section.Section:D3} - Period {section.Period} - {Location(district, row)}"
        );
    }

    public static string Location(District district, int row) => string.Create(CultureInfo.InvariantCulture, $"Rm {district.Classes[row].Room}");

    /// <summary>YR for the whole year, S1 or S2 for one semester.</summary>
    public static string TermCode(District district, int row)
    {
        ref readonly var section = ref district.Classes[row];
        return section.TermCount > 1 ? "YR" : "S" + district.Sessions[section.FirstTerm].Title[^1];
    }
}
