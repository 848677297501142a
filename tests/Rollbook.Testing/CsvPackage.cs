using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Rollbook.Testing;

/// <summary>A OneRoster CSV package that a test makes, and spoils as it likes: the text of each file by its name.</summary>
public sealed class CsvPackage
{
    private readonly Dictionary<string, byte[]> files = new(StringComparer.Ordinal);

    /// <summary>Names of the files, in order of making.</summary>
    public IEnumerable<string> Names => files.Keys;

    /// <summary>A file's text.</summary>
    public string this[string name]
    {
        get => Encoding.UTF8.GetString(files[name]);
        set => files[name] = Encoding.UTF8.GetBytes(value);
    }

    /// <summary>A small district: a school year with two terms, <paramref name="schools"/> schools, a teacher and twenty students for each class, a guardian for each student.</summary>
    public static CsvPackage District(string version = "1.1", int schools = 2, int classes = 5, int students = 20, string mode = "bulk")
    {
        var package = new CsvPackage();
        var is12 = version == "1.2";
        var date = mode == "bulk" ? "," : "active,2026-11-24T02:00:00.000Z";
        var orgs = new StringBuilder(
            $"sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\nD,{date},Riverside Unified,district,D0,\n"
        );
        var courses = new StringBuilder(
            $"sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes\nENG,{date},Y27,English 9,ENG9,\"09,10\",D,English,01001\n"
        );
        var sections = new StringBuilder(
            "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods\n"
        );
        var users = new StringBuilder(
            is12
                ? "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,preferredGivenName,preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns,metadata.house\n"
                : "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,metadata.house\n"
        );
        var roles = new StringBuilder(
            "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId\n"
        );
        var demographics = new StringBuilder(
            "sourcedId,status,dateLastModified,birthDate,sex,americanIndianOrAlaskaNative,asian,blackOrAfricanAmerican,nativeHawaiianOrOtherPacificIslander,white,demographicRaceTwoOrMoreRaces,hispanicOrLatinoEthnicity,countryOfBirthCode,stateOfBirthAbbreviation,cityOfBirth,publicSchoolResidenceStatus\n"
        );
        var enrollments = new StringBuilder(
            "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate\n"
        );
        for (var s = 0; s < schools; s++)
        {
            orgs.Append(CultureInfo.InvariantCulture, $"S{s},{date},\"School {s}, Riverside\",school,{100 + s},D\n");
            for (var c = 0; c < classes; c++)
            {
                var section = $"C{s}-{c}";
                sections.Append(
                    CultureInfo.InvariantCulture,
                    $"{section},{date},English 9 - {c},09,ENG,ENG9-{s}{c},scheduled,R{c},S{s},\"T1,T2\",English,01001,\"1,2\"\n"
                );
                Person($"T{s}-{c}", "teacher", $"S{s}", "Ada", $"Teacher{s}{c}", "", "");
                enrollments.Append(CultureInfo.InvariantCulture, $"E{s}-{c}-T,{date},{section},S{s},T{s}-{c},teacher,true,2026-08-16,2027-06-10\n");
                for (var p = 0; p < students; p++)
                {
                    var id = $"P{s}-{c}-{p}";
                    Person(id, "student", $"S{s}", "Iris", $"Pupil{s}{c}{p}", $"G{s}-{c}-{p}", "09");
                    Person($"G{s}-{c}-{p}", "guardian", $"S{s}", "Gus", $"Pupil{s}{c}{p}", id, "");
                    demographics.Append(
                        CultureInfo.InvariantCulture,
                        $"{id},{date},2011-0{1 + (p % 9)}-1{p % 9},female,false,false,false,false,true,false,false,US,CA,Riverside,\n"
                    );
                    enrollments.Append(
                        CultureInfo.InvariantCulture,
                        $"E{s}-{c}-{p},{date},{section},S{s},{id},student,false,2026-08-16,2027-06-10\n"
                    );
                }
            }
        }

        package["manifest.csv"] = Manifest(version, mode, is12);
        package["academicSessions.csv"] =
            $"sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear\nY27,{date},2026-2027,schoolYear,2026-08-16,2027-06-10,,2027\nT1,{date},Fall,semester,2026-08-16,2026-12-18,Y27,2027\nT2,{date},Spring,semester,2027-01-05,2027-06-10,Y27,2027\n";
        package["orgs.csv"] = orgs.ToString();
        package["courses.csv"] = courses.ToString();
        package["classes.csv"] = sections.ToString();
        package["users.csv"] = users.ToString();
        if (is12)
        {
            package["roles.csv"] = roles.ToString();
        }

        package["demographics.csv"] = demographics.ToString();
        package["enrollments.csv"] = enrollments.ToString();
        return package;

        void Person(string id, string role, string org, string given, string family, string agents, string grades)
        {
            var name = family.ToLowerInvariant() + (role == "guardian" ? ".g" : "");
            users.Append(
                is12
                    ? $"{id},{date},true,{name},{{stateID:9{id}}},{given},{family},,N{id},{name}@riverside.example,,,{agents},{grades},,,,,,{org},,Blue\n"
                    : $"{id},{date},true,{org},{role},{name},{{stateID:9{id}}},{given},{family},,N{id},{name}@riverside.example,,,{agents},{grades},,Blue\n"
            );
            roles.Append(CultureInfo.InvariantCulture, $"R-{id},{date},{id},primary,{role},,,{org},\n");
        }
    }

