using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using nietras.SeparatedValues;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Duplicates;
using Rollbook.Sync.Unite;
using Rollbook.Testing;

namespace Rollbook.Bench;

/// <summary>Duplicates: how well they are found in people whose truth is known, and what it takes for many.</summary>
internal static class SuggestionMeasurement
{
    private const string App = "sis";

    /// <summary>Made-up people: a quarter, a half and all of them, so that the growth is seen.</summary>
    internal static int Run(int people)
    {
        Console.Out.WriteLine($"Made-up students, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
        Console.Out.WriteLine();
        Console.Out.WriteLine("| records | agreeing: s | suggestions: s | pairs compared | MiB | precision | recall | F1 |");
        Console.Out.WriteLine("|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var count in new[] { people / 4, people / 2, people })
        {
            // Records are about half as many more than people.
            var all = MisspeltPeople.Make((int)(count / 1.6), 1).Take(count).ToList();
            Print(all, all.ToDictionary(each => each.Person.Source.Key, each => each.Entity.ToString(CultureInfo.InvariantCulture)));
        }

        return 0;
    }

    /// <summary>A OneRoster CSV package with a file that tells who is who (<c>sourcedId,entity</c>).</summary>
    internal static int Run(string package, string truth)
    {
        var entities = new Dictionary<RollbookId, string>();
        using (var reader = Sep.Reader().FromFile(truth))
        {
            foreach (var row in reader)
            {
                entities[KeyOf(row["sourcedId"].ToString())] = row["entity"].ToString();
            }
        }

        Console.Out.WriteLine("| what is compared | precision | recall | F1 |");
        Console.Out.WriteLine("|---|---:|---:|---:|");
        string[] identifier = ["metadata.ssn", "username"];
        string[] names = ["metadata.ssn", "username", "metadata.street", "metadata.suburb", "metadata.postcode"];
        Suggest("suggestions, without identifier", identifier);
        Suggest("suggestions, names, birth date, school and grade alone", names);
        Suggest("suggestions, names and birth date alone", [.. names, "orgSourcedIds", "grades"]);
        Suggest("suggestions, everything", []);
        Agree(
            "domain givenName + familyName + birthDate",
            [
                ["givenName", "familyName", "birthDate"],
            ]
        );
        Agree(
            "that, or the identifier",
            [
                ["givenName", "familyName", "birthDate"],
                ["stateId"],
            ]
        );
        Agree(
            "two of the three",
            [
                ["givenName", "familyName"],
                ["givenName", "birthDate"],
                ["familyName", "birthDate"],
            ]
        );
        return 0;

        void Suggest(string name, string[] without)
        {
            var alike = new AlikePeople(Of([]), Kind.Student, Verdicts.None);
            foreach (var person in Read(package, without))
            {
                alike.Add(person);
            }

            Row(
                name,
                alike.Find((_, _) => false, int.MaxValue, CancellationToken.None).Select(pair => (pair.Records[0].Key, pair.Records[1].Key)),
                entities
            );
        }

        void Agree(string name, IReadOnlyList<IReadOnlyList<string>> domains)
        {
            var agreeing = new AgreeingPeople(Of(domains), Kind.Student, Verdicts.None);
            foreach (var person in Read(package, []))
            {
                agreeing.Add(person);
            }

            // Whoever agrees in threes is three pairs.
            var pairs = agreeing
                .Find()
                .SelectMany(found => found.Records.SelectMany((one, place) => found.Records.Skip(place + 1).Select(other => (one.Key, other.Key))))
                .Select(pair => pair.Item1 < pair.Item2 ? pair : (pair.Item2, pair.Item1))
                .Distinct();
            Row(name, pairs, entities);
        }

        static void Row(string name, IEnumerable<(RollbookId, RollbookId)> pairs, Dictionary<RollbookId, string> entities)
        {
            var (precision, recall, f1) = Score(pairs, entities);
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {precision:0.000} | {recall:0.000} | {f1:0.000} |"));
        }
    }

    private static DistrictConfiguration Of(IReadOnlyList<IReadOnlyList<string>> domains)
    {
        var app = new AppConfiguration
        {
            Type = "synergy",
            Advanced = new AdvancedSettings { CompareByDomainsOfUniqueness = true },
        };
        if (domains.Count > 0)
        {
            app = app with
            {
                DomainsOfUniqueness = new Dictionary<string, IReadOnlyList<IReadOnlyList<string>>>(StringComparer.Ordinal) { ["student"] = domains },
            };
        }

        return new DistrictConfiguration
        {
            Id = "bench",
            Name = "Bench",
            Apps = new Dictionary<string, AppConfiguration>(StringComparer.Ordinal) { [App] = app },
        };
    }

    private static void Print(List<(SourcePerson Person, int Entity)> all, Dictionary<RollbookId, string> entities)
    {
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var watch = Stopwatch.StartNew();
        var agreeing = new AgreeingPeople(Of([]), Kind.Student, Verdicts.None);
        all.ForEach(each => agreeing.Add(each.Person));
        _ = agreeing.Find().Count();
        var agreed = watch.Elapsed;
        agreeing = null;
        watch.Restart();
        var alike = new AlikePeople(Of([]), Kind.Student, Verdicts.None);
        all.ForEach(each => alike.Add(each.Person));
        var found = alike.Find((_, _) => false, int.MaxValue, CancellationToken.None);
        var suggested = watch.Elapsed;
        var memory = GC.GetTotalMemory(forceFullCollection: true) - before;
        var (precision, recall, f1) = Score(found.Select(pair => (pair.Records[0].Key, pair.Records[1].Key)), entities);
        Console.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"| {all.Count:N0} | {agreed.TotalSeconds:0.0} | {suggested.TotalSeconds:0.0} | {alike.Compared:N0} | {memory / 1024 / 1024:N0} | {precision:0.000} | {recall:0.000} | {f1:0.000} |"
            )
        );
        GC.KeepAlive(alike);
    }

