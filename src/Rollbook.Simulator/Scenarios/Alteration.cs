using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Scenarios;

/// <summary>One change of the district while it is being made: does it, stamps it with one moment, and keeps account of every record it touches.</summary>
internal sealed class Alteration(District district, long now)
{
    private readonly Account[] accounts = [.. Kinds.All.Select(_ => new Account())];

    public District District => district;

    /// <summary>Unix milliseconds; the dateLastModified of everything touched.</summary>
    public long Now => now;

    /// <summary>Says that a record now reads differently.</summary>
    public void Updated(Kind kind, int row)
    {
        district.Table(kind).Touch(row, now);
        accounts[(int)kind].Updated.Add(row);
    }

    /// <summary>Says that a row was added.</summary>
    public int Created(Kind kind, int row)
    {
        accounts[(int)kind].Created.Add(row);
        return row;
    }

    /// <summary>Says that every row from this one on was added.</summary>
    public void CreatedFrom(Kind kind, int first)
    {
        for (var row = first; row < district.Table(kind).Count; row++)
        {
            Created(kind, row);
        }
    }

    public void Remove(Kind kind, int row)
    {
        if (district.Table(kind).IsActive(row))
        {
            district.Table(kind).Remove(row, now);
            accounts[(int)kind].Deleted.Add(row);
        }
    }

    /// <summary>Gives a record a new sourcedId; demographics follow their user's.</summary>
    public void Rekey(Kind kind, int row)
    {
        accounts[(int)kind].OldIds.Add(district.SourcedId(kind, row));
        accounts[(int)kind].Created.Add(row);
        if (kind != Kind.Demographics)
        {
            district.Table(kind).Rekey(row, now);
        }
        else
        {
            district.Table(kind).Touch(row, now);
        }
    }

    /// <summary>Enrolls a person in a section for what is left of the section's terms.</summary>
    public void Enroll(int user, int section, Role role, bool primary = false)
    {
        ref readonly var row = ref district.Classes[section];
        var enrollment = new EnrollmentRow
        {
            User = user,
            Class = section,
            Role = role,
            Primary = primary,
            Begin = district.Sessions[row.FirstTerm].Start,
            End = district.Sessions[row.FirstTerm + row.TermCount - 1].End,
        };
        Created(Kind.Enrollments, district.Enroll(enrollment, now));
    }

    public ScenarioResult Finish(string scenario)
    {
        var effects = new Dictionary<string, Effects>(StringComparer.Ordinal);
        foreach (var kind in Kinds.All)
        {
            var account = accounts[(int)kind];
            account.Updated.ExceptWith(account.Created);
            account.Updated.ExceptWith(account.Deleted);
            if (account.IsEmpty)
            {
                continue;
            }

            // What came and went within one scenario was never there for anyone to see.
            effects[kind.CollectionName()] = new Effects(
                Ids(kind, account.Created.Except(account.Deleted)),
                Ids(kind, account.Updated),
                [.. Ids(kind, account.Deleted.Except(account.Created)), .. account.OldIds]
            );
        }

        return new ScenarioResult(scenario, effects);
    }

    private List<string> Ids(Kind kind, IEnumerable<int> rows) => [.. rows.Select(row => district.SourcedId(kind, row))];

    private sealed class Account
    {
        public HashSet<int> Created { get; } = [];

        public HashSet<int> Updated { get; } = [];

        public HashSet<int> Deleted { get; } = [];

        public List<string> OldIds { get; } = [];

        public bool IsEmpty => Created.Count + Updated.Count + Deleted.Count + OldIds.Count == 0;
    }
}
