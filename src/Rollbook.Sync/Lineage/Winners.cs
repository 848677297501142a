using Rollbook.Model;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Unite;

namespace Rollbook.Sync.Lineage;

/// <summary>Says whose value of an attribute <see cref="MergedRow"/> takes, and by which rule.</summary>
/// <param name="configuration">The configuration with which the record was merged.</param>
/// <param name="merged">Merges the members' rows.</param>
/// <param name="members">What the record is made of, in the order of the sources, all of one kind.</param>
/// <param name="positions">Where each of them stands among the accounts.</param>
internal sealed class Winners(
    DistrictConfiguration configuration,
    MergedRow merged,
    IReadOnlyList<(string App, Row Row)> members,
    IReadOnlyList<int> positions
)
{
    /// <summary>The winners of an attribute, the rule, and the rule in a sentence.</summary>
    internal (IReadOnlyList<int> Positions, WinningRule Rule, string Why) Of(Model.Attribute attribute)
    {
        var holders = Enumerable.Range(0, members.Count).Where(i => Has(members[i].Row, attribute)).ToList();
        if (attribute.Name is "sources")
        {
            return (positions, WinningRule.Rollbook, "Rollbook's own: the apps that have the record, in their order.");
        }

        if (holders.Count == 0)
        {
            return ([], WinningRule.None, members.Count == 1 ? "The source gives no value." : "No source gives a value.");
        }

        if (members.Count == 1)
        {
            return ([positions[0]], WinningRule.OnlySource, "The record has this source only.");
        }

        if (attribute.Index == 0)
        {
            return ([positions[holders[0]]], WinningRule.FirstSisId, "The SIS ID is that of the first source in the order of the sources.");
        }

        if (attribute.Type == AttributeType.ReferenceList || (attribute.Type == AttributeType.Metadata && holders.Count > 1))
        {
            var united =
                attribute.Type == AttributeType.Metadata
                    ? "Entries are united; of those of the same name the Master's is taken, else that of the first source in the order."
                    : "Relations are united: what any of the sources says.";
            return ([.. holders.Select(i => positions[i])], WinningRule.United, united);
        }

        var order = merged.InOrder(members, attribute).ToList();
        var winner = holders.OrderBy(i => order.IndexOf(members[i])).First();
        var (rule, why) = Why(attribute, winner, holders);
        return ([positions[winner]], rule, why);
    }

    private (WinningRule Rule, string Why) Why(Model.Attribute attribute, int winner, List<int> holders)
    {
        var name = NameOf(winner);
        if (ModeOf(winner, attribute) == MasterMode.Master)
        {
            return (
                WinningRule.Master,
                holders.Exists(i => i != winner && ModeOf(i, attribute) == MasterMode.Master)
                    ? $"{name} is Master, and the first in the order of those that are."
                    : $"{name} is Master."
            );
        }

        var masters = Enumerable.Range(0, members.Count).Where(i => ModeOf(i, attribute) == MasterMode.Master).Select(NameOf).ToList();
        var empty = masters.Count == 0 ? "" : $" {string.Join(" and ", masters)} is Master and has none: an empty value takes nothing away.";
        if (holders.Count == 1)
        {
            return (WinningRule.OnlyValue, $"Only {name} has a value.{empty}");
        }

        var passed = holders.Where(i => i < winner && ModeOf(i, attribute) == MasterMode.DoNotOverride).Select(NameOf).ToList();
        return passed.Count > 0
            ? (
                WinningRule.PassedOver,
                $"{string.Join(" and ", passed)} comes first and is passed over, since it does not override; {name} is the next in the order that has a value.{empty}"
            )
            : (WinningRule.First, $"{name} is the first source in the order that has a value.{empty}");
    }

    private string NameOf(int member) => AppName.Of(configuration, members[member].App);

    private MasterMode? ModeOf(int member, Model.Attribute attribute) =>
        configuration.Apps.GetValueOrDefault(members[member].App)?.MasterFields.GetValueOrDefault(Kinds.Of(members[member].Row.Kind).Name)
            is { } fields
        && fields.TryGetValue(attribute.Name, out var mode)
            ? mode
            : null;

    private static bool Has(Row row, Model.Attribute attribute)
    {
        row.Get(attribute, out var missing);
        return !missing;
    }
}
