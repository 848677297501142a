using System.Text;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Rules;

namespace Rollbook.Sync.Map;

/// <summary>
/// Makes a row of the roster of a raw record: the attributes mapped and made canonical, references resolved against what is published. One for each
/// collection and run; reused from record to record, not safe for several threads.
/// </summary>
internal sealed class RecordMapper
{
    private readonly Collection collection;
    private readonly IdScopes ids;
    private readonly SourceFields fields;
    private readonly Dictionary<Kind, Plan> plans = [];
    private readonly RowWriter row = new();
    private readonly List<RollbookId> references = [];
    private readonly List<RollbookId> awaited = [];
    private readonly RecordRules rules;
    private (Model.Attribute Attribute, RollbookId? Target)? lacking;
    private bool unmapped;
    private bool unnamed;
    private bool follows;
    private int invalid;
    private ulong invalidAttributes;
    private readonly byte[] sources;
    private readonly byte[] prefix;
    private readonly int sourcedId;
    private readonly int role;
    private readonly TimeZoneInfo zone;

    internal RecordMapper(Collection collection, string app, IdScopes ids, AttributesMapping mapping, RecordRules rules)
    {
        (this.collection, this.ids, this.rules, zone) = (collection, ids, rules, mapping.Zone);
        var kinds = Kinds.Of(Collections.FamilyOf(collection)).ToList();
        fields = new SourceFields(collection, kinds.SelectMany(definition => mapping.Of(definition.Kind)).SelectMany(pair => pair.Names));
        sourcedId = fields.Slot("sourcedId");
        role = fields.Slot("role");
        prefix = Encoding.UTF8.GetBytes(ids.Prefix);
        var list = new System.Buffers.ArrayBufferWriter<byte>();
        RowWriter.AppendText(list, Encoding.UTF8.GetBytes(app));
        sources = list.WrittenSpan.ToArray();
        foreach (var definition in kinds)
        {
            plans[definition.Kind] = new Plan(definition, fields, mapping.Of(definition.Kind));
        }
    }

    /// <summary>
    /// Maps a record. <paramref name="part"/> is what <see cref="PartMapper"/> made of its demographics, empty where it has none. The row is valid until the next call.
    /// References into the record's own family are taken as they are; <see cref="OwnFamily"/> looks after them when the family is complete.
    /// </summary>
    internal Mapped Map(
        ReadOnlyMemory<byte> json,
        ReadOnlyMemory<byte> part,
        IReferenceTargets targets,
        List<(RollbookId Target, bool Required)> unresolved
    )
    {
        unresolved.Clear();
        if (!fields.Read(json))
        {
            return Mapped.Rejected(FirstKind, "It is not a JSON object.", new Lack("sisId", IssueProblem.Invalid, "", School: null));
        }

        if (KindOf() is not { } kind)
        {
            var problem = fields[role].IsMissing ? IssueProblem.Missing : IssueProblem.Invalid;
            return Mapped.Rejected(FirstKind, "Its role is none that OneRoster knows.", new Lack("role", problem, SisId(), School: null));
        }

        var plan = plans[kind];
        (invalid, invalidAttributes, unmapped, unnamed, lacking, follows) = (0, 0, false, false, null, false);
        var invalidParts = rules.Of(kind) is null ? 0 : PartMapper.Invalid(part.Span);
        awaited.Clear();
        var complete = true;
        row.Clear();
        foreach (var step in plan.Steps)
        {
            var attribute = step.Attribute;
            if (step.Pair is { } pair)
            {
                Mark(attribute, pair.Write(attribute, fields, part, row, zone));
                continue;
            }

            if (step.FromPart)
            {
                row.Value(PartMapper.Get(part.Span, step.Slot));
                if ((invalidParts & (1 << step.Slot)) != 0)
                {
                    invalidAttributes |= 1UL << attribute.Index;
                }

                continue;
            }

            var source = fields[step.Slot];
            switch (attribute.Type)
            {
                case AttributeType.Text when attribute.Index == 0:
                    WriteSisId(source);
                    break;
                case AttributeType.TextList when attribute.Index == 1:
                    row.Value(sources);
                    break;
                case AttributeType.Text when step.IdentifierType is not null:
                    row.Text(source.Identifier(step.IdentifierType));
                    break;
                case AttributeType.Text when step.LowerCase:
                    source.WriteLowerText(row);
                    break;
                case AttributeType.Text:
                    source.WriteText(row);
                    break;
                case AttributeType.Date:
                    Mark(attribute, source.WriteDate(row, zone));
                    break;
                case AttributeType.Boolean:
                    Mark(attribute, source.WriteBoolean(row));
                    break;
                case AttributeType.TextList:
                    source.WriteTexts(row);
                    break;
                case AttributeType.Metadata when plan.Metadata.Length > 0:
                    invalid += WriteMetadata(source, plan.Metadata, part);
                    break;
                case AttributeType.Metadata:
                    source.WriteMetadata(row);
                    break;
                default:
                    complete &= WriteReferences(attribute, source, targets, unresolved);
                    break;
            }
        }

        if (unmapped)
        {
            // Whatever becomes of its other references, only another mapping lets it in, and that derives everything again.
            unresolved.RemoveAll(reference => !awaited.Contains(reference.Target));
            return Mapped.Unmapped(kind);
        }

        return !complete ? Withheld(row.ToRow(kind), targets) with { IsUnnamed = unnamed }
            : follows && rules.Follows(Kind.Calendar, kind) ? Mapped.Filtered(row.ToRow(kind))
            : rules.Of(kind) is { } asked ? asked.Judge(row.ToRow(kind), invalidAttributes, invalid)
            : Mapped.Complete(row.ToRow(kind), invalid);
    }

