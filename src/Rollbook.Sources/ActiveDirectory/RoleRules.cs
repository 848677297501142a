using Rollbook.Sources.ActiveDirectory.Ldap;

namespace Rollbook.Sources.ActiveDirectory;

/// <summary>
/// The lines that say who is what and where: <c>OU=Students,OU=Lincoln High => student, Lincoln High</c>. What is before the arrow is an organizational unit or container that the
/// person lies in, or a group that the person is a direct member of. The first line that fits says the role; it and every further line with the same role say the schools.
/// </summary>
internal sealed class RoleRules
{
    private const string Arrow = "=>";
    private const string EverySchool = "*";

    private static readonly string[] Roles =
    [
        "student",
        "teacher",
        "administrator",
        "aide",
        "proctor",
        "counselor",
        "guardian",
        "parent",
        "relative",
    ];

    private readonly IReadOnlyList<RoleRule> rules;

    private RoleRules(IReadOnlyList<RoleRule> rules)
    {
        this.rules = rules;
        Schools =
        [
            .. rules
                .Where(rule => rule.School is not null)
                .Select(rule => rule.School!)
                .DistinctBy(school => school.SourcedId, StringComparer.Ordinal),
        ];
    }

    /// <summary>The lines with what they say, in their order.</summary>
    public IReadOnlyList<RoleRule> All => rules;

    /// <summary>The schools that the lines name, each once.</summary>
    public IReadOnlyList<DirectorySchool> Schools { get; }

    /// <summary>Reads the lines. Empty ones, and those that begin with #, say nothing.</summary>
    /// <exception cref="SourceException">Some are wrong; the message names each by its number and says why.</exception>
    public static RoleRules Parse(string? text)
    {
        var read = new List<RoleRule>();
        var problems = new List<string>();
        var lines = (text ?? "").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (Parse(line, i + 1, out var rule) is { } problem)
            {
                problems.Add(FormattableString.Invariant($"Line {i + 1} {problem}."));
            }
            else
            {
                read.Add(rule!);
            }
        }

        if (read.Count == 0 && problems.Count == 0)
        {
            problems.Add("There is no line.");
        }

        if (problems.Count == 0 && read.TrueForAll(rule => rule.School is null))
        {
            problems.Add("No line names a school, so that * means none.");
        }

        return problems.Count == 0
            ? new RoleRules(read)
            : throw new SourceException(
                SourceFailure.Configuration,
                CheckPart.Settings,
                $"The Rules can't be used. {string.Join(' ', problems)} Write one a line, such as: OU=Students,OU=Lincoln High => student, Lincoln High"
            );
    }

    /// <summary>What an entry is and where; null when no line fits it.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="fitting">Takes each line that fits it.</param>
    public Placement? Place(LdapEntry entry, ISet<RoleRule>? fitting = null)
    {
        if (DistinguishedName.Parse(entry.Name) is not { } name)
        {
            return null;
        }

        var groups = entry.Texts("memberOf").Select(DistinguishedName.Parse).OfType<DistinguishedName>().ToList();
        var all = rules.Where(rule => name.LiesIn(rule.Place) || groups.Exists(group => group.BeginsWith(rule.Place))).ToList();
        fitting?.UnionWith(all);
        if (all.Count == 0)
        {
            return null;
        }

        var same = all.FindAll(rule => string.Equals(rule.Role, all[0].Role, StringComparison.Ordinal));
        return new Placement(
            all[0].Role,
            same.Exists(rule => rule.School is null)
                ? Schools
                : [.. same.Select(rule => rule.School!).DistinctBy(school => school.SourcedId, StringComparer.Ordinal)]
        );
    }

    private static string? Parse(string line, int number, out RoleRule? rule)
    {
        rule = null;
        var arrow = line.LastIndexOf(Arrow, StringComparison.Ordinal);
        if (arrow < 0)
        {
            return "has no =>";
        }

        if (DistinguishedName.Parse(line[..arrow].Trim()) is not { } place)
        {
            return "has no OU or group before the =>, such as OU=Students,OU=Lincoln High";
        }

        var what = line[(arrow + Arrow.Length)..].Split(',', 2, StringSplitOptions.TrimEntries);
        var role = what[0].ToLowerInvariant();
        if (!Roles.Contains(role, StringComparer.Ordinal))
        {
            return $"has a role that there is not; it may be {string.Join(", ", Roles)}";
        }

        if (what.Length < 2 || what[1].Length == 0)
        {
            return "names no school after the role; write a comma and the school's name, or * for every school of these rules";
        }

        rule = new RoleRule(
            number,
            place,
            role,
            string.Equals(what[1], EverySchool, StringComparison.Ordinal) ? null : DirectorySchool.Named(what[1])
        );
        return null;
    }
}

/// <summary>One line.</summary>
/// <param name="Line">Its number in the setting, from 1.</param>
/// <param name="Place">The unit, container or group.</param>
/// <param name="Role">The role, in OneRoster's word.</param>
/// <param name="School">The school; null for every school.</param>
internal sealed record RoleRule(int Line, DistinguishedName Place, string Role, DirectorySchool? School);

/// <summary>What an entry is, and where.</summary>
internal sealed record Placement(string Role, IReadOnlyList<DirectorySchool> Schools);

/// <summary>A school that the rules name.</summary>
/// <param name="SourcedId">Its ID, which the name alone gives: the same in any case and with any blanks.</param>
/// <param name="Name">Its name as the first line that has it writes it.</param>
internal sealed record DirectorySchool(string SourcedId, string Name)
{
    public static DirectorySchool Named(string name)
    {
        var plain = string.Join(' ', name.Normalize().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return new DirectorySchool($"school:{plain.ToLowerInvariant()}", plain);
    }
}
