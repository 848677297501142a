using System.Globalization;
using Rollbook.Model;
using Rollbook.Sources.Tests.Contract;
using Rollbook.Testing;

namespace Rollbook.Sources.Tests.ActiveDirectory;

/// <summary>A directory with more people than OpenLDAP's limit, started once for all tests that only read it.</summary>
public static class DirectoryOfTests
{
    public const string Rules = """
        # Students by OU, staff by group.
        OU=Students,OU=Lincoln High => student, Lincoln High
        ou=students, ou=Roosevelt\2C North => student, Roosevelt, North
        CN=Teachers,OU=Groups => teacher, Lincoln High
        CN=Teachers North,OU=Groups,DC=district,DC=example => teacher, Roosevelt,  north
        CN=Principals,OU=Groups => administrator, *
        """;

    public static IReadOnlyList<DirectoryPerson> People { get; } =
    [
        .. Enumerable.Range(0, 700).Select(i => Person(i, "OU=2028,OU=Students,OU=Lincoln High")),
        .. Enumerable.Range(700, 500).Select(i => Person(i, @"OU=Students,OU=Roosevelt\2C North")),
        .. Enumerable
            .Range(1200, 60)
            .Select(i => Person(i, "OU=Staff", i % 2 == 0 ? ["CN=Teachers,OU=Groups"] : ["CN=Teachers,OU=Groups", "CN=Teachers North,OU=Groups"])),
        Person(1260, "OU=Staff", "CN=Principals,OU=Groups"),
        .. Enumerable.Range(1261, 12).Select(i => Person(i, "OU=Visitors")),
        new DirectoryPerson("PC-17", "OU=Students,OU=Lincoln High", GuidOf(9000), [], IsComputer: true),
        new DirectoryPerson("Nobody", "OU=Students,OU=Lincoln High", Guid: null, []),
    ];

    public static IReadOnlyDictionary<Collection, IReadOnlySet<RollbookId>> Truth { get; } =
        Collections.InOrder.ToDictionary(
            collection => collection,
            IReadOnlySet<RollbookId> (collection) =>
                collection switch
                {
                    Collection.Orgs => new[] { "school:lincoln high", "school:roosevelt, north" }
                        .Select(id => RollbookId.Derive(Reading.Ids(Family.Org), id))
                        .ToHashSet(),
                    Collection.Users => Enumerable.Range(0, 1261).Select(KeyOf).ToHashSet(),
                    _ => new HashSet<RollbookId>(),
                }
        );

    private static readonly Lazy<Task<OpenLdap>> Shared = new(() => OpenLdap.StartAsync(People));

    public static Task<OpenLdap> SharedAsync() => Shared.Value;

    public static Guid GuidOf(int number) => new($"01020304-0506-0708-090a-0b0c{number:x8}");

    public static RollbookId KeyOf(int number) => RollbookId.Derive(Reading.Ids(Family.Person), GuidOf(number).ToString("D"));

    public static Dictionary<string, string> Values(OpenLdap directory) =>
        new(StringComparer.Ordinal)
        {
            ["host"] = "localhost",
            ["port"] = directory.SecurePort.ToString(CultureInfo.InvariantCulture),
            ["bindDn"] = OpenLdap.Reader,
            ["password"] = OpenLdap.Password,
            ["baseDns"] = OpenLdap.Suffix,
            ["rules"] = Rules,
            ["caCertificate"] = directory.Authority,
            ["pageSize"] = "250",
        };

    public static SourceSettings Of(OpenLdap directory, params (string Name, string Value)[] others)
    {
        var values = Values(directory);
        foreach (var (name, value) in others)
        {
            values[name] = value;
        }

        return new SourceSettings(values);
    }

    public static SourceSettings WithStartTls(OpenLdap directory, params (string Name, string Value)[] others) =>
        Of(directory, [("security", "starttls"), ("port", directory.Port.ToString(CultureInfo.InvariantCulture)), .. others]);

    private static DirectoryPerson Person(int number, string unit, params string[] groups) =>
        new(
            $"Person {number}",
            unit,
            GuidOf(number),
            [
                ("givenName", $"Given{number}"),
                ("sn", $"Family{number}"),
                ("sAMAccountName", $"person{number}"),
                ("userPrincipalName", $"person{number}@district.example"),
                ("userAccountControl", number % 10 == 3 ? "514" : "512"),
                ("employeeID", $"s{10_000 + number}"),
                ("extensionAttribute7", $"Bus {number % 9}"),
                ("department", "Instruction"),
                .. number % 2 == 0
                    ? new[] { ("mail", $"person{number}@district.example") }
                    : new[] { ("proxyAddresses", $"smtp:old{number}@district.example"), ("proxyAddresses", $"SMTP:person{number}@district.example") },
                .. groups.Select(group => ("memberOf", $"{group},{OpenLdap.Suffix}")),
            ]
        );
}
