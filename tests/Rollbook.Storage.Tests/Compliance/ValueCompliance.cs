using System.Text;
using Rollbook.Model;

namespace Rollbook.Storage.Tests;

/// <summary>Whatever a row holds comes back as the same bytes.</summary>
public abstract class ValueCompliance(TestBed bed)
{
    private static readonly string[] Strange =
    [
        "O'Brien",
        "\"quoted\"",
        "back\\slash",
        "100%_",
        "{}",
        "[\"a\"]",
        "Ünï©ödé",
        "日本語",
        "👩‍🏫",
        "e\u0301",
        "\u202Ertl",
        "a\tb\r\nc",
        "\u0001",
        "NULL",
        "\\N",
        ",",
        " ",
        "\uFFFD",
        "\U0010FFFF",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_row_of_every_kind_comes_back_as_the_same_bytes()
    {
        var store = await bed.NewDistrictAsync();
        var rows = Rows(new Random(11), 400);
        var expected = rows.Select((row, number) => (Id: Records.Id(row.Kind, $"{row.Kind}{number}"), Row: row)).ToList();
        await store.PublishAsync(
            expected.Select(record => new StagedChange(Operation.Create, record.Row.Kind, record.Id, record.Row, Consequence: false))
        );
        await store.PublishAsync(
            expected.Select(record => new StagedChange(Operation.Update, record.Row.Kind, record.Id, record.Row, Consequence: false))
        );

        foreach (var (id, row) in expected)
        {
            foreach (var asOf in new int?[] { null, 1 })
            {
                var read = (await store.Roster.GetAsync(row.Kind, id, asOf, Token))!;
                Convert.ToHexString(read.Row.Bytes.Span).ShouldBe(Convert.ToHexString(row.Bytes.Span));
                read.Since.ShouldBe(asOf ?? 2);
            }

            (await store.Roster.HashesAsync(row.Kind, [id], Token))[id].ShouldBe(row.Hash);
        }
    }

    [Fact]
    public async Task A_row_full_of_missing_values_stays_so()
    {
        var store = await bed.NewDistrictAsync();
        var row = Records.Row(Kind.Student, "");
        await store.PublishAsync(new StagedChange(Operation.Create, Kind.Student, Records.Id(Kind.Student, "x"), row, Consequence: false));
        (await store.Roster.GetAsync(Kind.Student, Records.Id(Kind.Student, "x"), null, Token))!.Row.ShouldBe(row);
    }

    [Fact]
    public async Task The_first_and_the_last_day_are_dates_like_any_other()
    {
        var store = await bed.NewDistrictAsync();
        await store.PublishAsync(Records.Create(Kind.Calendar, "c", ("startDate", DateOnly.MinValue), ("endDate", DateOnly.MaxValue)));
        var page = await store.Roster.PageAsync(
            new RecordQuery(
                Kind.Calendar,
                Filters: [new("endDate", FilterCondition.Equal, "9999-12-31"), new("startDate", FilterCondition.StartsWith, "0001-")]
            ),
            Token
        );
        page.Records.Single().Row["endDate"].ShouldBe(DateOnly.MaxValue);
    }

    [Theory]
    [InlineData("name")]
    [InlineData("sources")]
    public async Task The_character_that_no_database_text_can_hold_is_refused(string attribute)
    {
        var store = await bed.NewDistrictAsync();
        object value = string.Equals(attribute, "name", StringComparison.Ordinal) ? "a\0b" : new[] { "fine", "a\0b" };
        var refusal = await Should.ThrowAsync<ArgumentException>(() => store.PublishAsync(Records.Create(Kind.School, "s1", (attribute, value))));
        refusal.Message.ShouldContain("U+0000");
        refusal.Message.ShouldContain(attribute);
        (await store.Roster.LatestAsync(Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Metadata_in_another_spelling_keeps_its_bytes()
    {
        var store = await bed.NewDistrictAsync();
        var writer = new RowWriter();
        foreach (var attribute in Kinds.Of(Kind.School).Attributes)
        {
            writer.Value(attribute.Type == AttributeType.Metadata ? Encoding.UTF8.GetBytes("""{"b":"ü","aa":"\u00fc","a":"1 2"}""") : []);
        }

        var row = writer.ToRow(Kind.School).Copy();
        await store.PublishAsync(new StagedChange(Operation.Create, Kind.School, Records.Id(Kind.School, "s1"), row, Consequence: false));
        (await store.Roster.GetAsync(Kind.School, Records.Id(Kind.School, "s1"), null, Token))!.Row.ShouldBe(row);
    }

    private static List<Row> Rows(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(number => AnyRow(Kinds.All[number % Kinds.All.Count], random))];

    private static Row AnyRow(KindDefinition definition, Random random)
    {
        var writer = new RowWriter();
        foreach (var attribute in definition.Attributes)
        {
            if (random.Next(4) == 0)
            {
                writer.Missing();
            }
            else
            {
                Write(writer, attribute.Type, random);
            }
        }

        return writer.ToRow(definition.Kind).Copy();
    }

    private static void Write(RowWriter writer, AttributeType type, Random random)
    {
        switch (type)
        {
            case AttributeType.Text:
                writer.Text(AnyText(random));
                break;
            case AttributeType.Date:
                writer.Date(DateOnly.FromDayNumber(random.Next(DateOnly.MaxValue.DayNumber + 1)));
                break;
            case AttributeType.Boolean:
                writer.Boolean(random.Next(2) == 0);
                break;
            case AttributeType.Reference:
                writer.Reference(AnyId(random));
                break;
            case AttributeType.ReferenceList:
                writer.References(Many(random, 40, AnyId));
                break;
            case AttributeType.TextList:
                writer.Texts(Many(random, 6, any => any.Next(8) == 0 ? "" : AnyText(any)));
                break;
            default:
                writer.Metadata(
                    Many(random, 6, AnyText).Distinct(StringComparer.Ordinal).ToDictionary(name => name, name => name + "!", StringComparer.Ordinal)
                );
                break;
        }
    }

    private static T[] Many<T>(Random random, int most, Func<Random, T> any) =>
        [.. Enumerable.Range(0, random.Next(1, most + 1)).Select(_ => any(random))];

    private static string AnyText(Random random) =>
        Strange[random.Next(Strange.Length)] + new string((char)random.Next(0x20, 0xD800), random.Next(3));

    private static RollbookId AnyId(Random random) => new(new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()));
}
