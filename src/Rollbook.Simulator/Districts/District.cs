using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator;

/// <summary>
/// The generated district: compact tables that scenarios change while readers wait.
/// Everything that reads or changes it goes through <see cref="Read{T}"/> or <see cref="Change{T}"/>.
/// </summary>
public sealed class District : IDisposable
{
    private readonly ReaderWriterLockSlim gate = new();
    private Table[] tables;

    internal District(SimulatorOptions options, DateOnly schoolYearStart)
    {
        Seed = options.Seed;
        Traits = ProfileTraits.Of(options.Profile);
        SchoolYearStart = FirstSchoolYearStart = schoolYearStart;
        Ids = new SourcedIds(options.Seed, options.SourcedIdStyle);
        tables = [Orgs, Sessions, Courses, Classes, Users, Enrollments, Demographics];
    }

    internal int Seed { get; }

    internal ProfileTraits Traits { get; }

    /// <summary>First day of the school year the district is in.</summary>
    public DateOnly SchoolYearStart { get; internal set; }

    /// <summary>First day of the school year the district was generated for.</summary>
    internal DateOnly FirstSchoolYearStart { get; }

    internal SourcedIds Ids { get; }

    internal Table<OrgRow> Orgs { get; private set; } = new(Kind.Orgs);

    internal Table<SessionRow> Sessions { get; private set; } = new(Kind.AcademicSessions);

    internal Table<CourseRow> Courses { get; private set; } = new(Kind.Courses);

    internal Table<ClassRow> Classes { get; private set; } = new(Kind.Classes);

    internal Table<UserRow> Users { get; private set; } = new(Kind.Users);

    internal Table<EnrollmentRow> Enrollments { get; private set; } = new(Kind.Enrollments);

    internal Table<DemographicsRow> Demographics { get; private set; } = new(Kind.Demographics);

    internal AgentLinks Agents { get; private set; } = new();

    internal Table Table(Kind kind) => tables[(int)kind];

    /// <summary>A record's sourcedId; demographics bear their student's.</summary>
    internal string SourcedId(Kind kind, int row)
    {
        if (kind == Kind.Demographics)
        {
            return SourcedId(Kind.Users, Demographics[row].User);
        }

        return Ids.Text(kind, row, Table(kind).Head(row).Generation);
    }

    /// <summary>Finds the row, active or removed, whose sourcedId this is now; −1 for none.</summary>
    internal int Find(Kind kind, string sourcedId)
    {
        if (kind == Kind.Demographics)
        {
            var user = Find(Kind.Users, sourcedId);
            return user < 0 ? -1 : Users[user].Demographics;
        }

        return
            Ids.TryParse(sourcedId, kind, out var row, out var generation)
            && row < Table(kind).Count
            && Table(kind).Head(row).Generation == generation
            ? row
            : -1;
    }

    internal int AddUser(UserRow user, long modified)
    {
        var row = Users.Add(user, modified);
        ref var added = ref Users[row];
        (added.FirstAgent, added.FirstEnrollment, added.Demographics) = (-1, -1, -1);
        return row;
    }

    internal int AddClass(ClassRow section, long modified)
    {
        var row = Classes.Add(section, modified);
        Classes[row].FirstEnrollment = -1;
        return row;
    }

    internal int Enroll(EnrollmentRow enrollment, long modified)
    {
        var row = Enrollments.Add(enrollment, modified);
        ref var added = ref Enrollments[row];
        ref var user = ref Users[enrollment.User];
        ref var section = ref Classes[enrollment.Class];
        (added.NextOfUser, added.NextOfClass) = (user.FirstEnrollment, section.FirstEnrollment);
        (user.FirstEnrollment, section.FirstEnrollment) = (row, row);
        return row;
    }

    internal int AddDemographics(int user, long modified)
    {
        var row = Demographics.Add(new DemographicsRow { User = user }, modified);
        Users[user].Demographics = row;
        return row;
    }

    /// <summary>Makes one person's enrollments another's.</summary>
    internal void MoveEnrollments(int from, int to)
    {
        for (var row = Users[from].FirstEnrollment; row >= 0; )
        {
            ref var enrollment = ref Enrollments[row];
            var next = enrollment.NextOfUser;
            (enrollment.User, enrollment.NextOfUser) = (to, Users[to].FirstEnrollment);
            Users[to].FirstEnrollment = row;
            row = next;
        }

        Users[from].FirstEnrollment = -1;
    }

    /// <summary>Takes the tables of a freshly generated district in place of its own.</summary>
    internal void TakeOver(District fresh)
    {
        foreach (var kind in Kinds.All)
        {
            fresh.Table(kind).ContinueVersion(Table(kind));
        }

        (Orgs, Sessions, Courses, Classes, Users, Enrollments, Demographics, Agents) = (
            fresh.Orgs,
            fresh.Sessions,
            fresh.Courses,
            fresh.Classes,
            fresh.Users,
            fresh.Enrollments,
            fresh.Demographics,
            fresh.Agents
        );
        tables = fresh.tables;
        SchoolYearStart = fresh.SchoolYearStart;
    }

    /// <summary>The person's active enrollments.</summary>
    internal IEnumerable<int> EnrollmentsOfUser(int user)
    {
        for (var row = Users[user].FirstEnrollment; row >= 0; row = Enrollments[row].NextOfUser)
        {
            if (Enrollments.IsActive(row))
            {
                yield return row;
            }
        }
    }

    /// <summary>The section's active enrollments.</summary>
    internal IEnumerable<int> EnrollmentsOfClass(int section)
    {
        for (var row = Classes[section].FirstEnrollment; row >= 0; row = Enrollments[row].NextOfClass)
        {
            if (Enrollments.IsActive(row))
            {
                yield return row;
            }
        }
    }

    /// <summary>The active people a person is an agent of or has as agents.</summary>
    internal IEnumerable<int> AgentsOf(int user)
    {
        foreach (var (_, other) in Agents.Of(user, Users[user]))
        {
            if (Users.IsActive(other))
            {
                yield return other;
            }
        }
    }

    /// <summary>Orgs a person belongs to, home school first; guardians belong where their students do.</summary>
    internal List<int> OrgsOf(int user)
    {
        var orgs = new List<int>(2);
        AddOrgs(user, orgs);
        if (Users[user].Role >= Role.Guardian)
        {
            foreach (var student in AgentsOf(user))
            {
                AddOrgs(student, orgs);
            }
        }

        if (orgs.Count == 0)
        {
            orgs.Add(0);
        }

        return orgs;
    }

    /// <summary>Looks at the district while nobody changes it. Calls may not be nested.</summary>
    internal T Read<T>(Func<District, T> look)
    {
        gate.EnterReadLock();
        try
        {
            return look(this);
        }
        finally
        {
            gate.ExitReadLock();
        }
    }

    /// <summary>Changes the district while nobody looks at it. Calls may not be nested.</summary>
    internal T Change<T>(Func<District, T> change)
    {
        gate.EnterWriteLock();
        try
        {
            return change(this);
        }
        finally
        {
            gate.ExitWriteLock();
        }
    }

    /// <inheritdoc />
    public void Dispose() => gate.Dispose();

    private void AddOrgs(int user, List<int> orgs)
    {
        ref readonly var person = ref Users[user];
        foreach (var org in (ReadOnlySpan<int>)[person.School, person.OtherSchool])
        {
            if (org >= 0 && Orgs.IsActive(org) && !orgs.Contains(org))
            {
                orgs.Add(org);
            }
        }
    }
}
