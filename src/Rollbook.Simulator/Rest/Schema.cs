using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Rest;

/// <summary>The fields of each kind of record, in the order they are written (OneRoster 1.1, chapter 4; 1.2, the schemas of its OpenAPI file).</summary>
internal sealed class Schema
{
    private static readonly Schema[] Of11 =
    [
        Schemas.Org,
        Schemas.Session,
        Schemas.Course,
        Schemas.Class(ReferenceTarget.Term),
        Schemas.User,
        Schemas.Enrollment("aide"),
        Schemas.Demographics,
    ];

    private static readonly Schema[] Of12 =
    [
        Schemas.Org,
        Schemas.Session,
        Schemas.Course,
        Schemas.Class(ReferenceTarget.Session),
        UserSchema12.Make(),
        Schemas.Enrollment("ext:aide"),
        Schemas.Demographics,
    ];

    private readonly Field[] fields;

    public Schema(Kind kind, params Field[] fields)
    {
        Kind = kind;
        this.fields = [new SourcedIdField(kind), new StatusField(kind), new ModifiedField(kind), .. fields];
    }

    public Kind Kind { get; }

    public IReadOnlyList<Field> Fields => fields;

    public static Schema Of(OneRosterVersion version, Kind kind) => (version is OneRosterVersion.V12 ? Of12 : Of11)[(int)kind];

    public Field? Find(string name) => Array.Find(fields, field => field.Name.Equals(name, StringComparison.Ordinal));

    /// <summary>Writes one record; <paramref name="selection"/> null writes every field.</summary>
    public void Write(RecordWriter to, int row, Field[]? selection)
    {
        to.Json.WriteStartObject();
        foreach (var field in selection ?? fields)
        {
            field.Write(to, row);
        }

        to.Json.WriteEndObject();
    }
}
