using System.Text;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Map;

namespace Rollbook.Sync.Rules;

/// <summary>
/// What Filter Rules and Data Requirements ask of the records of one kind, carried out on rows that are mapped and could stand. Reused from record to record, not safe for several
/// threads.
/// </summary>
internal sealed class KindRules
{
    private readonly KindDefinition definition;
    private readonly KindFilter? filter;
    private readonly AttributeCensus? census;
    private readonly Demand?[] demands;
    private readonly KeyValuePair<string, Demand>[] entries;
    private readonly RowWriter writer = new();
    private readonly List<Finding> findings = [];
    private readonly List<(string Attribute, IssueProblem Problem)> lacking = [];

    internal KindRules(
        KindDefinition definition,
        IReadOnlyCollection<KeyValuePair<string, Requirement>> requirements,
        KindFilter? filter,
        AttributeCensus? census
    )
    {
        (this.definition, this.filter, this.census) = (definition, filter, census);
        demands = new Demand?[definition.Attributes.Count];
        foreach (var attribute in definition.Attributes)
        {
            var chosen = requirements.FirstOrDefault(each => string.Equals(each.Key, attribute.Name, StringComparison.Ordinal)).Value;
            if (chosen is not null || (census?.Counts(definition.Kind, attribute) == true))
            {
                demands[attribute.Index] = Demand.Of(definition.Kind, attribute.Name, attribute.Type, chosen);
            }
        }

        entries =
        [
            .. requirements
                .Where(each => each.Key.StartsWith(AttributeRules.MetadataPrefix, StringComparison.Ordinal))
                .OrderBy(each => each.Key, StringComparer.Ordinal)
                .Select(each => KeyValuePair.Create(each.Key, Demand.Of(definition.Kind, each.Key, AttributeType.Text, each.Value))),
        ];
    }

    /// <summary>What is asked of references within the record's own family, which can be judged only when the family is complete; null for nothing.</summary>
    internal RequirementRule? OwnFamilyRule(Model.Attribute attribute) => demands[attribute.Index]?.Rule;

    /// <summary>Judges a row. What is returned is valid until the next call.</summary>
    /// <param name="row">The row, whose references into its own family are not resolved yet.</param>
    /// <param name="invalid">A bit for each attribute that has a value in the source which is not valid and was left out.</param>
    /// <param name="count">How many values are not valid.</param>
    internal Mapped Judge(Row row, ulong invalid, int count)
    {
        findings.Clear();
        lacking.Clear();
        var rewrite = false;
        var reader = row.Read();
        foreach (var attribute in definition.Attributes)
        {
            var bytes = reader.Next(out var missing);
            if (attribute.Type == AttributeType.Metadata)
            {
                rewrite |= JudgeEntries(bytes, missing);
            }
            else if (demands[attribute.Index] is { } demand && attribute.Target != definition.Family)
            {
                rewrite |= Judge(demand, demand.Problem(bytes, missing, (invalid & Bit(attribute)) != 0));
            }
        }

        if (rewrite)
        {
            row = WithDefaults(row, invalid);
        }

        if (filter is not null)
        {
            var passes = filter.Passes(row);
            census?.Filter(row, passes);
            if (!passes)
            {
                return Mapped.Filtered(row);
            }
        }

        CountLacking();
        if (!findings.Exists(finding => finding.Rule == RequirementRule.Skip))
        {
            return Mapped.Complete(row, count) with { Findings = findings };
        }

        // A record that is not imported is not one that was imported with an error.
        findings.RemoveAll(finding => finding.Rule != RequirementRule.Skip);
        return Mapped.Skipped(row) with { Findings = findings };
    }

    /// <summary>The record's school, or the first of several.</summary>
    internal static RollbookId? SchoolOf(Row row)
    {
        var kind = Kinds.Of(row.Kind);
        var bytes = (kind.Find("school") ?? kind.Find("schools")) is { } attribute ? row.Get(attribute, out _) : default;
        return bytes.Length < 16 ? null : RollbookId.FromBytes(bytes[..16]);
    }

    private static ulong Bit(Model.Attribute attribute) => 1UL << attribute.Index;