    /// <summary>A manifest that marks the roster's files so and all others absent.</summary>
    public static string Manifest(string version, string mode, bool roles = false) =>
        $"""
            propertyName,value
            manifest.version,1.0
            oneroster.version,{version}
            file.academicSessions,{mode}
            file.categories,absent
            file.classes,{mode}
            file.classResources,absent
            file.courses,{mode}
            file.courseResources,absent
            file.demographics,{mode}
            file.enrollments,{mode}
            file.lineItems,absent
            file.orgs,{mode}
            file.resources,absent
            file.results,absent
            file.users,{mode}
            {(roles ? $"file.roles,{mode}\nfile.userProfiles,absent" : "source.systemName,Test SIS")}

            """.ReplaceLineEndings("\n");

    /// <summary>The sourcedIds of a file, header left out.</summary>
    public IEnumerable<string> Ids(string name) =>
        this[name].Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')[0].Trim('"'));

    /// <summary>Keeps only the rows of a file that a test passes.</summary>
    public CsvPackage Keep(string name, Func<string, bool> test)
    {
        if (!files.ContainsKey(name))
        {
            return this;
        }

        var lines = this[name].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        this[name] = string.Join('\n', lines.Take(1).Concat(lines.Skip(1).Where(test))) + "\n";
        return this;
    }

    /// <summary>Replaces a text in a file.</summary>
    public CsvPackage Replace(string name, string old, string now)
    {
        this[name] = this[name].Replace(old, now, StringComparison.Ordinal);
        return this;
    }

    /// <summary>Takes a file out.</summary>
    public CsvPackage Remove(string name)
    {
        files.Remove(name);
        return this;
    }

    /// <summary>Sets a file's bytes.</summary>
    public CsvPackage Set(string name, byte[] bytes)
    {
        files[name] = bytes;
        return this;
    }

    /// <summary>The package as a ZIP file.</summary>
    public byte[] Zip(CompressionLevel level = CompressionLevel.Fastest)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in files)
            {
                using var entry = zip.CreateEntry(name, level).Open();
                entry.Write(bytes);
            }
        }

        return stream.ToArray();
    }

    /// <summary>Writes it as a ZIP file.</summary>
    public void WriteZip(string path) => File.WriteAllBytes(path, Zip());

    /// <summary>Writes it unpacked into a folder.</summary>
    public void WriteFolder(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, bytes) in files)
        {
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
        }
    }
}
