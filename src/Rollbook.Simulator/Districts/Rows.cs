namespace Rollbook.Simulator.Districts;

internal enum OrgType : byte
{
    District,
    School,
}

internal enum SchoolLevel : byte
{
    None,
    Elementary,
    Middle,
    High,
}

internal enum SessionType : byte
{
    SchoolYear,
    Term,
    Semester,
    GradingPeriod,
}

internal enum Role : byte
{
    Student,
    Teacher,
    Aide,
    Proctor,
    Administrator,
    Guardian,
    Parent,
    Relative,
}

/// <summary>A district or school. <c>Parent</c> is the district's row, −1 for the district itself.</summary>
internal struct OrgRow
{
    public OrgType Type;
    public SchoolLevel Level;
    public int Parent;
    public string Name;
    public string Code;
}

/// <summary>A school year, term or grading period. <c>School</c> is the district's row for the school year; the end is exclusive.</summary>
internal struct SessionRow
{
    public SessionType Type;
    public int School;
    public int Parent;
    public string Title;
    public Day Start;
    public Day End;
    public short Year;
}

/// <summary>A course of the district's catalogue, or of one school.</summary>
internal struct CourseRow
{
    public int Org;
    public int SchoolYear;
    public string Title;
    public string Code;
    public byte Subject;
    public sbyte Grade;
}

/// <summary>A section. Its terms are <c>TermCount</c> neighbours from <c>FirstTerm</c> on; its enrollments are a chain.</summary>
internal struct ClassRow
{
    public int Course;
    public int School;
    public int FirstTerm;
    public int FirstEnrollment;
    public ushort Section;
    public ushort Room;
    public byte TermCount;
    public byte Period;
    public bool Homeroom;
    public sbyte Grade;
}

/// <summary>A person. Names are places in the name lists; enrollments and agents are chains; −1 stands for none.</summary>
internal struct UserRow
{
    public int School;
    public int OtherSchool;
    public int FirstEnrollment;
    public int FirstAgent;
    public int Demographics;
    public ushort Given;
    public ushort Middle;
    public ushort Family;
    public Role Role;
    public sbyte Grade;
    public bool Disabled;
    public bool NoEmail;
}

/// <summary>One person in one section, a link in two chains: the person's and the section's.</summary>
internal struct EnrollmentRow
{
    public int User;
    public int Class;
    public int NextOfUser;
    public int NextOfClass;
    public Day Begin;
    public Day End;
    public Role Role;
    public bool Primary;
}

/// <summary>Demographics of one student; the values follow from the seed and the student's row.</summary>
internal struct DemographicsRow
{
    public int User;
}

/// <summary>Student and guardian belong together; a link in both persons' chains, so that agents are always two-way.</summary>
internal struct AgentLink
{
    public int Student;
    public int Guardian;
    public int NextOfStudent;
    public int NextOfGuardian;
    public bool Cut;
}
