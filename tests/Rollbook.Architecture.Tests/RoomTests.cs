using ArchUnitNET.Domain;
using ArchUnitNET.Fluent;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace Rollbook.Architecture.Tests;

/// <summary>Who may know whom (docs/architecture.md): data walks forward, and nobody knows Web or Host.</summary>
public sealed class RoomTests
{
    private static readonly string[] Rooms = ["Model", "Sources", "Storage", "Sync", "Sharing", "Telling", "Web", "Host", "Simulator"];

    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Model"] = [],
        ["Sources"] = ["Model"],
        ["Storage"] = ["Model"],
        ["Sync"] = ["Model", "Sources", "Storage"],
        ["Sharing"] = ["Model", "Sources", "Storage", "Sync"],
        ["Telling"] = ["Model", "Sources", "Storage", "Sync"],
        ["Web"] = ["Model", "Sources", "Storage", "Sync", "Sharing", "Telling"],
        ["Simulator"] = [],
    };

    private static readonly ArchUnitNET.Domain.Architecture Code = new ArchLoader()
        .LoadAssemblies([.. Rooms.Select(room => System.Reflection.Assembly.Load(room is "Host" ? "rollbook" : "Rollbook." + room))])
        .Build();

    public static TheoryData<string, string> Forbidden()
    {
        var data = new TheoryData<string, string>();
        foreach (var (room, allowed) in Allowed)
        {
            foreach (var other in Rooms.Except(allowed, StringComparer.Ordinal).Where(other => other != room))
            {
                data.Add(room, other);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Forbidden))]
    public void A_room_does_not_know(string room, string other) =>
        Types()
            .That()
            .ResideInNamespaceMatching(Namespace(room))
            .Should()
            .NotDependOnAny(Types().That().ResideInNamespaceMatching(Namespace(other)))
            .Check(Code);

    [Theory]
    [InlineData("Sync")]
    [InlineData("Sharing")]
    [InlineData("Web")]
    public void Nobody_but_the_host_knows_how_records_are_stored(string room) =>
        Types()
            .That()
            .ResideInNamespaceMatching(Namespace(room))
            .Should()
            .NotDependOnAny(Types().That().ResideInNamespaceMatching(@"^Rollbook\.Storage\.(Sqlite|Postgres|Sql)(\.|$)"))
            .Check(Code);

    [Fact]
    public void Sync_knows_the_connectors_contract_and_no_connector() =>
        Types()
            .That()
            .ResideInNamespaceMatching(Namespace("Sync"))
            .Should()
            .NotDependOnAny(Types().That().ResideInNamespaceMatching(@"^Rollbook\.Sources\.(OneRoster|Synergy)(\.|$)"))
            .Check(Code);

    [Fact]
    public void Sharing_knows_what_apps_have_in_common_and_no_connector() =>
        Types()
            .That()
            .ResideInNamespaceMatching(Namespace("Sharing"))
            .Should()
            .NotDependOnAny(Types().That().ResideInNamespaceMatching(@"^Rollbook\.Sources\.(OneRoster|OneRosterCsv|Synergy|ActiveDirectory)(\.|$)"))
            .Check(Code);

    [Fact]
    public void Every_room_has_types_so_that_no_rule_holds_for_want_of_them() =>
        Rooms.ShouldAllBe(room => Code.Types.Any(type => (type.Namespace.FullName + ".").StartsWith($"Rollbook.{room}.", StringComparison.Ordinal)));

    private static string Namespace(string room) => $@"^Rollbook\.{room}(\.|$)";
}