    private static (double Precision, double Recall, double F1) Score(
        IEnumerable<(RollbookId One, RollbookId Other)> pairs,
        Dictionary<RollbookId, string> entities
    )
    {
        var (found, right) = (0.0, 0.0);
        foreach (var (one, other) in pairs)
        {
            found++;
            right += string.Equals(entities[one], entities[other], StringComparison.Ordinal) ? 1 : 0;
        }

        var real = entities.GroupBy(each => each.Value, StringComparer.Ordinal).Sum(same => same.Count() * (same.Count() - 1.0) / 2);
        var (precision, recall) = (right / found, right / real);
        return (precision, recall, 2 * precision * recall / (precision + recall));
    }

    private static RollbookId KeyOf(string sourcedId) => RollbookId.Derive(new IdScope("bench", App, Family.Person), sourcedId);

    private static List<SourcePerson> Read(string package, string[] without)
    {
        using var zip = ZipFile.OpenRead(package);
        var born = new Dictionary<string, string>(StringComparer.Ordinal);
        using (var demographics = Sep.Reader(options => options with { Unescape = true }).From(zip.GetEntry("demographics.csv")!.Open()))
        {
            foreach (var row in demographics)
            {
                born[row["sourcedId"].ToString()] = row["birthDate"].ToString();
            }
        }

        using var users = Sep.Reader(options => options with { Unescape = true }).From(zip.GetEntry("users.csv")!.Open());
        var columns = users.Header.ColNames.Where(name => !without.Contains(name, StringComparer.Ordinal)).ToList();
        var people = new List<SourcePerson>();
        foreach (var row in users)
        {
            var sourcedId = row["sourcedId"].ToString();
            var values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["sisId"] = sourcedId };
            var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var column in columns)
            {
                var text = row[column].ToString();
                switch (column)
                {
                    case "orgSourcedIds":
                        values["schools"] = new[] { RollbookId.Derive(new IdScope("bench", App, Family.Org), text) };
                        break;
                    case "grades":
                        values["grades"] = text.Split(',');
                        break;
                    case "metadata.ssn":
                        values["stateId"] = text;
                        break;
                    case "givenName" or "familyName" or "middleName" or "email" or "phone" or "username":
                        values[column] = text;
                        break;
                    case var _ when column.StartsWith("metadata.", StringComparison.Ordinal) && text.Length > 0:
                        metadata[column["metadata.".Length..]] = text;
                        break;
                }
            }

            values["birthDate"] = DateOnly.TryParseExact(
                born.GetValueOrDefault(sourcedId),
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var date
            )
                ? date
                : null;
            values["metadata"] = metadata;
            people.Add(new SourcePerson(new SourceRecord(App, KeyOf(sourcedId)), KeyOf(sourcedId), MisspeltPeople.RowOf(values)));
        }

        return people;
    }
}