    /// <summary>Notes a value that is not valid and was left out.</summary>
    private void Mark(Model.Attribute attribute, bool isValid)
    {
        if (!isValid)
        {
            invalid++;
            invalidAttributes |= 1UL << attribute.Index;
        }
    }

    /// <summary>What becomes of a record that lacks something: of several things the school, else the first.</summary>
    private Mapped Withheld(Row withheld, IReferenceTargets targets)
    {
        var (attribute, target) = lacking!.Value;
        var lack = new Lack(attribute.Name, target is null ? IssueProblem.Missing : IssueProblem.Invalid, SisId(), KindRules.SchoolOf(withheld));
        if (target is not { } key)
        {
            return Mapped.Withheld(withheld, lack);
        }

        var family = attribute.Target!.Value;
        var sisId = ids.Prefix + SourcedIdOf(withheld.Kind, family, key);
        return Mapped.Withheld(withheld, lack with { Target = new MissingTarget(family, key, Storable(sisId), targets.Absent(family, key)) });
    }

    /// <summary>The sourcedId by which the record that was mapped last, of a kind, names another; null when it does not.</summary>
    internal string? SourcedIdOf(Kind kind, Family family, RollbookId key) =>
        Kinds
            .Of(kind)
            .Attributes.Where(attribute => attribute.Target == family)
            .Select(attribute => fields[fields.Slot(DefaultMapping.SourceOf(kind, attribute.Name))].SourcedIdOf(key, ids[family]))
            .FirstOrDefault(sourcedId => sourcedId is not null);

    private string SisId() => Storable(ids.Prefix + Encoding.UTF8.GetString(fields[sourcedId].Exact()));

    /// <summary>The text without what no database takes.</summary>
    private static string Storable(string text) => text.Replace("\0", "", StringComparison.Ordinal);

    private Kind FirstKind => collection == Collection.Users ? Kind.Student : Kinds.Of(Collections.FamilyOf(collection)).First().Kind;

    private Kind? KindOf() => collection == Collection.Users ? DefaultMapping.KindOfRole(fields[role].Text()) : FirstKind;

    private void WriteSisId(Value source)
    {
        // The SIS ID is taken to the letter: keys are derived from the same bytes.
        var text = source.Exact();
        row.Value(prefix.Length == 0 ? text : [.. prefix, .. text]);
    }

