using System.Globalization;
using System.Text.Json.Nodes;
using Rollbook.Model;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Tests.Derive;

namespace Rollbook.Sync.Tests.Guard;

/// <summary>A source of as many pupils as a test needs, spread evenly over schools, each with an e-mail address and a class.</summary>
internal sealed class Pupils
{
    private readonly SortedDictionary<string, JsonObject> users;

    internal Pupils(int count, int schools = 1)
    {
        users = Source.Records[Collection.Users];
        for (var school = 0; school < schools; school++)
        {
            Source.Records[Collection.Orgs][$"s{school}"] = TwoSchools.Organisation($"s{school}", $"School {school}", "school");
            Source.Records[Collection.Courses][$"c{school}"] = TwoSchools.Referring($"c{school}", "title", ("org", $"s{school}"));
            Source.Records[Collection.Classes][$"k{school}"] = TwoSchools.Referring(
                $"k{school}",
                "title",
                ("course", $"c{school}"),
                ("school", $"s{school}")
            );
        }

        for (var i = 0; i < count; i++)
        {
            Add(i, i % schools);
        }
    }

    internal ScriptedSource Source { get; } = new(new Random(1));

    internal void Add(int number, int school, string? id = null)
    {
        var pupil = TwoSchools.Pupil(id ?? IdOf(number), $"s{school}");
        pupil["email"] = $"{IdOf(number)}@x.example";
        users[id ?? IdOf(number)] = pupil;
    }

    /// <summary>Takes the first so many out.</summary>
    internal void Remove(int count)
    {
        for (var i = 0; i < count; i++)
        {
            users.Remove(IdOf(i)).ShouldBeTrue();
        }
    }

    internal void Each(int count, Action<JsonObject> change)
    {
        for (var i = 0; i < count; i++)
        {
            change(users[IdOf(i)]);
        }
    }

    internal static string IdOf(int number) => "p" + number.ToString("D4", CultureInfo.InvariantCulture);

    internal Task<TestDistrict> ImportedAsync(AdvancedSettings? advanced = null) => ImportedAsync(Source, advanced);

    private static async Task<TestDistrict> ImportedAsync(ScriptedSource source, AdvancedSettings? advanced)
    {
        var district = await TestDistrict.StartAsync([source]);
        await ConfigureAsync(district, advanced ?? new AdvancedSettings());
        (await district.ImportOnceAsync()).State.ShouldBe("published");
        return district;
    }

    internal static Task ConfigureAsync(TestDistrict district, AdvancedSettings advanced) =>
        district.ConfigureAsync(new AppConfiguration { Type = "scripted", Advanced = advanced });
}
