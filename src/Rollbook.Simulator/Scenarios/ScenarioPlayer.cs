using Rollbook.Simulator.Districts;
using Rollbook.Simulator.Faults;
using Rollbook.Simulator.Generation;
using Rollbook.Simulator.Rest;
using Rollbook.Simulator.Scenarios;

namespace Rollbook.Simulator;

/// <summary>
/// Changes the SIS as its users do. Every scenario returns exactly which records it created, updated and deleted. Where no record is named,
/// the first that fits is taken. With <c>leaveOrphans</c> the enrollments of what goes stay in the feed, as untidy SISs leave them.
/// A sourcedId that names no fitting record fails with <see cref="ArgumentException"/>, and nothing is changed.
/// </summary>
public sealed class ScenarioPlayer
{
    private readonly District district;
    private readonly SimulatorOptions options;
    private readonly FaultBoard faults;
    private long lastChange;

    internal ScenarioPlayer(District district, SimulatorOptions options, FaultBoard faults) =>
        (this.district, this.options, this.faults) = (district, options, faults);

    /// <summary>Students are admitted, each with a guardian, demographics and sections; to the school named or the first.</summary>
    public ScenarioResult NewStudent(int count = 1, string? school = null) =>
        Play(
            "newStudent",
            a =>
            {
                var d = a.District;
                var org = Choice.School(d, school);
                var grade = Grades.Of(d.Orgs[org].Level, preschool: false).Low;
                for (var i = 0; i < count; i++)
                {
                    Arrivals.Student(a, org, grade);
                }
            }
        );

    /// <summary>A student leaves the district.</summary>
    public ScenarioResult Withdrawal(string? student = null, bool leaveOrphans = false) =>
        Play("withdrawal", a => Departures.Student(a, Choice.Student(a.District, student), leaveOrphans));

    /// <summary>A student changes to another school of the same level: other org, other sections; past enrollments are ended by removal.</summary>
    public ScenarioResult Transfer(string? student = null) =>
        Play(
            "transfer",
            a =>
            {
                var d = a.District;
                var user = Choice.MobileStudent(d, student);
                foreach (var enrollment in d.EnrollmentsOfUser(user).ToList())
                {
                    a.Remove(Kind.Enrollments, enrollment);
                }

                Arrivals.Move(a, user, Arrivals.SisterSchool(d, d.Users[user].School), -1, d.Users[user].Grade);
                Arrivals.IntoSections(a, user);
            }
        );

    /// <summary>A student also attends another school of the same level, and one section there.</summary>
    public ScenarioResult ConcurrentEnrollment(string? student = null) =>
        Play(
            "concurrentEnrollment",
            a =>
            {
                var d = a.District;
                var user = Choice.MobileStudent(d, student);
                var other = Arrivals.SisterSchool(d, d.Users[user].School);
                Arrivals.Move(a, user, d.Users[user].School, other, d.Users[user].Grade);
                a.Enroll(
                    user,
                    Choice.Of(d, Kind.Classes, null, section => d.Classes[section].School == other, "active class of the second school"),
                    Role.Student
                );
            }
        );

    /// <summary>A student's schedule changes: one enrollment goes, one in another section of the same school and period comes.</summary>
    public ScenarioResult ScheduleChange(string? student = null) =>
        Play(
            "scheduleChange",
            a =>
            {
                var d = a.District;
                var user = Choice.Of(
                    d,
                    Kind.Users,
                    student,
                    row => d.Users[row].Role == Role.Student && Choice.Exchange(d, row) is not null,
                    "active student with another section to go to"
                );
                var (enrollment, section) = Choice.Exchange(d, user)!.Value;
                a.Remove(Kind.Enrollments, enrollment);
                a.Enroll(user, section, Role.Student);
            }
        );

    /// <summary>A student left and came back: every enrollment is ended (updated), and a second one of the same section begins today.</summary>
    public ScenarioResult ReEntry(string? student = null) =>
        Play(
            "reEntry",
            a =>
            {
                var d = a.District;
                var user = Choice.Student(d, student);
                foreach (var enrollment in d.EnrollmentsOfUser(user).ToList())
                {
                    ref var row = ref d.Enrollments[enrollment];
                    var again = row;
                    row.End = row.Begin.Plus(10);
                    again.Begin = row.Begin.Plus(20);
                    a.Updated(Kind.Enrollments, enrollment);
                    a.Created(Kind.Enrollments, d.Enroll(again, a.Now));
                }
            }
        );

