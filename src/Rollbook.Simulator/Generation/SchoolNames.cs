using System.Globalization;
using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Generation;

/// <summary>Invented school names: two words and the level, numbered once the words run out.</summary>
internal static class SchoolNames
{
    private static readonly string[] First =
    [
        "Juniper",
        "Copper",
        "Willow",
        "Quartz",
        "Heron",
        "Saguaro",
        "Maple",
        "Sandstone",
        "Otter",
        "Larkspur",
        "Cedar",
        "Granite",
        "Falcon",
        "Prairie",
        "Amber",
        "Birch",
        "Coyote",
        "Dogwood",
        "Elkhorn",
        "Foxglove",
        "Goldfinch",
        "Hawthorn",
        "Ironwood",
        "Jackrabbit",
        "Kestrel",
        "Lupine",
        "Magpie",
        "Nighthawk",
        "Ocotillo",
        "Pinyon",
        "Quail",
        "Redbud",
        "Sagebrush",
        "Tamarack",
        "Verbena",
        "Wren",
        "Yarrow",
    ];

    private static readonly string[] Second =
    [
        "Creek",
        "Ridge",
        "Mesa",
        "Hollow",
        "Springs",
        "Canyon",
        "Meadow",
        "Point",
        "Valley",
        "Crossing",
        "Grove",
        "Heights",
        "Bend",
        "Flats",
        "Gate",
        "Harbor",
        "Knoll",
        "Landing",
        "Overlook",
        "Park",
        "Run",
        "Summit",
        "Terrace",
        "View",
        "Woods",
    ];

    public static string Of(int index, SchoolLevel level)
    {
        var round = index / (First.Length * Second.Length);
        var words = $"{First[index % First.Length]} {Second[(index + (index / First.Length)) % Second.Length]}";
        var number = round == 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $" {round + 1}");
        return $"{words}{number} {(level == SchoolLevel.Elementary ? "Elementary" : level.ToString())} School";
    }
}
