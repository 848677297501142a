using System.Buffers;
using System.IO.Hashing;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rollbook.Model;
using Rollbook.Sources.OneRosterCsv.Format;

namespace Rollbook.Sources.OneRosterCsv.Reading;

/// <summary>
/// Makes raw records of rows: the JSON objects that OneRoster REST would give, so that all that follows need not know where they come from. Values stay as they are written, but
/// for blanks around them; what is not as it should be is noted.
/// </summary>
internal sealed class RecordBuilder : IDisposable
{
    private const int BatchRecords = 2_000;
    private const int BatchBytes = 512 << 10;

    /// <summary>Escapes no more than it must.</summary>
    internal static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    private readonly PackageFile file;
    private readonly CsvTable table;
    private readonly CsvRows rows;
    private readonly References references;
    private readonly FindingLog log;
    private readonly UserRoles? roles;
    private readonly (int Index, Position Position)[] columns;
    private readonly (int Index, Position Position)[] extensions;
    private readonly RowChecks checks;
    private readonly int id;
    private readonly int status;
    private readonly int primaryOrg;
    private readonly PooledJson json = new();
    private readonly Utf8JsonWriter writer;
    private RawRecord[] records = ArrayPool<RawRecord>.Shared.Rent(BatchRecords);
    private int count;

    public RecordBuilder(PackageFile file, CsvTable table, References references, FindingLog log, UserRoles? roles)
    {
        (this.file, this.table, this.references, this.log, this.roles) = (file, table, references, log, roles);
        rows = table.Rows;
        var header = table.Header;
        var order = file.File.Columns.ToList();
        var indexed = header.Positions.Select((position, index) => (index, position)).ToList();
        columns = [.. indexed.Where(at => at.position.Column is not null).OrderBy(at => order.IndexOf(at.position.Column!))];
        extensions = [.. indexed.Where(at => at.position.Extension is not null).OrderBy(at => at.position.Extension, StringComparer.Ordinal)];
        (id, status, primaryOrg) = (header.IndexOf("sourcedId"), header.IndexOf("status"), header.IndexOf("primaryOrgSourcedId"));
        checks = new RowChecks(file, header, rows, log);
        writer = new Utf8JsonWriter(json, new JsonWriterOptions { Encoder = Encoder, SkipValidation = true });
    }

    /// <summary>Distinct records so far.</summary>
    public long Read { get; private set; }

    /// <summary>Whether the records that wait are enough for a batch.</summary>
    public bool IsFull => count == BatchRecords || json.Length >= BatchBytes;

    /// <summary>Takes the row at which the rows are.</summary>
    /// <param name="isShown">Whether its record is wanted; else it only counts.</param>
    /// <returns>Why it can't be taken; null when it was, or came before.</returns>
    public string? Take(bool isShown)
    {
        if (table.Broken() is { } broken)
        {
            return broken;
        }

        var sourcedId = rows.Field(id).Trim();
        if (sourcedId.IsEmpty || sourcedId.Contains('\0'))
        {
            log.Add(CsvRules.IdMissing, file.Entry.Name, rows.Line, "sourcedId");
            return "it has no sourcedId";
        }

        var key = references.KeyOf(file.File.Collection, sourcedId);
        if (!references.Add(file.File.Collection, key))
        {
            log.Add(CsvRules.IdTwice, file.Entry.Name, rows.Line, "sourcedId", sourcedId, checks.IsOfPersons);
            return null;
        }

        Read++;
        var isDeleted = checks.IsDeleted(status);
        var start = json.Length;
        Write(key, isDeleted);
        if (!isShown)
        {
            json.Length = start;
            return null;
        }

        records[count++] = new RawRecord(key, XxHash128.HashToUInt128(json.From(start)), start, json.Length - start, isDeleted);
        return null;
    }

    /// <summary>Hands over the records that wait; null when there are none.</summary>
    public RawBatch? TakeBatch()
    {
        if (count == 0)
        {
            return null;
        }

        var batch = new RawBatch(json.Take(), records, count);
        (records, count) = (ArrayPool<RawRecord>.Shared.Rent(BatchRecords), 0);
        return batch;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        writer.Dispose();
        json.Dispose();
        ArrayPool<RawRecord>.Shared.Return(records);
        records = [];
    }