    /// <summary>A person takes another family name, and with it another user name and address.</summary>
    public ScenarioResult NameChange(string? user = null) =>
        Play(
            "nameChange",
            a =>
            {
                var row = Choice.Of(a.District, Kind.Users, user, _ => true, "active user");
                ref var person = ref a.District.Users[row];
                person.Family = (ushort)((person.Family + 1) % Names.FamilyCount);
                a.Updated(Kind.Users, row);
            }
        );

    /// <summary>A section is opened beside the one named: same course, own teacher, and up to ten of its students besides their other sections.</summary>
    public ScenarioResult SectionAdded(string? beside = null) =>
        Play(
            "sectionAdded",
            a =>
            {
                var d = a.District;
                var pattern = Choice.Section(d, beside);
                var section = d.Classes[pattern];
                section.Section = (ushort)(
                    1
                    + Enumerable
                        .Range(0, d.Classes.Count)
                        .Where(row => d.Classes[row].School == section.School && d.Classes[row].Course == section.Course)
                        .Max(row => d.Classes[row].Section)
                );
                var row = a.Created(Kind.Classes, d.AddClass(section, a.Now));
                foreach (
                    var enrollment in d.EnrollmentsOfClass(pattern)
                        .Where(enrollment => d.Enrollments[enrollment].Role == Role.Student)
                        .Take(10)
                        .ToList()
                )
                {
                    a.Enroll(d.Enrollments[enrollment].User, row, Role.Student);
                }

                foreach (var enrollment in Choice.Teachers(d, pattern).Take(1).ToList())
                {
                    a.Enroll(d.Enrollments[enrollment].User, row, Role.Teacher, primary: true);
                }
            }
        );

    /// <summary>A section is dissolved.</summary>
    public ScenarioResult SectionRemoved(string? section = null, bool leaveOrphans = false) =>
        Play("sectionRemoved", a => Departures.Section(a, Choice.Section(a.District, section), leaveOrphans));

    /// <summary>A teacher leaves; their sections stay without them.</summary>
    public ScenarioResult TeacherLeaves(string? teacher = null, bool leaveOrphans = false) =>
        Play("teacherLeaves", a => Departures.StaffMember(a, Choice.Teacher(a.District, teacher), leaveOrphans));

    /// <summary>Another teacher takes the co-teacher's place in a section: one enrollment goes, one comes.</summary>
    public ScenarioResult CoTeacherSwap(string? section = null) =>
        Play(
            "coTeacherSwap",
            a =>
            {
                var d = a.District;
                var row = Choice.CoTaughtSection(d, section);
                var old = Choice.Teachers(d, row).First(enrollment => !d.Enrollments[enrollment].Primary);
                var present = Choice.Teachers(d, row).Select(enrollment => d.Enrollments[enrollment].User).ToHashSet();
                var next = Choice.Of(
                    d,
                    Kind.Users,
                    null,
                    user => d.Users[user].Role == Role.Teacher && !present.Contains(user),
                    "teacher to take the place"
                );
                a.Remove(Kind.Enrollments, old);
                a.Enroll(next, row, Role.Teacher);
            }
        );

    /// <summary>A guardian, parent or relative is struck off.</summary>
    public ScenarioResult GuardianLeaves(string? guardian = null) =>
        Play("guardianLeaves", a => Departures.Guardian(a, Choice.Guardian(a.District, guardian)));

    /// <summary>A school of an active school's level opens and takes some of its students; the first of the new school's classes are still to come.</summary>
    public ScenarioResult SchoolOpened(string? beside = null, int students = 10) =>
        Play("schoolOpened", a => SchoolOpening.Play(a, Choice.School(a.District, beside), students));

    /// <summary>A school takes another name.</summary>
    public ScenarioResult SchoolRenamed(string? school = null, string name = "Renamed Academy") =>
        Play(
            "schoolRenamed",
            a =>
            {
                var row = Choice.School(a.District, school);
                a.District.Orgs[row].Name = name;
                a.Updated(Kind.Orgs, row);
            }
        );

    /// <summary>A school closes; its people move to a sister school, or leave where there is none.</summary>
    public ScenarioResult SchoolClosed(string? school = null) => Play("schoolClosed", a => SchoolClosing.Play(a, Choice.School(a.District, school)));

