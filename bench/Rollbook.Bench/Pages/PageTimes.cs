using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Rollbook.Bench.Pages;

/// <summary>
/// How long a running console takes for its pages, one request at a time over one connection: from sending the request to the last byte of the answer, loopback and
/// all. In between the smallest page of all is asked for, which tells what the machine takes for anything.
/// </summary>
internal sealed partial class PageTimes(HttpClient client, string district, string app, string? school)
{
    private const int WarmUp = 20;
    private const string Smallest = "/privacy";

    /// <summary>Makes an account by a set-up link, asks for every page so many times, and prints a table (Markdown).</summary>
    /// <param name="link">From <c>rollbook invite</c>, for a Primary District Admin.</param>
    /// <param name="district">The district.</param>
    /// <param name="app">An app of it that has been imported.</param>
    /// <param name="times">How many times.</param>
    /// <param name="school">The Rollbook ID of the school whose students are asked for; null for the first one.</param>
    internal static async Task<int> RunAsync(Uri link, string district, string app, int times, string? school)
    {
        using var handler = new HttpClientHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = true };
        using var client = new HttpClient(handler) { BaseAddress = new Uri(link, "/") };
        await SignUpAsync(client, link);
        await new PageTimes(client, district, app, school).MeasureAsync(times);
        return 0;
    }

    /// <summary>Makes an account by a set-up link; from then on the client is signed in.</summary>
    internal static async Task SignUpAsync(HttpClient client, Uri link)
    {
        var form = await client.GetStringAsync(link);
        var password = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));
        var fields = HiddenOf(form);
        fields["Input.Name"] = "Bench";
        fields["Input.Email"] = Invited().Match(form) is { Success: true } invited
            ? WebUtility.HtmlDecode(invited.Groups["email"].Value)
            : $"bench-{password[..8]}@bench.example";
        fields["Input.Password"] = password;
        fields["Input.Again"] = password;
        using var content = new FormUrlEncodedContent(fields);
        using var answer = await client.PostAsync(link, content);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The hidden fields of a form.</summary>
    internal static Dictionary<string, string> HiddenOf(string form)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match match in Hidden().Matches(form))
        {
            fields[WebUtility.HtmlDecode(match.Groups["name"].Value)] = WebUtility.HtmlDecode(match.Groups["value"].Value);
        }

        return fields;
    }

    /// <summary>The links of a page.</summary>
    internal static IEnumerable<string> LinksOf(string page) => Link().Matches(page).Select(match => WebUtility.HtmlDecode(match.Groups["to"].Value));

    private async Task MeasureAsync(int times)
    {
        Console.Out.WriteLine($"| page | p50 ms | p95 ms | longest ms | KiB |");
        Console.Out.WriteLine($"|---|---:|---:|---:|---:|");
        await MeasureAsync(await PathsAsync(), times);
    }

    /// <summary>Asks for every page so many times, and prints a row of it.</summary>
    internal async Task MeasureAsync(IReadOnlyList<(string Name, string Path)> paths, int times)
    {
        foreach (var (name, path) in paths)
        {
            for (var i = 0; i < WarmUp; i++)
            {
                await TimeAsync(path);
            }

            var page = new List<double>();
            var smallest = new List<double>();
            var bytes = 0;
            for (var i = 0; i < times; i++)
            {
                (var milliseconds, bytes) = await TimeAsync(path);
                page.Add(milliseconds);
                smallest.Add((await TimeAsync(Smallest)).Milliseconds);
            }

            page.Sort();
            smallest.Sort();
            Console.Out.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {name} | {At(page, 0.5):0.0} ({At(smallest, 0.5):0.0}) | {At(page, 0.95):0.0} ({At(smallest, 0.95):0.0}) | {page[^1]:0.0} | {bytes / 1024.0:0} |"
                )
            );
        }
    }

    private async Task<IReadOnlyList<(string Name, string Path)>> PathsAsync()
    {
        var home = $"/d/{district}";
        var students = $"{home}/data/student";
        var at = school is null ? await FirstAsync($"{home}/data/school", $"{home}/data/school/") : $"{home}/data/school/{school}";
        var ofSchool = $"{students}?filter=schools.equal.{at[(at.LastIndexOf('/') + 1)..]}";
        var student = await FirstAsync(students, students + "/");
        var enrollment = await FirstAsync($"{home}/data/enrollment", $"{home}/data/enrollment/");
        var run = await FirstAsync($"{home}/history", $"{home}/history/");
        return
        [
            ("Home", home),
            ("Application Gallery", $"{home}/gallery"),
            ("Dashboard of the app", $"{home}/apps/{app}"),
            ("Delivery Config", $"{home}/apps/{app}/settings/delivery"),
            ("Schools Mapping", $"{home}/apps/{app}/settings/schools"),
            ("Schools Mapping, search", $"{home}/apps/{app}/settings/schools?q=lin"),
            ("Attributes Mapping", $"{home}/apps/{app}/settings/attributes"),
            ("Data Requirements", $"{home}/apps/{app}/settings/requirements"),
            ("Filter Rules", $"{home}/apps/{app}/settings/filters"),
            ("Domains of Uniqueness", $"{home}/apps/{app}/settings/domains"),
            ("Master Fields", $"{home}/apps/{app}/settings/masters"),
            ("Schedule", $"{home}/apps/{app}/settings/schedule"),
            ("Name and deactivation", $"{home}/apps/{app}/settings/app"),
            ("Data Browsing", $"{home}/data"),
            ("Schools", $"{home}/data/school"),
            ("Students", students),
            ("Students, search", $"{students}?search=Le"),
            ("Students of a school", ofSchool),
            ("Students of a school, next page", await NextAsync(ofSchool)),
            ("Students of a school, from Z", $"{ofSchool}&order=descending"),
            ("Students of a school, by SIS ID", $"{ofSchool}&sort=sisId"),
            ("Students of a school, one grade", $"{ofSchool}&filter=grades.equal.09"),
            ("Students of a school, search", $"{ofSchool}&search=Le"),
            ("Students of a school, by birth date", $"{ofSchool}&sort=birthDate"),
            ("Enrollments", $"{home}/data/enrollment"),
            ("A school", at),
            ("A school's students", $"{at}?tab=students"),
            ("A school's sources", $"{at}?tab=sources"),
            ("A student", student),
            ("A student's sources", $"{student}?tab=sources"),
            ("An enrollment", enrollment),
            ("An enrollment's sources", $"{enrollment}?tab=sources"),
            ("Data Quality", $"{home}/data-quality"),
            ("My Rules", $"{home}/data-quality/my-rules"),
            ("Duplicates", $"{home}/data-quality/duplicates"),
            ("Data Sync History", $"{home}/history"),
            ("A run", run),
            ("A run's changes", $"{run}/changes"),
            ("Admins", $"{home}/administration/admins"),
            ("Audit Log", $"{home}/administration/audit-log"),
        ];
    }

    /// <summary>The first link of a page below a path, without what is asked there.</summary>
    private async Task<string> FirstAsync(string page, string below)
    {
        var html = await client.GetStringAsync(page);
        var link = LinksOf(html).First(href => href.StartsWith(below, StringComparison.Ordinal));
        return link.Split('?')[0];
    }

    /// <summary>The page after a list's first.</summary>
    private async Task<string> NextAsync(string page)
    {
        var html = await client.GetStringAsync(page);
        return LinksOf(html).First(href => href.Contains("cursor=", StringComparison.Ordinal));
    }

    private async Task<(double Milliseconds, int Bytes)> TimeAsync(string path)
    {
        var start = Stopwatch.GetTimestamp();
        using var answer = await client.GetAsync(path);
        var body = await answer.Content.ReadAsByteArrayAsync();
        var elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        answer.EnsureSuccessStatusCode();
        return (elapsed, body.Length);
    }

    private static double At(List<double> sorted, double part) => sorted[Math.Min(sorted.Count - 1, (int)Math.Ceiling(part * sorted.Count) - 1)];

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[^\"]*)\" value=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Hidden();

    [GeneratedRegex("name=\"Input.Email\" type=\"email\" value=\"(?<email>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Invited();

    [GeneratedRegex("href=\"(?<to>[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();
}
