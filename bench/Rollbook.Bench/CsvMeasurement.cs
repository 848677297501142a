using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using nietras.SeparatedValues;

namespace Rollbook.Bench;

/// <summary>
/// A OneRoster CSV package of many enrollments, imported by the real program, beside plain reading of the same file: every entry unpacked and every row found, nothing else.
/// </summary>
internal static class CsvMeasurement
{
    private const string Program = "rollbook.dll";
    private const int PerStudent = 10;
    private const int Schools = 50;
    private const int Classes = 5_000;

    /// <summary>Measures, and prints a table.</summary>
    internal static async Task<int> RunAsync(int enrollments)
    {
        var folder = Directory.CreateTempSubdirectory("rollbook-bench-csv-").FullName;
        try
        {
            var zip = Path.Combine(folder, "roster.zip");
            await Console.Error.WriteLineAsync("Writing the package");
            var bytes = Write(zip, enrollments);
            var data = Path.Combine(folder, "data");
            Directory.CreateDirectory(data);
            var file = Path.Combine(folder, "district.yaml");
            await File.WriteAllTextAsync(
                file,
                $$"""
                district:
                  id: bench
                  name: Bench Unified (simulated)
                apps:
                  oneroster-csv:
                    type: oneroster-csv
                    delivery:
                      path: {{zip}}
                      acceptTerms: true
                """
            );
            var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ROLLBOOK_PACKAGE_FOLDERS"] = folder };
            await MeasuredProcess.RunAsync(Program, environment, "apply", "-f", file, "--data", data);
            Console.Out.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{enrollments:N0} enrollments, {bytes / 1e6:N0} MB unpacked, {new FileInfo(zip).Length / 1e6:N0} MB packed, SQLite, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}"
                )
            );
            Console.Out.WriteLine();
            Console.Out.WriteLine("| | seconds | rows a second | CPU s | peak MiB |");
            Console.Out.WriteLine("|---|---:|---:|---:|---:|");
            await PlainAsync("plain reading, before", zip);
            await ImportAsync("first import", data);
            await ImportAsync("unchanged import", data);
            await PlainAsync("plain reading, after", zip);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        async Task PlainAsync(string name, string zip)
        {
            var process = await MeasuredProcess.RunAsync(
                "Rollbook.Bench.dll",
                new Dictionary<string, string?>(StringComparer.Ordinal),
                "read-csv",
                zip
            );
            using var figures = JsonDocument.Parse(process.Output);
            Print(name, figures.RootElement.GetProperty("seconds").GetDouble(), figures.RootElement.GetProperty("rows").GetInt64(), process);
        }

        async Task ImportAsync(string name, string data)
        {
            var process = await MeasuredProcess.RunAsync(
                Program,
                new Dictionary<string, string?>(StringComparer.Ordinal),
                "import",
                "oneroster-csv",
                "--json",
                "--data",
                data
            );
            using var run = JsonDocument.Parse(process.Output);
            var seconds = run.RootElement.GetProperty("endedAt").GetDateTimeOffset() - run.RootElement.GetProperty("startedAt").GetDateTimeOffset();
            Print(
                name,
                Math.Max(1, seconds.TotalSeconds),
                run.RootElement.GetProperty("read").EnumerateObject().Sum(kind => kind.Value.GetInt64()),
                process
            );
        }
    }

    /// <summary>Reads a package plainly, and prints <c>{"seconds":…,"rows":…}</c>.</summary>
    internal static int Read(string path)
    {
        var watch = Stopwatch.StartNew();
        long rows = 0;
        using var zip = ZipFile.OpenRead(path);
        foreach (var entry in zip.Entries)
        {
            using var reader = Sep.New(',').Reader(options => options with { HasHeader = false, DisableColCountCheck = true }).From(entry.Open());
            while (reader.MoveNext())
            {
                rows++;
            }
        }

        Console.Out.WriteLine(JsonSerializer.Serialize(new { seconds = watch.Elapsed.TotalSeconds, rows }));
        return 0;
    }

    private static void Print(string name, double seconds, long rows, MeasuredProcess process) =>
        Console.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {seconds:N2} | {rows / seconds:N0} | {process.Cpu:N1} | {process.PeakMebibytes:N0} |"
            )
        );

    private static long Write(string path, int enrollments)
    {
        long bytes = 0;
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        Entry(
            "manifest",
            writer =>
            {
                writer.Write("propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\n");
                foreach (var name in new[] { "academicSessions", "orgs", "courses", "classes", "users", "enrollments" })
                {
                    writer.Write($"file.{name},bulk\n");
                }
            }
        );
        Entry(
            "academicSessions",
            writer =>
                writer.Write(
                    "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear\nY,,,2026-2027,schoolYear,2026-08-16,2027-06-10,,2027\n"
                )
        );
        Entry(
            "orgs",
            writer =>
            {
                writer.Write("sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\nD,,,Bench Unified,district,0,\n");
                Rows(Schools, i => $"{Id('S', i)},,,School {i},school,{i},D\n", writer);
            }
        );
        Entry(
            "courses",
            writer =>
            {
                writer.Write("sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes\n");
                Rows(100, i => $"{Id('K', i)},,,Y,Course {i},C{i},09,D,,\n", writer);
            }
        );
        Entry(
            "classes",
            writer =>
            {
                writer.Write(
                    "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods\n"
                );
                Rows(
                    Classes,
                    i => $"{Id('C', i)},,,Class {i},09,{Id('K', i % 100)},C{i},scheduled,R{i % 90},{Id('S', i % Schools)},Y,,,{1 + (i % 8)}\n",
                    writer
                );
            }
        );
        Entry(
            "users",
            writer =>
            {
                writer.Write(
                    "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password\n"
                );
                Rows(
                    enrollments / PerStudent,
                    i =>
                        $"{Id('P', i)},,,true,{Id('S', i % Schools)},student,pupil{i},{{stateID:{i}}},Given{i % 997},Family{i % 4_999},,{i},pupil{i}@bench.example,,,,09,\n",
                    writer
                );
            }
        );
        Entry(
            "enrollments",
            writer =>
            {
                writer.Write("sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate\n");
                Rows(
                    enrollments,
                    i =>
                    {
                        var student = i / PerStudent;
                        var section = ((student % Schools) + (Schools * ((student / Schools) + (i % PerStudent)))) % Classes;
                        return $"{Id('E', i)},,,{Id('C', section)},{Id('S', student % Schools)},{Id('P', student)},student,false,2026-08-16,2027-06-10\n";
                    },
                    writer
                );
            }
        );
        return bytes;

        void Entry(string name, Action<StreamWriter> write)
        {
            using var writer = new StreamWriter(zip.CreateEntry(name + ".csv", CompressionLevel.Fastest).Open());
            write(writer);
            writer.Flush();
        }

        void Rows(int count, Func<int, string> row, StreamWriter writer)
        {
            for (var i = 0; i < count; i++)
            {
                var text = row(i);
                bytes += text.Length;
                writer.Write(text);
            }
        }
    }

    /// <summary>An ID like a GUID, as student information systems print them.</summary>
    private static string Id(char kind, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)kind:X8}-{number >> 16:X4}-4{number & 0xFFF:X3}-8{(number * 7) & 0xFFF:X3}-{number:X12}");
}
