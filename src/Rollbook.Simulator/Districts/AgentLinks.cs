namespace Rollbook.Simulator.Districts;

/// <summary>Who is whose guardian: one link in two chains, so that the agents of both sides always agree.</summary>
internal sealed class AgentLinks
{
    private AgentLink[] links = [];

    public int Count { get; private set; }

    public void EnsureCapacity(int count)
    {
        if (links.Length < count)
        {
            Array.Resize(ref links, count);
        }
    }

    public void Join(District district, int student, int guardian)
    {
        if (Count == links.Length)
        {
            EnsureCapacity(Math.Max(16, Count + (Count / 2)));
        }

        ref var ofStudent = ref district.Users[student].FirstAgent;
        ref var ofGuardian = ref district.Users[guardian].FirstAgent;
        links[Count] = new AgentLink
        {
            Student = student,
            Guardian = guardian,
            NextOfStudent = ofStudent,
            NextOfGuardian = ofGuardian,
        };
        (ofStudent, ofGuardian) = (Count, Count);
        Count++;
    }

    public void Cut(int link) => links[link].Cut = true;

    /// <summary>The links of a person that are not cut, each with the person at its other end.</summary>
    public IEnumerable<(int Link, int Other)> Of(int user, UserRow row)
    {
        for (var link = row.FirstAgent; link >= 0; )
        {
            var at = links[link];
            var isStudent = at.Student == user;
            if (!at.Cut)
            {
                yield return (link, isStudent ? at.Guardian : at.Student);
            }

            link = isStudent ? at.NextOfStudent : at.NextOfGuardian;
        }
    }
}