    /// <summary>The source's metadata with the district's entries in place of those of the same name; answers how many were not valid.</summary>
    private int WriteMetadata(Value source, MappedAttribute[] pairs, ReadOnlyMemory<byte> part)
    {
        var entries = source.Metadata() ?? new SortedDictionary<string, string>(StringComparer.Ordinal);
        var failed = 0;
        foreach (var pair in pairs)
        {
            failed += pair.TryText(fields, part, out var text) ? 0 : 1;
            var name = pair.Target[AttributeRules.MetadataPrefix.Length..];
            if (text is null)
            {
                entries.Remove(name);
            }
            else
            {
                entries[name] = text;
            }
        }

        row.Metadata(entries);
        return failed;
    }

    private bool WriteReferences(
        Model.Attribute attribute,
        Value source,
        IReferenceTargets targets,
        List<(RollbookId Target, bool Required)> unresolved
    )
    {
        var family = attribute.Target!.Value;
        source.ReadReferences(references, ids[family]);
        unnamed |= attribute.Required && references.Count == 0;
        RollbookId? missing = null;
        if (family != Collections.FamilyOf(collection))
        {
            missing = Resolve(attribute, targets, unresolved);
        }

        if (attribute.Required && references.Count == 0 && (lacking is null || family == Family.Org))
        {
            lacking = (attribute, missing);
        }

        if (attribute.Type == AttributeType.Reference)
        {
            row.Reference(references.Count == 0 ? null : references[0]);
        }
        else
        {
            row.References(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(references));
        }

        return references.Count > 0 || !attribute.Required;
    }

    /// <summary>Follows the references read last to the records that they lead to, each once. Answers the first one that leads nowhere.</summary>
    private RollbookId? Resolve(Model.Attribute attribute, IReferenceTargets targets, List<(RollbookId Target, bool Required)> unresolved)
    {
        var (left, missing, filtered, outside) = (0, 0, 0, false);
        RollbookId? first = null;
        for (var i = 0; i < references.Count; i++)
        {
            var reference = references[i];
            var lead = targets.Follow(attribute.Target!.Value, reference);
            switch (lead.Fate)
            {
                case ReferenceFate.Leads when references.IndexOf(lead.Id, 0, left) < 0:
                    references[left++] = lead.Id;
                    break;
                case ReferenceFate.Leads:
                    break;
                case ReferenceFate.Missing:
                    missing++;
                    first ??= reference;
                    unresolved.Add((reference, attribute.Required));
                    break;
                case ReferenceFate.Filtered:
                    filtered++;
                    first ??= reference;
                    unresolved.Add((reference, attribute.Required));
                    break;
                case ReferenceFate.Unmapped when collection == Collection.Courses:
                    // A course comes back when its school, as yet one that is not mapped, is gone from the source: then it is a course of no school.
                    unmapped = true;
                    awaited.Add(reference);
                    unresolved.Add((reference, Required: true));
                    break;
                case ReferenceFate.UnmappedOrganisation when collection == Collection.Courses:
                    // A course of the district; it goes when what is an organisation as yet turns out to be a school.
                    unresolved.Add((reference, attribute.Required));
                    break;
                default:
                    outside = true;
                    break;
            }
        }

        references.RemoveRange(left, references.Count - left);
        if (missing > 0 && left == 0)
        {
            invalidAttributes |= 1UL << attribute.Index;
        }

        follows |= filtered > 0 && left == 0 && attribute.Target == Family.AcademicSession;
        unmapped |= attribute.Required && outside && left + missing + filtered == 0;
        return first;
    }

    /// <summary>The attributes of a kind with the place in the source that feeds each.</summary>
    private sealed class Plan
    {
        private const string PartPrefix = "demographics.";
        private const string IdentifierPrefix = "userIds.";

