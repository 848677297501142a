using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using CsCheck;
using Rollbook.Model;
using Rollbook.Sources.OneRoster;
using Rollbook.Sources.Tests.Contract;

namespace Rollbook.Sources.Tests.OneRoster;

/// <summary>Finding the records of a page.</summary>
public sealed class RecordScannerTests
{
    private static readonly IdScope Scope = Reading.Ids(Family.Person);

    [Fact]
    public void Every_beginning_of_a_page_that_is_not_the_whole_page_is_refused()
    {
        var page = Encoding.UTF8.GetBytes(
            $$"""{"note":[],"users":[{{FakeSis.Record("users", 1)}},{"sourcedId":"é\n","tags":[1,{"a":[]}]}],"more":{"x":1} }"""
        );
        Scan(page).Count.ShouldBe(2);
        for (var length = 0; length < page.Length; length++)
        {
            Should.Throw<JsonException>(() => Scan(page[..length]));
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("42")]
    [InlineData("null")]
    [InlineData("""{"users":"none"}""")]
    [InlineData("""{"a":[],"b":[]}""")]
    [InlineData("""{"statusInfoSet":[]}""")]
    [InlineData("""{"imsx_codeMajor":"failure","users":[]}""")]
    [InlineData("""{"errors":[{"imsx_codeMinor":"x"}],"users":[]}""")]
    [InlineData("""{"error":"server","users":[]}""")]
    public void An_answer_without_records_is_refused(string body) => Should.Throw<RequestFailure>(() => Scan(Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData("""{"users":null}""", 0)]
    [InlineData("""{"users":{"sourcedId":"a"}}""", 1)]
    [InlineData("""[{"sourcedId":"a"},{"sourcedId":"b"}]""", 2)]
    [InlineData("""{"students":[{"sourcedId":"a"}],"statusInfoSet":[{"imsx_codeMajor":"success"}],"errors":[]}""", 1)]
    [InlineData(
        """{"imsx_CodeMinor":{"imsx_codeMinorField":[{"imsx_codeMinorFieldName":"failure","imsx_codeMinorFieldValue":"fullsuccess"}]},"users":[{"sourcedId":"a"}]}""",
        1
    )]
    public void Odd_wrappers_are_read(string body, int records) => Scan(Encoding.UTF8.GetBytes(body)).Count.ShouldBe(records);

    [Fact]
    public void Ids_that_are_no_text_are_rejected()
    {
        byte[] broken =
        [
            .. """{"users":[{"sourcedId":"half \ud800"},{"sourcedId":"zero \u0000"},{"sourcedId":""},{"sourcedId":{"a":1}},{"sourcedId":"ok"},{"sourcedId":"""u8,
            (byte)'"',
            0xC3,
            0x28,
            .. "\"}]}"u8,
        ];
        var page = Scan(broken);
        (page.Count, page.Rows, page.Rejections.Count).ShouldBe((1, 6, 5));
    }

    [Fact]
    public void Finds_what_a_document_reader_finds()
    {
        var text = Gen.String[Gen.Char["ab\"\\/é{}[]:,\u20ac \n"], 0, 12];
        var record = Gen.Select(text, text, Gen.Bool, Gen.Int)
            .Select(
                (id, title, idFirst, number) =>
                {
                    var value = new Dictionary<string, object?>(StringComparer.Ordinal)
                    {
                        ["n"] = new object[] { number, new { sourcedId = "not this" } },
                        [title] = title,
                    };
                    return idFirst
                        ? JsonSerializer.Serialize(
                            new
                            {
                                sourcedId = id,
                                status = "active",
                                value,
                            }
                        )
                        : JsonSerializer.Serialize(
                            new
                            {
                                value,
                                status = "TOBEDELETED",
                                sourcedId = id,
                            }
                        );
                }
            );
        record
            .Array[0, 20]
            .Sample(records =>
            {
                var body = Encoding.UTF8.GetBytes($$"""{"users": [ {{string.Join(" , ", records)}} ] }""");
                var page = Scan(body);
                using var document = JsonDocument.Parse(body);
                var expected = document
                    .RootElement.GetProperty("users")
                    .EnumerateArray()
                    .Where(element => element.GetProperty("sourcedId").GetString()!.Length > 0)
                    .Select(element =>
                        (
                            RollbookId.Derive(Scope, element.GetProperty("sourcedId").GetString()!),
                            XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(element.GetRawText())),
                            element.GetProperty("status").GetString() is "TOBEDELETED"
                        )
                    );
                page.Records.ToArray().Select(found => (found.Key, found.Hash, found.Deleted)).ShouldBe(expected);
                page.Rows.ShouldBe(records.Length);
            });
    }

    private static Page Scan(byte[] body)
    {
        var page = new Page(body, body.Length);
        new RecordScanner(body, "users"u8, Scope, page, 0).Scan();
        return page;
    }
}