    private void Write(RollbookId key, bool isDeleted)
    {
        writer.Reset(json);
        writer.WriteStartObject();
        foreach (var (index, position) in columns)
        {
            var column = position.Column!;
            var value = checks.Trim(rows.Field(index), column.Name, column.IsPersonal);
            if (value.IsEmpty)
            {
                if (!isDeleted)
                {
                    checks.Missing(column);
                }

                continue;
            }

            Write(position, column, value);
        }

        if (roles is not null)
        {
            var org = primaryOrg < 0 ? default : rows.Field(primaryOrg).Trim();
            roles.Write(writer, key, org.IsEmpty ? null : org.ToString(), file, rows.Line, isDeleted, log);
        }

        WriteExtensions();
        writer.WriteEndObject();
        writer.Flush();
        checks.Row(isDeleted);
    }

    private void Write(Position position, CsvColumn column, ReadOnlySpan<char> value)
    {
        switch (column.Type)
        {
            case ColumnType.Unread:
                break;
            case ColumnType.Modified when file.IsBulk:
                log.Add(CsvRules.ModifiedInBulk, file.Entry.Name, rows.Line, column.Name, value);
                break;
            case ColumnType.TextList:
                writer.WriteStartArray(position.Property);
                foreach (var part in value.Split(','))
                {
                    if (checks.TrimPart(value[part], column) is { IsEmpty: false } item)
                    {
                        writer.WriteStringValue(item);
                    }
                }

                writer.WriteEndArray();
                break;
            case ColumnType.Reference:
                writer.WriteStartObject(position.Property);
                Refer(column, value);
                writer.WriteEndObject();
                break;
            case ColumnType.ReferenceList:
                writer.WriteStartArray(position.Property);
                foreach (var part in value.Split(','))
                {
                    if (checks.TrimPart(value[part], column) is { IsEmpty: false } item)
                    {
                        writer.WriteStartObject();
                        Refer(column, item);
                        writer.WriteEndObject();
                    }
                }

                writer.WriteEndArray();
                break;
            case ColumnType.UserIds:
                writer.WriteStartArray(position.Property);
                WriteUserIds(value);
                writer.WriteEndArray();
                break;
            default:
                checks.Value(column, value);
                writer.WriteString(position.Property, value);
                break;
        }
    }

    private void Refer(CsvColumn column, ReadOnlySpan<char> sourcedId)
    {
        checks.Id(column, sourcedId);
        references.Check(file, rows.Line, column, sourcedId, log);
        writer.WriteString("sourcedId"u8, sourcedId);
    }

    // {type:id},{type:id}; the braces may be missing around one alone.
    private void WriteUserIds(ReadOnlySpan<char> value)
    {
        for (var rest = value; !rest.IsEmpty; )
        {
            var open = rest.IndexOf('{');
            var close = open < 0 ? -1 : rest[open..].IndexOf('}');
            var part = close < 0 ? rest : rest[(open + 1)..(open + close)];
            rest = close < 0 ? [] : rest[(open + close + 1)..];
            var colon = part.IndexOf(':');
            if (close < 0 || colon <= 0)
            {
                log.Add(CsvRules.UserIdsFormat, file.Entry.Name, rows.Line, "userIds", value, isPersonal: true);
            }

            if (colon > 0 && part[(colon + 1)..].Trim() is { IsEmpty: false } identifier)
            {
                writer.WriteStartObject();
                writer.WriteString("type"u8, part[..colon].Trim());
                writer.WriteString("identifier"u8, identifier);
                writer.WriteEndObject();
            }
        }
    }

    private void WriteExtensions()
    {
        var isOpen = false;
        foreach (var (index, position) in extensions)
        {
            var value = checks.Trim(rows.Field(index), position.Name, checks.IsOfPersons);
            if (!value.IsEmpty)
            {
                if (!isOpen)
                {
                    writer.WriteStartObject("metadata"u8);
                    isOpen = true;
                }

                writer.WriteString(position.Property, value);
            }
        }

        if (isOpen)
        {
            writer.WriteEndObject();
        }
    }
}