    /// <summary>The next school year comes: beside this one when <paramref name="parallel"/>, else in its place with everyone promoted.</summary>
    public ScenarioResult NewYearRollover(bool parallel = false) =>
        Play("newYearRollover", a => YearRollover.Play(a, parallel, options.EnrollmentsPerStudent));

    /// <summary>A duplicate student record is merged into the survivor.</summary>
    public ScenarioResult StudentMerge(string? survivor = null, string? duplicate = null) =>
        Play(
            "studentMerge",
            a =>
            {
                var kept = Choice.Student(a.District, survivor);
                var merged = Choice.Of(
                    a.District,
                    Kind.Users,
                    duplicate,
                    row => row != kept && a.District.Users[row].Role == Role.Student,
                    "second active student"
                );
                StudentMerging.Play(a, kept, merged);
            }
        );

    /// <summary>A share of the students (0 to 1) is lost, spread evenly, with all that goes with them.</summary>
    public ScenarioResult MassWipe(double share) =>
        Play(
            "massWipe",
            a =>
            {
                Choice.CheckShare(share);
                var d = a.District;
                var students = Enumerable.Range(0, d.Users.Count).Where(row => d.Users.IsActive(row) && d.Users[row].Role == Role.Student).ToList();
                foreach (var student in students.Where((_, place) => (int)((place + 1) * share) > (int)(place * share)))
                {
                    Departures.Student(a, student, leaveOrphans: false);
                }
            }
        );

    /// <summary>One collection serves no records although there are some, until the faults are set anew; no record changes.</summary>
    public ScenarioResult EmptyCollection(string collection)
    {
        if (!Operations.All.Any(operation => operation.Path.Equals(collection, StringComparison.OrdinalIgnoreCase)))
        {
            throw new ArgumentException($"There is no collection '{collection}'.", nameof(collection));
        }

        faults.Current = faults.Current with { EmptyCollections = [.. faults.Current.EmptyCollections, collection] };
        return new ScenarioResult("emptyCollection", new Dictionary<string, Effects>(StringComparer.Ordinal));
    }

    /// <summary>Records of these kinds (all when null) get new sourcedIds, as after a migration of the SIS; the old ids are unknown from then on.</summary>
    public ScenarioResult IdReKey(IReadOnlyCollection<Kind>? kinds = null) => Play("idReKey", a => Rekeying.Play(a, kinds ?? [.. Kinds.All]));

    /// <summary>The nightly job touches every record of these kinds (all when null): dateLastModified moves, nothing else.</summary>
    public ScenarioResult TouchAll(IReadOnlyCollection<Kind>? kinds = null) =>
        Play(
            "touchAll",
            a =>
            {
                foreach (var kind in kinds ?? [.. Kinds.All])
                {
                    for (var row = 0; row < a.District.Table(kind).Count; row++)
                    {
                        if (a.District.Table(kind).IsActive(row))
                        {
                            a.Updated(kind, row);
                        }
                    }
                }
            }
        );

    /// <summary>Demographics of a share of the students (0 to 1) are no longer kept.</summary>
    public ScenarioResult RemoveDemographics(double share = 1) =>
        Play(
            "removeDemographics",
            a =>
            {
                Choice.CheckShare(share);
                var table = a.District.Demographics;
                var active = Enumerable.Range(0, table.Count).Where(table.IsActive).ToList();
                foreach (var row in active.Where((_, place) => (int)((place + 1) * share) > (int)(place * share)))
                {
                    a.Remove(Kind.Demographics, row);
                }
            }
        );

    /// <summary>The district is generated anew, as it was at the start; faults stand as they are. Reports no effects.</summary>
    public ScenarioResult Reset()
    {
        using var fresh = DistrictGenerator.Generate(options with { SchoolYearStart = district.FirstSchoolYearStart });
        district.Change(d =>
        {
            d.TakeOver(fresh);
            return true;
        });
        return new ScenarioResult("reset", new Dictionary<string, Effects>(StringComparer.Ordinal));
    }

    private ScenarioResult Play(string name, Action<Alteration> change) =>
        district.Change(d =>
        {
            // Every scenario has a later moment than the one before, whatever the clock does.
            lastChange = Math.Max(lastChange + 1, options.Time.GetUtcNow().ToUnixTimeMilliseconds());
            var alteration = new Alteration(d, lastChange);
            change(alteration);
            return alteration.Finish(name);
        });
}
