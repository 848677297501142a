using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace Rollbook.Storage.Installation;

/// <summary>
/// The tables of the scheduler, Quartz.NET 4.7, which asks for these names and columns; the program's own model has no part in them. Quartz checks them when it starts. A
/// later Quartz with other columns needs a migration of its own beside this one, which never changes.
/// </summary>
internal static class SchedulerTables
{
    /// <summary>What every name begins with.</summary>
    internal const string Prefix = "qrtz_";

    private static readonly string[] Job = ["sched_name", "job_name", "job_group"];
    private static readonly string[] Trigger = ["sched_name", "trigger_name", "trigger_group"];

    private static readonly Table[] Tables =
    [
        new(
            "job_details",
            Job,
            [
                .. Texts(Job),
                Text("description?"),
                Text("job_class_name"),
                .. Flags("is_durable", "is_nonconcurrent", "is_update_data"),
                Flag("requests_recovery"),
                Bytes("job_data?"),
            ]
        ),
        new(
            "triggers",
            Trigger,
            [
                .. Texts(Trigger),
                .. Texts("job_name", "job_group", "description?", "trigger_state", "trigger_type", "calendar_name?"),
                .. Longs(
                    "next_fire_time?",
                    "prev_fire_time?",
                    "start_time",
                    "end_time?",
                    "misfire_orig_fire_time?",
                    "misfire_threshold?",
                    "paused_at?"
                ),
                .. Numbers("priority?", "misfire_instr?", "retry_attempt?", "continuation_condition?", "overlap_policy?"),
                .. Texts(
                    "execution_group?",
                    "preferred_node?",
                    "retry_policy?",
                    "continues_trigger_name?",
                    "continues_trigger_group?",
                    "pause_reason?",
                    "paused_by?"
                ),
                Flag("preferred_node_auto", false),
                Flag("fixed_delay?"),
                Bytes("job_data?"),
            ],
            ("job_details", Job, ReferentialAction.NoAction)
        ),
        OfTrigger("simple_triggers", [.. Longs("repeat_count", "repeat_interval", "times_triggered")]),
        OfTrigger("cron_triggers", [.. Texts("cron_expression", "time_zone_id?")]),
        OfTrigger(
            "simprop_triggers",
            [
                .. Texts("str_prop_1?", "str_prop_2?", "str_prop_3?", "time_zone_id?"),
                .. Numbers("int_prop_1?", "int_prop_2?"),
                .. Longs("long_prop_1?", "long_prop_2?"),
                new("dec_prop_1?", typeof(decimal)),
                new("dec_prop_2?", typeof(decimal)),
                .. Flags("bool_prop_1?", "bool_prop_2?"),
            ]
        ),
        OfTrigger("blob_triggers", [Bytes("blob_data?")]),
        new("calendars", ["sched_name", "calendar_name"], [.. Texts("sched_name", "calendar_name"), Bytes("calendar")]),
        new(
            "paused_trigger_grps",
            ["sched_name", "trigger_group"],
            [.. Texts("sched_name", "trigger_group", "pause_reason?", "paused_by?"), .. Longs("paused_at?")]
        ),
        new(
            "paused_job_grps",
            ["sched_name", "job_group"],
            [.. Texts("sched_name", "job_group", "pause_reason?", "paused_by?"), .. Longs("paused_at?")]
        ),
        new(
            "fired_triggers",
            ["sched_name", "entry_id"],
            [
                .. Texts("sched_name", "entry_id", "trigger_name", "trigger_group", "instance_name", "state", "job_name?", "job_group?"),
                .. Texts("execution_group?", "progress_message?"),
                .. Longs("fired_time", "sched_time", "interrupt_requested_time?"),
                .. Numbers("priority", "progress?"),
                .. Flags("is_nonconcurrent", "requests_recovery?"),
            ]
        ),
        new(
            "scheduler_state",
            ["sched_name", "instance_name"],
            [.. Texts("sched_name", "instance_name", "quartz_version?"), .. Longs("last_checkin_time", "checkin_interval")]
        ),
        new("locks", ["sched_name", "lock_name"], [.. Texts("sched_name", "lock_name")]),
    ];