    /// <summary>Notes what is wrong with a value; true when a default is to take its place.</summary>
    private bool Judge(Demand demand, IssueProblem? problem)
    {
        if (problem is not { } found)
        {
            return false;
        }

        lacking.Add((demand.Attribute, found));
        if (demand.Rule is RequirementRule.Report or RequirementRule.Skip)
        {
            findings.Add(new Finding(demand.Attribute, demand.Rule, found));
        }

        return demand.Rule == RequirementRule.Default;
    }

    private void CountLacking()
    {
        if (census is not null)
        {
            lacking.ForEach(lack => census.Add(definition.Kind, lack.Attribute, lack.Problem));
        }
    }

    private bool JudgeEntries(ReadOnlySpan<byte> bytes, bool missing)
    {
        if (entries.Length == 0)
        {
            return false;
        }

        var metadata = Metadata(bytes, missing);
        var rewrite = false;
        foreach (var (name, demand) in entries)
        {
            var text = metadata.GetValueOrDefault(name[AttributeRules.MetadataPrefix.Length..]);
            rewrite |= Judge(demand, text is null ? IssueProblem.Missing : null);
        }

        return rewrite;
    }

    private Row WithDefaults(Row row, ulong invalid)
    {
        writer.Clear();
        var reader = row.Read();
        foreach (var attribute in definition.Attributes)
        {
            var bytes = reader.Next(out var missing);
            var demand = demands[attribute.Index];
            if (attribute.Type == AttributeType.Metadata && entries.Length > 0)
            {
                var metadata = Metadata(bytes, missing);
                foreach (var (name, entry) in entries.Where(entry => entry.Value.Rule == RequirementRule.Default))
                {
                    metadata.TryAdd(name[AttributeRules.MetadataPrefix.Length..], entry.Default!);
                }

                writer.Metadata(metadata);
            }
            else if (demand is { Rule: RequirementRule.Default } && demand.Problem(bytes, missing, (invalid & Bit(attribute)) != 0) is not null)
            {
                writer.Value(demand.DefaultBytes);
            }
            else if (missing)
            {
                writer.Missing();
            }
            else
            {
                writer.Value(bytes);
            }
        }

        return writer.ToRow(definition.Kind);
    }

    private static Dictionary<string, string> Metadata(ReadOnlySpan<byte> bytes, bool missing) =>
        missing ? [] : System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, string>>(bytes)!;

    /// <summary>What is asked of one attribute.</summary>
    private sealed record Demand(
        string Attribute,
        AttributeType Type,
        RequirementRule Rule,
        string? Default,
        byte[] DefaultBytes,
        ValueFormat? Format
    )
    {
        internal static Demand Of(Kind kind, string attribute, AttributeType type, Requirement? chosen)
        {
            var text = chosen is { Rule: RequirementRule.Default } ? chosen.Default : null;
            var bytes = text is null ? [] : Bytes(attribute is "role" ? text.ToLowerInvariant() : text, type);
            return new Demand(attribute, type, chosen?.Rule ?? RequirementRule.Include, text, bytes, ValueFormat.Of(kind, attribute));
        }

        internal IssueProblem? Problem(ReadOnlySpan<byte> bytes, bool missing, bool invalid) =>
            missing ? (invalid ? IssueProblem.Invalid : IssueProblem.Missing)
            : Format is null || IsValid(bytes) ? null
            : IssueProblem.Invalid;

        private bool IsValid(ReadOnlySpan<byte> bytes) =>
            Type == AttributeType.TextList
                ? Array.TrueForAll(RowReader.Texts(bytes), Format!.IsValid.Invoke)
                : Format!.IsValid(Encoding.UTF8.GetString(bytes));

        private static byte[] Bytes(string text, AttributeType type)
        {
            var writer = new RowWriter();
            switch (type)
            {
                case AttributeType.Boolean:
                    writer.Boolean(text is "true");
                    break;
                case AttributeType.TextList:
                    writer.Texts(Value.Split(text));
                    break;
                default:
                    writer.Text(text);
                    break;
            }

            return new RowReader(writer.Written.Span).Next(out _).ToArray();
        }
    }
}

/// <summary>A value of a record that is missing or not valid, where that matters.</summary>
/// <param name="Attribute">The attribute.</param>
/// <param name="Rule">What was chosen: report or skip.</param>
/// <param name="Problem">What is wrong.</param>
internal readonly record struct Finding(string Attribute, RequirementRule Rule, IssueProblem Problem);
