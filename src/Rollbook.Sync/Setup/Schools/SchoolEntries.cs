using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Setup.Schools;

/// <summary>Makes the rows of Schools Mapping: what the source has beside what the mapping says and what the roster has.</summary>
internal sealed class SchoolEntries(
    AppSetup setup,
    IReadOnlyList<KnownOrg> known,
    IReadOnlyList<RosterRecord> published,
    IReadOnlyDictionary<Kind, IReadOnlyList<SchoolGroup>> groups
)
{
    private readonly SchoolsMapping mapping = setup.Configuration.Schools;

    internal List<SchoolEntry> Make()
    {
        var rows = mapping.Mapped.ToDictionary(row => row.Source, StringComparer.Ordinal);
        var leftOut = mapping.LeftOut.ToHashSet(StringComparer.Ordinal);
        var inRoster = published.Select(school => school.Id).ToHashSet();
        var students = PeopleBySchool(Kind.Student);
        var staff = PeopleBySchool(Kind.Teacher, Kind.Admin);
        var entries = new List<SchoolEntry>();
        foreach (var org in known)
        {
            rows.Remove(org.Org.SourcedId, out var row);
            var isPublished = inRoster.Contains(org.Id);
            var isMapped = row is not null || (mapping.Auto && !org.IsGone && !leftOut.Contains(org.Org.SourcedId));
            if (org.IsGone && !isMapped && !isPublished)
            {
                continue;
            }

            entries.Add(
                new SchoolEntry
                {
                    Source = org.Org.SourcedId,
                    Id = org.Id,
                    Name = org.Org.Name.Length > 0 ? org.Org.Name : org.Org.SourcedId,
                    Type = org.Org.Type,
                    Code = org.Org.Identifier,
                    IsSchool = org.Org.IsSchool,
                    Students = isPublished ? students.GetValueOrDefault(org.Id) : org.Students,
                    Staff = isPublished ? staff.GetValueOrDefault(org.Id) : org.Staff,
                    IsGone = org.IsGone,
                    NameNow = org.NameNow,
                    IsPublished = isPublished,
                    Row = row,
                    IsMapped = isMapped,
                }
            );
        }

        entries.AddRange(rows.Values.Select(OnlyMapped));
        return
        [
            .. entries
                .OrderBy(entry => !entry.IsSchool)
                .ThenBy(entry => entry.Name, StringComparer.CurrentCultureIgnoreCase)
                .ThenBy(entry => entry.Source, StringComparer.Ordinal),
        ];

        // A mapping written into the file for a school that the source does not have, or that was part of another and is gone.
        SchoolEntry OnlyMapped(SchoolMapping row)
        {
            var id = RollbookId.Derive(IdsOf(), row.Source);
            return new SchoolEntry
            {
                Source = row.Source,
                Id = id,
                Name = row.Create is { Length: > 0 } name ? name : row.Source,
                IsGone = known.Count > 0,
                IsPublished = inRoster.Contains(id),
                Row = row,
                IsMapped = true,
            };
        }
    }

    private IdScope IdsOf() => new(District, setup.App, Family.Org, setup.Configuration.Advanced.SisIdPrefix);

    /// <summary>The district's short name.</summary>
    internal required string District { get; init; }

    private Dictionary<RollbookId, long> PeopleBySchool(params Kind[] kinds)
    {
        var people = new Dictionary<RollbookId, long>();
        foreach (var group in kinds.SelectMany(kind => groups[kind]))
        {
            foreach (var school in group.Schools)
            {
                people[school] = people.GetValueOrDefault(school) + group.Count;
            }
        }

        return people;
    }
}