        internal Plan(KindDefinition definition, SourceFields fields, IReadOnlyList<MappedAttribute> pairs)
        {
            foreach (var pair in pairs)
            {
                pair.Bind(fields);
            }

            var byTarget = pairs.ToDictionary(pair => pair.Target, StringComparer.Ordinal);
            Steps =
            [
                .. definition.Attributes.Select(attribute =>
                    StepOf(definition.Kind, attribute, fields) with
                    {
                        Pair = byTarget.GetValueOrDefault(attribute.Name),
                    }
                ),
            ];
            Metadata = [.. pairs.Where(pair => pair.Target.StartsWith(AttributeRules.MetadataPrefix, StringComparison.Ordinal))];
        }

        internal Step[] Steps { get; }

        /// <summary>The pairs that feed an entry of the metadata.</summary>
        internal MappedAttribute[] Metadata { get; }

        private static Step StepOf(Kind kind, Model.Attribute attribute, SourceFields fields)
        {
            var source = DefaultMapping.SourceOf(kind, attribute.Name);
            if (source.StartsWith(PartPrefix, StringComparison.Ordinal))
            {
                return new Step(attribute, Array.IndexOf(SourceFields.DemographicFields, source[PartPrefix.Length..]), FromPart: true);
            }

            if (source.StartsWith(IdentifierPrefix, StringComparison.Ordinal))
            {
                return new Step(attribute, fields.Slot("userIds"), IdentifierType: source[IdentifierPrefix.Length..].ToUpperInvariant());
            }

            return new Step(attribute, fields.Slot(source), LowerCase: source is "role");
        }
    }

    private sealed record Step(
        Model.Attribute Attribute,
        int Slot,
        bool FromPart = false,
        string? IdentifierType = null,
        bool LowerCase = false,
        MappedAttribute? Pair = null
    );
}

/// <summary>What mapping a record gave.</summary>
/// <param name="State">Whether it can be published.</param>
/// <param name="Row">Its values; without meaning when it is not valid or not mapped.</param>
/// <param name="Kind">The kind it is or would be.</param>
/// <param name="Invalid">How many values were not valid and were left out.</param>
/// <param name="Reason">Why it was rejected; no personal data.</param>
internal readonly record struct Mapped(Read.OutcomeState State, Row Row, Kind Kind, int Invalid, string? Reason)
{
    /// <summary>What Data Requirements found: with a row that is published to be reported, else why it is skipped. Valid until the next record is mapped.</summary>
    internal IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>Of a record that is withheld: whether it does not even name something that it can't stand without.</summary>
    internal bool IsUnnamed { get; init; }

    /// <summary>Of a record that is withheld or rejected: what it lacks.</summary>
    internal Lack? Lack { get; init; }

    internal static Mapped Filtered(Row row) => new(Read.OutcomeState.Filtered, row, row.Kind, 0, null);

    internal static Mapped Skipped(Row row) => new(Read.OutcomeState.Skipped, row, row.Kind, 0, null);

    internal static Mapped Complete(Row row, int invalid) => new(Read.OutcomeState.Published, row, row.Kind, invalid, null);

    internal static Mapped Withheld(Row row, Lack lack) => new(Read.OutcomeState.Withheld, row, row.Kind, 0, null) { Lack = lack };

    internal static Mapped Unmapped(Kind kind) => new(Read.OutcomeState.Unmapped, default, kind, 0, null);

    internal static Mapped Rejected(Kind kind, string reason, Lack lack) => new(Read.OutcomeState.Rejected, default, kind, 0, reason) { Lack = lack };
}

/// <summary>What a record lacks that is always required.</summary>
/// <param name="Attribute">The attribute.</param>
/// <param name="Problem">Whether it has none, or one that is not valid or leads nowhere.</param>
/// <param name="SisId">The record's SIS ID, prefix included.</param>
/// <param name="School">Its school, or the first of several; null for none.</param>
internal sealed record Lack(string Attribute, IssueProblem Problem, string SisId, RollbookId? School)
{
    /// <summary>What it refers to; null when it names nothing.</summary>
    internal MissingTarget? Target { get; init; }
}
