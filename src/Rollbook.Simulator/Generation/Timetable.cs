using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Generation;

/// <summary>
/// Opens a year's sections and enrolls students and staff into them. In elementary schools a group stays together all day with its
/// homeroom; in secondary schools each period mixes the grade anew, and some classes last one semester only.
/// </summary>
internal sealed class Timetable(District district, SchoolYear year, int slots, Func<Kind, int, long> stamp)
{
    private const int GroupSize = 25;
    private Dictionary<int, int> localCourses = [];

    /// <summary>
    /// Makes the whole district's timetable for people where <paramref name="place"/> says they will be;
    /// <paramref name="students"/> is only for reserving room.
    /// </summary>
    public void Fill(int students, Func<UserRow, (int School, sbyte Grade)?> place)
    {
        var sections = (students * slots / 18) + 64;
        district.Classes.EnsureCapacity(district.Classes.Count + sections);
        district.Enrollments.EnsureCapacity(district.Enrollments.Count + (students * slots) + (sections * 3 / 2) + (students / 10));
        localCourses = Enumerable
            .Range(0, district.Courses.Count)
            .Where(course => district.Courses[course].Org > 0 && district.Courses.IsActive(course))
            .ToDictionary(course => district.Courses[course].Org);
        foreach (var (school, people) in SchoolPeople.Gather(district, place))
        {
            FillSchool(school, people);
        }
    }

    private void FillSchool(int school, SchoolPeople people)
    {
        var elementary = district.Orgs[school].Level == SchoolLevel.Elementary;
        var (groupBefore, turn) = (0, 0);
        for (var grade = Grades.First; grade <= Grades.Last; grade++)
        {
            var cohort = people.Students(grade);
            var groups = (cohort.Count + GroupSize - 1) / GroupSize;
            for (var slot = 0; slot < slots && groups > 0; slot++)
            {
                var first = district.Classes.Count;
                for (var group = 0; group < groups; group++, turn++)
                {
                    var section = OpenSection(school, elementary, grade, slot, group);
                    var teacher = elementary && slot < 5 ? groupBefore + group : turn;
                    StaffSection(section, people, teacher, turn);
                }

                for (var seat = 0; seat < cohort.Count; seat++)
                {
                    var group = elementary ? seat % groups : (seat + (slot * (seat / groups))) % groups;
                    Enroll(cohort[seat], first + group, Role.Student, primary: false);
                }
            }

            groupBefore += groups;
        }
    }

    private int OpenSection(int school, bool elementary, sbyte grade, int slot, int group)
    {
        var (firstTerm, termCount) = year.TermsOf(school);
        var oneSemester = !elementary && slot % 4 == 3;
        var local = slot == slots - 1 && group % 2 == 1 && localCourses.TryGetValue(school, out var course) ? course : -1;
        var section = new ClassRow
        {
            Course = local >= 0 ? local : Catalogue.CourseOf(grade, slot, slots),
            School = school,
            FirstTerm = oneSemester ? firstTerm + (group % 2) : firstTerm,
            TermCount = (byte)(oneSemester ? 1 : termCount),
            Section = (ushort)(group + 1),
            Room = (ushort)(100 + (((grade * 31) + (slot * 17) + (group * 3)) % 180)),
            Period = (byte)(slot + 1),
            Homeroom = elementary && slot == 0,
            Grade = grade,
        };
        return district.AddClass(section, stamp(Kind.Classes, district.Classes.Count));
    }

    private void StaffSection(int section, SchoolPeople people, int teacher, int turn)
    {
        var teachers = people.Teachers;
        if (teachers.Count == 0)
        {
            return;
        }

        Enroll(teachers[teacher % teachers.Count], section, Role.Teacher, primary: true);
        if (turn % 9 == 4 && teachers.Count > 1)
        {
            Enroll(teachers[(teacher + 1) % teachers.Count], section, Role.Teacher, primary: false);
        }

        if (turn % 17 == 3 && people.Proctors.Count > 0)
        {
            Enroll(people.Proctors[turn % people.Proctors.Count], section, Role.Proctor, primary: false);
        }
    }

    private void Enroll(int user, int section, Role role, bool primary)
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
        district.Enroll(enrollment, stamp(Kind.Enrollments, district.Enrollments.Count));
    }
}