    private static readonly (string Table, string Name, string[] Columns)[] Indexes =
    [
        ("triggers", "t_j", ["sched_name", "job_name", "job_group"]),
        ("triggers", "t_g_n", ["sched_name", "trigger_group", "trigger_name"]),
        ("triggers", "t_nft_st", ["sched_name", "trigger_state", "next_fire_time", "priority", "misfire_instr"]),
        ("fired_triggers", "ft_inst", ["sched_name", "instance_name", "requests_recovery"]),
        ("fired_triggers", "ft_j_g", ["sched_name", "job_name", "job_group"]),
        ("fired_triggers", "ft_t_g", ["sched_name", "trigger_name", "trigger_group"]),
    ];

    /// <summary>Makes the tables.</summary>
    internal static void Create(MigrationBuilder migration, string? schema = null)
    {
        migration.Operations.AddRange(Tables.Select(table => table.ToOperation(schema)));
        foreach (var (table, name, columns) in Indexes)
        {
            migration.CreateIndex($"idx_{Prefix}{name}", Prefix + table, columns, schema);
        }
    }

    /// <summary>Drops them.</summary>
    internal static void Drop(MigrationBuilder migration, string? schema = null)
    {
        foreach (var table in Tables.Reverse())
        {
            migration.DropTable(Prefix + table.Name, schema);
        }
    }

    private static Table OfTrigger(string name, Column[] columns) =>
        new(name, Trigger, [.. Texts(Trigger), .. columns], ("triggers", Trigger, ReferentialAction.Cascade));

    private static Column Text(string name) => new(name, typeof(string));

    private static Column Flag(string name, bool? preset = null) => new(name, typeof(bool), preset);

    private static Column Bytes(string name) => new(name, typeof(byte[]));

    private static IEnumerable<Column> Texts(params string[] names) => names.Select(Text);

    private static IEnumerable<Column> Flags(params string[] names) => names.Select(name => Flag(name));

    private static IEnumerable<Column> Longs(params string[] names) => names.Select(name => new Column(name, typeof(long)));

    private static IEnumerable<Column> Numbers(params string[] names) => names.Select(name => new Column(name, typeof(int)));

    /// <summary>A column; a question mark after its name says that it may be empty.</summary>
    private sealed record Column(string Name, Type Type, object? Preset = null)
    {
        internal AddColumnOperation ToOperation(string table, string? schema) =>
            new()
            {
                Name = Name.TrimEnd('?'),
                Table = table,
                Schema = schema,
                ClrType = Type,
                IsNullable = Name.EndsWith('?'),
                DefaultValue = Preset,
            };
    }

    private sealed record Table(
        string Name,
        string[] Key,
        Column[] Columns,
        (string Table, string[] Columns, ReferentialAction Deleted)? Parent = null
    )
    {
        internal CreateTableOperation ToOperation(string? schema)
        {
            var name = Prefix + Name;
            var table = new CreateTableOperation { Name = name, Schema = schema };
            table.Columns.AddRange(Columns.Select(column => column.ToOperation(name, schema)));
            table.PrimaryKey = new()
            {
                Name = $"pk_{name}",
                Table = name,
                Schema = schema,
                Columns = Key,
            };
            if (Parent is { } parent)
            {
                table.ForeignKeys.Add(
                    new()
                    {
                        Name = $"fk_{name}",
                        Table = name,
                        Schema = schema,
                        Columns = parent.Columns,
                        PrincipalTable = Prefix + parent.Table,
                        PrincipalSchema = schema,
                        PrincipalColumns = parent.Columns,
                        OnDelete = parent.Deleted,
                    }
                );
            }

            return table;
        }
    }
}
