using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Rollbook.Sync.Configuration;

/// <summary>
/// An app's <c>schools</c>: <c>auto</c>; a list of mapped schools; or, where both are wanted, <c>{ auto: true, mapped: […], leftOut: […] }</c>. After the first
/// <b>Refresh from source</b> the third form is written, with <c>refreshed</c> or, for single schools, <c>refreshedSchools: { SOURCE: number }</c>.
/// </summary>
internal static class SchoolsSection
{
    internal static SchoolsMapping Read(YamlReader yaml, string path, YamlNode node)
    {
        switch (node)
        {
            case YamlScalarNode { Value: "auto" }:
                return SchoolsMapping.Automatic;
            case YamlSequenceNode list:
                return new SchoolsMapping { Mapped = Mapped(yaml, path, list) };
            case YamlMappingNode:
                return ReadWhole(yaml, path, node);
            default:
                yaml.Refuse(node, path, $"expected auto or a list of schools, found {YamlReader.Shown(node)}.");
                return SchoolsMapping.Automatic;
        }
    }

    internal static object Write(SchoolsMapping schools)
    {
        if (schools is { LeftOut.Count: 0, LastRefresh: 0 })
        {
            if (!schools.Auto)
            {
                return schools.Mapped.Select(Write).ToList();
            }

            if (schools.Mapped.Count == 0)
            {
                return "auto";
            }
        }

        return WriteWhole(schools);
    }

    /// <summary>In the third form, whatever it is, so that two mappings can be compared.</summary>
    internal static object WriteWhole(SchoolsMapping schools)
    {
        var mapped = schools.Mapped.Select(Write).ToList();
        var written = new Dictionary<string, object>(StringComparer.Ordinal) { ["auto"] = schools.Auto };
        if (mapped.Count > 0)
        {
            written["mapped"] = mapped;
        }

        if (schools.LeftOut.Count > 0)
        {
            written["leftOut"] = schools.LeftOut;
        }

        if (schools.Refreshed > 0)
        {
            written["refreshed"] = schools.Refreshed;
        }

        if (schools.RefreshedSchools.Count > 0)
        {
            written["refreshedSchools"] = schools.RefreshedSchools;
        }

        return written;
    }

    private static Dictionary<string, string> Write(SchoolMapping school)
    {
        var written = new Dictionary<string, string>(StringComparer.Ordinal) { ["source"] = school.Source };
        if (school.School is { } existing)
        {
            written["school"] = existing;
        }
        else
        {
            written["create"] = school.Create ?? "";
        }

        return written;
    }

    private static SchoolsMapping ReadWhole(YamlReader yaml, string path, YamlNode node)
    {
        var schools = new SchoolsMapping();
        YamlNode? leftOut = null;
        foreach (var (key, keyNode, value) in yaml.Members(node, path))
        {
            var at = $"{path}.{key}";
            switch (key)
            {
                case "auto":
                    schools = schools with { Auto = yaml.Flag(value, at) ?? false };
                    break;
                case "mapped":
                    schools = schools with { Mapped = Mapped(yaml, at, value) };
                    break;
                case "leftOut":
                    schools = schools with { LeftOut = [.. yaml.Texts(value, at)] };
                    leftOut = value;
                    break;
                case "refreshed":
                    schools = schools with { Refreshed = Number(yaml, at, value) };
                    break;
                case "refreshedSchools":
                    var refreshed = new SortedDictionary<string, int>(StringComparer.Ordinal);
                    foreach (var (school, _, number) in yaml.Members(value, at))
                    {
                        refreshed[school] = Number(yaml, $"{at}.{school}", number);
                    }

                    schools = schools with { RefreshedSchools = refreshed };
                    break;
                default:
                    yaml.UnknownKey(keyNode, path, key, ["auto", "mapped", "leftOut", "refreshed", "refreshedSchools"]);
                    break;
            }
        }

        if (leftOut is YamlSequenceNode list)
        {
            RefuseInVain(yaml, path + ".leftOut", list, schools);
        }

        return schools;
    }

    /// <summary>Refuses what is left out without any effect: whoever wrote it wants something else than what the file says.</summary>
    private static void RefuseInVain(YamlReader yaml, string path, YamlSequenceNode list, SchoolsMapping schools)
    {
        if (!schools.Auto && list.Children.Count > 0)
        {
            yaml.Refuse(list, path, "this goes with auto: true. Without it only the schools of mapped are mapped, so leave this out.");
            return;
        }

        var met = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in list.Children.OfType<YamlScalarNode>())
        {
            var source = node.Value ?? "";
            if (string.IsNullOrWhiteSpace(source))
            {
                yaml.Refuse(node, path, "expected a school's sourcedId in the source, found nothing.");
            }
            else if (schools.Mapped.Any(school => string.Equals(school.Source, source, StringComparison.Ordinal)))
            {
                yaml.Refuse(node, path, $"the school {YamlReader.Shown(node)} is in mapped as well. Take it out of one of the two.");
            }
            else if (!met.Add(source))
            {
                yaml.Refuse(node, path, $"the school {YamlReader.Shown(node)} is left out twice.");
            }
        }
    }

    private static int Number(YamlReader yaml, string path, YamlNode node)
    {
        if (!int.TryParse(yaml.Text(node, path), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            yaml.Refuse(node, path, $"expected a number from 0, found {YamlReader.Shown(node)}.");
        }

        return number;
    }

    private static List<SchoolMapping> Mapped(YamlReader yaml, string path, YamlNode node)
    {
        var mapped = new List<SchoolMapping>();
        foreach (var item in yaml.Items(node, path))
        {
            string? source = null,
                create = null,
                school = null;
            foreach (var (key, keyNode, value) in yaml.Members(item, path))
            {
                switch (key)
                {
                    case "source":
                        source = yaml.Text(value, path + ".source");
                        break;
                    case "create":
                        create = yaml.Text(value, path + ".create");
                        break;
                    case "school":
                        school = yaml.Text(value, path + ".school");
                        break;
                    default:
                        yaml.UnknownKey(keyNode, path, key, ["source", "create", "school"]);
                        break;
                }
            }

            if (string.IsNullOrWhiteSpace(source))
            {
                yaml.Refuse(item, path + ".source", "is missing: the school's sourcedId in the source.");
            }
            else if (create is null == string.IsNullOrWhiteSpace(school))
            {
                yaml.Refuse(item, path, "expected either create (the new school's name) or school (an existing one).");
            }
            else if (mapped.Exists(other => string.Equals(other.Source, source, StringComparison.Ordinal)))
            {
                yaml.Refuse(item, path + ".source", "this school is mapped twice.");
            }
            else
            {
                mapped.Add(
                    new SchoolMapping
                    {
                        Source = source,
                        Create = create,
                        School = school,
                    }
                );
            }
        }

        return mapped;
    }
}
