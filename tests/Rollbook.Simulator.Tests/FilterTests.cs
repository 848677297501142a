using System.Text.Json;
using CsCheck;

namespace Rollbook.Simulator.Tests;

/// <summary>What a filter lets through is what a naive reading of the records lets through.</summary>
public sealed class FilterTests(CleanDistrict district) : IClassFixture<CleanDistrict>
{
    private static readonly string[] Operators = ["=", "!=", ">", ">=", "<", "<=", "~"];
    private static readonly string[] Fields =
    [
        "role",
        "givenName",
        "familyName",
        "middleName",
        "status",
        "enabledUser",
        "grades",
        "identifier",
        "orgs.sourcedId",
        "userIds.identifier",
        "dateLastModified",
        "metadata.expectedGraduationYear",
    ];

    [Fact]
    public async Task A_filter_lets_through_what_it_says()
    {
        var users = await district.Client.AllAsync("users", 1000);
        var values = Fields.ToDictionary(
            field => field,
            field => users.SelectMany(user => Values(user, field)).Distinct(StringComparer.Ordinal).ToArray(),
            StringComparer.Ordinal
        );
        var comparison = from field in OneOf(Fields) from op in OneOf(Operators) from value in OneOf(values[field]) select (field, op, value);
        var filter = Gen.Select(comparison, OneOf("", " AND ", " OR "), comparison);

        await filter.SampleAsync(
            async (first, join, second) =>
            {
                var text = Write(first) + (join.Length == 0 ? string.Empty : join + Write(second));
                var expected = users.Where(user =>
                    join switch
                    {
                        " AND " => Holds(user, first) && Holds(user, second),
                        " OR " => Holds(user, first) || Holds(user, second),
                        _ => Holds(user, first),
                    }
                );

                var page = await district.Client.PageAsync($"users?limit=5000&filter={Uri.EscapeDataString(text)}");

                Snapshot.Sorted(page.Select(Id)).ShouldBe(Snapshot.Sorted(expected.Select(Id)), text);
            },
            iter: 300
        );
    }

    [Theory]
    [InlineData("familyName='O''Brien'")]
    [InlineData(" familyName = 'O''Brien' ")]
    public async Task A_doubled_quote_is_a_quote(string filter)
    {
        var page = await district.Client.PageAsync("users?limit=5000&filter=" + Uri.EscapeDataString(filter));

        page.ShouldNotBeEmpty();
        page.ShouldAllBe(user => user.GetProperty("familyName").ValueEquals("O'Brien"));
    }

    [Fact]
    public async Task A_list_matches_as_a_whole_or_by_an_element()
    {
        var section = (await district.Client.PageAsync("classes?limit=1"))[0];
        var term = section.GetProperty("terms")[0].GetProperty("sourcedId").GetString();

        var page = await district.Client.PageAsync($"classes?limit=5000&filter=terms.sourcedId='{term}'");

        page.Select(Id).Contains(Id(section), StringComparer.Ordinal).ShouldBeTrue();
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(place => texts[place]);

    private static string Write((string Field, string Op, string Value) comparison) =>
        $"{comparison.Field}{comparison.Op}'{comparison.Value.Replace("'", "''", StringComparison.Ordinal)}'";

    private static bool Holds(JsonElement record, (string Field, string Op, string Value) comparison)
    {
        var values = Values(record, comparison.Field).ToList();
        bool Any(Func<string, bool> test) => values.Any(test);
        int Order(string text) => string.CompareOrdinal(text, comparison.Value);
        return comparison.Op switch
        {
            "=" => Any(text => Order(text) == 0),
            "!=" => !Any(text => Order(text) == 0),
            ">" => Any(text => Order(text) > 0),
            ">=" => Any(text => Order(text) >= 0),
            "<" => Any(text => Order(text) < 0),
            "<=" => Any(text => Order(text) <= 0),
            _ => Any(text => text.Contains(comparison.Value, StringComparison.Ordinal)),
        };
    }

    private static IEnumerable<string> Values(JsonElement record, string path)
    {
        var parts = path.Split('.');
        if (!record.TryGetProperty(parts[0], out var value))
        {
            return [];
        }

        return value.ValueKind switch
        {
            JsonValueKind.Array => value
                .EnumerateArray()
                .SelectMany(item => item.ValueKind == JsonValueKind.Object ? Values(item, parts[1]) : [item.GetString()!]),
            JsonValueKind.Object => Values(value, parts[1]),
            _ => [value.GetString()!],
        };
    }

    private static string Id(JsonElement record) => record.GetProperty("sourcedId").GetString()!;
}
