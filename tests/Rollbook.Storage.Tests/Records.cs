using Rollbook.Model;

namespace Rollbook.Storage.Tests;

/// <summary>Records in one line.</summary>
internal static class Records
{
    private static readonly IdScope[] Scopes = [.. Enum.GetValues<Family>().Select(family => new IdScope("riverside", "synergy", family))];

    public static RollbookId Id(Kind kind, string sisId) => RollbookId.Derive(Scopes[(int)Kinds.Of(kind).Family], sisId);

    public static Row Row(Kind kind, string sisId, params (string Name, object Value)[] values)
    {
        var named = values
            .Prepend((Name: "sisId", Value: (object)sisId))
            .ToDictionary(value => value.Name, value => value.Value, StringComparer.Ordinal);
        var writer = new RowWriter();
        foreach (var attribute in Kinds.Of(kind).Attributes)
        {
            Write(writer, named.GetValueOrDefault(attribute.Name));
            named.Remove(attribute.Name);
        }

        named.Keys.ShouldBeEmpty();
        return writer.ToRow(kind).Copy();
    }

    public static StagedChange Create(Kind kind, string sisId, params (string, object)[] values) =>
        new(Operation.Create, kind, Id(kind, sisId), Row(kind, sisId, values), Consequence: false);

    public static StagedChange Update(Kind kind, string sisId, params (string, object)[] values) =>
        new(Operation.Update, kind, Id(kind, sisId), Row(kind, sisId, values), Consequence: false);

    public static StagedChange Delete(Kind kind, string sisId) => new(Operation.Delete, kind, Id(kind, sisId), default, Consequence: false);

    private static void Write(RowWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.Missing();
                break;
            case string text:
                writer.Text(text);
                break;
            case bool flag:
                writer.Boolean(flag);
                break;
            case DateOnly date:
                writer.Date(date);
                break;
            case RollbookId id:
                writer.Reference(id);
                break;
            case RollbookId[] ids:
                writer.References(ids);
                break;
            case string[] texts:
                writer.Texts(texts);
                break;
            case Dictionary<string, string> metadata:
                writer.Metadata(metadata);
                break;
            default:
                throw new ArgumentException($"No attribute holds a {value.GetType()}.", nameof(value));
        }
    }
}
