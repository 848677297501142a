using System.Text.Json.Nodes;

namespace Rollbook.Simulator.Control;

/// <summary>A scenario as it is called by HTTP: its name, and the arguments its JSON body may have.</summary>
internal sealed record ScenarioCall(string Name, IReadOnlyList<string> Arguments, Func<ScenarioPlayer, JsonObject, ScenarioResult> Call)
{
    /// <summary>Runs it; an <see cref="ArgumentException"/> names an argument it does not have.</summary>
    public ScenarioResult Run(ScenarioPlayer player, JsonObject arguments)
    {
        if (arguments.Select(argument => argument.Key).Except(Arguments, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
        {
            throw new ArgumentException($"{Name} has no argument '{unknown}'; it has: {string.Join(", ", Arguments)}.", nameof(arguments));
        }

        return Call(player, arguments);
    }
}

/// <summary>All scenarios that can be called by HTTP.</summary>
internal static class ScenarioCalls
{
    public static IReadOnlyList<ScenarioCall> All { get; } =
    [
        new("newStudent", ["count", "school"], (play, args) => play.NewStudent(args["count"]?.GetValue<int>() ?? 1, Text(args, "school"))),
        new("withdrawal", ["student", "leaveOrphans"], (play, args) => play.Withdrawal(Text(args, "student"), Flag(args, "leaveOrphans"))),
        new("transfer", ["student"], (play, args) => play.Transfer(Text(args, "student"))),
        new("concurrentEnrollment", ["student"], (play, args) => play.ConcurrentEnrollment(Text(args, "student"))),
        new("scheduleChange", ["student"], (play, args) => play.ScheduleChange(Text(args, "student"))),
        new("reEntry", ["student"], (play, args) => play.ReEntry(Text(args, "student"))),
        new("nameChange", ["user"], (play, args) => play.NameChange(Text(args, "user"))),
        new("sectionAdded", ["beside"], (play, args) => play.SectionAdded(Text(args, "beside"))),
        new("sectionRemoved", ["section", "leaveOrphans"], (play, args) => play.SectionRemoved(Text(args, "section"), Flag(args, "leaveOrphans"))),
        new("teacherLeaves", ["teacher", "leaveOrphans"], (play, args) => play.TeacherLeaves(Text(args, "teacher"), Flag(args, "leaveOrphans"))),
        new("coTeacherSwap", ["section"], (play, args) => play.CoTeacherSwap(Text(args, "section"))),
        new("guardianLeaves", ["guardian"], (play, args) => play.GuardianLeaves(Text(args, "guardian"))),
        new("schoolOpened", ["beside", "students"], (play, args) => play.SchoolOpened(Text(args, "beside"), args["students"]?.GetValue<int>() ?? 10)),
        new("schoolRenamed", ["school", "name"], (play, args) => play.SchoolRenamed(Text(args, "school"), Text(args, "name") ?? "Renamed Academy")),
        new("schoolClosed", ["school"], (play, args) => play.SchoolClosed(Text(args, "school"))),
        new("newYearRollover", ["parallel"], (play, args) => play.NewYearRollover(Flag(args, "parallel"))),
        new("studentMerge", ["survivor", "duplicate"], (play, args) => play.StudentMerge(Text(args, "survivor"), Text(args, "duplicate"))),
        new("massWipe", ["share"], (play, args) => play.MassWipe(Share(args))),
        new("emptyCollection", ["collection"], (play, args) => play.EmptyCollection(Text(args, "collection") ?? "users")),
        new("idReKey", ["kinds"], (play, args) => play.IdReKey(Chosen(args))),
        new("touchAll", ["kinds"], (play, args) => play.TouchAll(Chosen(args))),
        new("removeDemographics", ["share"], (play, args) => play.RemoveDemographics(Share(args))),
        new("reset", [], (play, _) => play.Reset()),
    ];

    public static ScenarioCall? Find(string name) => All.FirstOrDefault(call => call.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static string? Text(JsonObject args, string name) => args[name]?.GetValue<string>();

    private static bool Flag(JsonObject args, string name) => args[name]?.GetValue<bool>() ?? false;

    private static double Share(JsonObject args) => args["share"]?.GetValue<double>() ?? 1;

    private static Kind[]? Chosen(JsonObject args) =>
        args["kinds"]
            ?.AsArray()
            .Select(name =>
                Kinds.TryParse(name!.GetValue<string>(), out var kind)
                    ? kind
                    : throw new ArgumentException($"There is no collection '{name}'.", nameof(args))
            )
            .ToArray();
}
