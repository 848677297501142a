using Rollbook.Model;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Samples;
using static Rollbook.Sync.Tests.Map.MappedImport;

namespace Rollbook.Sync.Tests.Map;

public sealed class SampleTests : IAsyncLifetime
{
    private readonly KeptUploadSamples samples = new(TimeProvider.System);
    private MappedImport import = null!;

    public async ValueTask InitializeAsync() => import = await StartAsync();

    public ValueTask DisposeAsync() => import.DisposeAsync();

    [Fact]
    public async Task Before_the_first_import_there_are_none() =>
        (await samples.ReadAsync(import.Store, "sis", Kind.Student, default)).ShouldBe(KindSamples.None);

    [Fact]
    public async Task After_an_import_they_are_what_the_source_last_said()
    {
        await import.ImportAsync([]);
        var first = await samples.ReadAsync(import.Store, "sis", Kind.Student, default);
        first.From.ShouldBe(SampleOrigin.LastUpload);
        first.Records.Count.ShouldBe(1);
        (await samples.ReadAsync(import.Store, "sis", Kind.Student, default)).ShouldBeSameAs(first);
        (await samples.ReadAsync(import.Store, "sis", Kind.Teacher, default)).Records.ShouldBeEmpty();

        import.Student["username"] = "amara2";
        await import.ImportAsync([]);
        var second = await samples.ReadAsync(import.Store, "sis", Kind.Student, default);
        Preview(Pair("username", "email"), second).Single().Result.ShouldBe("amara2");

        import.Student["status"] = "tobedeleted";
        await import.RunAsync([]);
        (await samples.ReadAsync(import.Store, "sis", Kind.Student, default)).Records.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_attributes_of_the_source_are_discovered_from_them()
    {
        await import.ImportAsync([]);
        var found = await samples.ReadAsync(import.Store, "sis", Kind.Student, default);
        found.Attributes.ShouldBe([
            "email",
            "enabledUser",
            "familyName",
            "givenName",
            "grades",
            "metadata.bus.route",
            "metadata.counselor",
            "metadata.entry",
            "metadata.home.room",
            "orgs",
            "phone",
            "role",
            "userIds.State ID",
            "username",
        ]);
        var groups = SourceAttributes.Of(Kind.Student, found.Attributes).ToDictionary(group => group.Group, group => group.Names);
        groups["OneRoster"].ShouldContain("preferredFirstName");
        groups["OneRoster"].ShouldNotContain("sourcedId");
        groups["Identifiers"].ShouldBe(["userIds.State ID"]);
        groups["Demographics"].ShouldContain("demographics.sex");
        groups["Metadata"].ShouldContain("metadata.home.room");
        groups.ShouldNotContainKey("Others");
    }

    [Fact]
    public async Task A_preview_shows_what_goes_in_and_what_an_import_would_make_of_it()
    {
        AttributePair[] pairs =
        [
            Pair("grades", "grades", ("K", "KG")),
            Pair("metadata.entry", "birthDate"),
            Template("email", "{{ username | downcase }}@x.example"),
            Template("metadata.label", "{% assign it = metadata.bus.route %}{{ it }}-{{ metadata['home.room'] }}-{{ demographics.sex }}"),
            Pair("phone", "enabled"),
            Template("sms", "{{ 1 | divided_by: 0 }}"),
        ];
        var student = await import.ImportAsync(pairs);
        var found = await samples.ReadAsync(import.Store, "sis", Kind.Student, default);
        var lines = pairs.Select(pair => Preview(pair, found).Single()).ToList();
        lines[0].Inputs.ShouldBe([("grades", "K,07")]);
        lines[0].Result.ShouldBe(student["grades"]);
        lines[1].Result.ShouldBe("2026-08-15");
        lines[2].Result.ShouldBe(student["email"]);
        lines[3].Inputs.ShouldBe([("metadata.bus.route", "7"), ("metadata.home.room", "B12"), ("demographics.sex", "female")]);
        lines[3].Result.ShouldBe("7-B12-female");
        lines[4].Problem.ShouldBe("Neither yes nor no.");
        lines[5].Problem.ShouldBe("The template fails: it divides by zero.");
        lines.Take(4).ShouldAllBe(line => line.Problem == null);
    }

    private static IReadOnlyList<AttributePreviewLine> Preview(AttributePair pair, KindSamples samples) =>
        AttributePreview.Of(Kinds.Of(Kind.Student), pair, samples.Records, TimeZoneInfo.Utc, 5);
}
