using System.Text;
using System.Text.Json;
using Rollbook.Model;

namespace Rollbook.Sync.Map;

/// <summary>
/// The fields of one raw record: where each known attribute's value lies in its JSON. Reused from record to record.
/// </summary>
internal sealed class SourceFields
{
    private readonly NameTable names;
    private readonly Field[] fields;
    private ReadOnlyMemory<byte> json;

    /// <summary>Makes one for the records of a collection.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="others">Attributes beyond <see cref="Known"/> that are wanted.</param>
    internal SourceFields(Collection collection, params IEnumerable<string> others)
    {
        names = new NameTable([.. Known(collection).Union(others, StringComparer.Ordinal)]);
        fields = new Field[names.Count];
    }

    /// <summary>The position of an attribute; -1 when the collection has none of this name.</summary>
    internal int Slot(string name) => names.IndexOf(Encoding.UTF8.GetBytes(name));

    /// <summary>Takes a record in; false when it is not a JSON object.</summary>
    internal bool Read(ReadOnlyMemory<byte> record)
    {
        json = record;
        Array.Clear(fields);
        var reader = new Utf8JsonReader(record.Span);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var slot = names.IndexOf(reader.ValueSpan);
            reader.Read();
            var (type, start) = (reader.TokenType, (int)reader.TokenStartIndex);
            reader.Skip();
            if (slot >= 0)
            {
                fields[slot] = new Field(type, start, (int)reader.BytesConsumed - start, reader.ValueIsEscaped);
            }
        }

        return true;
    }

    /// <summary>The value in an attribute's position; of type None when the record lacks it.</summary>
    internal Value this[int slot]
    {
        get
        {
            if (slot < 0)
            {
                return default;
            }

            var field = fields[slot];
            return new Value(field.Type, json.Span.Slice(field.Start, field.Length), field.Escaped);
        }
    }

    /// <summary>The attributes of OneRoster 1.1 (and those of 1.2 that servers add to it) by collection.</summary>
    internal static string[] Known(Collection collection) =>
        collection switch
        {
            Collection.Orgs => ["sourcedId", "name", "type", "identifier", "parent", "metadata"],
            Collection.AcademicSessions => ["sourcedId", "title", "type", "startDate", "endDate", "schoolYear", "parent", "metadata"],
            Collection.Courses => ["sourcedId", "title", "courseCode", "grades", "subjects", "subjectCodes", "org", "schoolYear", "metadata"],
            Collection.Classes =>
            [
                "sourcedId",
                "title",
                "classCode",
                "classType",
                "location",
                "grades",
                "subjects",
                "subjectCodes",
                "periods",
                "course",
                "school",
                "terms",
                "metadata",
            ],
            Collection.Demographics => ["sourcedId", .. DemographicFields, "birthdate"],
            Collection.Users =>
            [
                "sourcedId",
                "username",
                "userIds",
                "enabledUser",
                "givenName",
                "middleName",
                "familyName",
                "preferredFirstName",
                "preferredMiddleName",
                "preferredLastName",
                "pronouns",
                "role",
                "identifier",
                "email",
                "sms",
                "phone",
                "agents",
                "orgs",
                "grades",
                "metadata",
            ],
            Collection.Enrollments => ["sourcedId", "user", "class", "school", "role", "primary", "beginDate", "endDate", "metadata"],
            _ => throw new ArgumentOutOfRangeException(nameof(collection), collection, "Not a collection."),
        };

    /// <summary>The attributes of a demographics record.</summary>
    internal static string[] DemographicFields { get; } =
    [
        "birthDate",
        "sex",
        "americanIndianOrAlaskaNative",
        "asian",
        "blackOrAfricanAmerican",
        "nativeHawaiianOrOtherPacificIslander",
        "white",
        "demographicRaceTwoOrMoreRaces",
        "hispanicOrLatinoEthnicity",
        "countryOfBirthCode",
        "stateOfBirthAbbreviation",
        "cityOfBirth",
        "publicSchoolResidenceStatus",
    ];

    private readonly record struct Field(JsonTokenType Type, int Start, int Length, bool Escaped);

    /// <summary>Finds a name among a few dozen by length and two letters.</summary>
    private sealed class NameTable
    {
        private readonly byte[][] names;
        private readonly int[][] buckets = new int[64][];

        internal NameTable(string[] names)
        {
            this.names = [.. names.Select(Encoding.UTF8.GetBytes)];
            for (var i = 0; i < buckets.Length; i++)
            {
                buckets[i] = [.. Enumerable.Range(0, names.Length).Where(n => Bucket(this.names[n]) == i)];
            }
        }

        internal int Count => names.Length;

        internal int IndexOf(ReadOnlySpan<byte> name)
        {
            if (name.IsEmpty)
            {
                return -1;
            }

            foreach (var candidate in buckets[Bucket(name)])
            {
                if (name.SequenceEqual(names[candidate]))
                {
                    return candidate;
                }
            }

            return -1;
        }

        private static int Bucket(ReadOnlySpan<byte> name) => ((name.Length * 7) + (name[0] * 3) + name[^1]) & 63;
    }
}
