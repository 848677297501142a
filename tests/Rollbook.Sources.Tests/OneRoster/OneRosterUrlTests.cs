using CsCheck;
using Rollbook.Sources.OneRoster;

namespace Rollbook.Sources.Tests.OneRoster;

/// <summary>API URLs as people paste them.</summary>
public sealed class OneRosterUrlTests
{
    [Theory]
    [InlineData("https://sis.example.org", "https://sis.example.org/ims/oneroster/v1p1")]
    [InlineData("https://sis.example.org/", "https://sis.example.org/ims/oneroster/v1p1")]
    [InlineData("  sis.example.org ", "https://sis.example.org/ims/oneroster/v1p1")]
    [InlineData("https://sis.example.org:8443/Synergy/", "https://sis.example.org:8443/Synergy/ims/oneroster/v1p1")]
    [InlineData("https://sis.example.org/ims/oneroster/v1p1", "https://sis.example.org/ims/oneroster/v1p1")]
    [InlineData("https://sis.example.org/ims/oneroster/v1p1/", "https://sis.example.org/ims/oneroster/v1p1")]
    [InlineData("HTTPS://SIS.Example.org/IMS/OneRoster/V1P1", "https://sis.example.org/ims/oneroster/v1p1")]
    [InlineData("https://sis.example.org/x/ims/oneroster/rostering/v1p2", "https://sis.example.org/x/ims/oneroster/rostering/v1p2")]
    [InlineData("https://sis.example.org/IMS/OneRoster/Rostering/V1P2/users?limit=5", "https://sis.example.org/ims/oneroster/rostering/v1p2")]
    [InlineData("https://sis.example.org/ims/oneroster/gradebook/v1p2", "https://sis.example.org/ims/oneroster/rostering/v1p2")]
    [InlineData("https://sis.example.org/v1p2/ims/oneroster", "https://sis.example.org/v1p2/ims/oneroster/v1p1")]
    [InlineData("https://sis.example.org/ims/oneroster/v1p1/orgs?limit=1&offset=2#top", "https://sis.example.org/ims/oneroster/v1p1")]
    [InlineData("https://sis.example.org//a//b/", "https://sis.example.org/a/b/ims/oneroster/v1p1")]
    [InlineData("http://localhost:5005/sim", "http://localhost:5005/sim/ims/oneroster/v1p1")]
    [InlineData("http://[::1]:5005", "http://[::1]:5005/ims/oneroster/v1p1")]
    public void Is_made_one(string pasted, string effective) => OneRosterUrl.Normalize(pasted).Effective.ShouldBe(effective);

    [Theory]
    [InlineData(null, "empty")]
    [InlineData("   ", "empty")]
    [InlineData("http://sis.example.org", "https://")]
    [InlineData("ftp://sis.example.org", "not a web address")]
    [InlineData("https://", "not a web address")]
    [InlineData("https://me:pass@sis.example.org", "user name or password")]
    public void Is_refused_with_a_reason(string? pasted, string reason)
    {
        var refusal = Should.Throw<SourceException>(() => OneRosterUrl.Normalize(pasted));
        refusal.Failure.ShouldBe(SourceFailure.Configuration);
        refusal.Message.ShouldContain(reason);
        refusal.Message.ShouldNotContain("pass@");
    }

    [Fact]
    public void Has_the_suffix_once_and_stays_as_it_is()
    {
        var folder = Gen.String[Gen.Char["abcXYZ019-_.~"], 1, 8].Where(text => text.Trim('.').Length > 0);
        string[] suffixes =
        [
            "",
            "/",
            "/ims/oneroster/v1p1",
            "/ims/oneroster/v1p1/",
            "/IMS/OneRoster/V1p1/users?limit=5",
            "/ims/oneroster/rostering/v1p2/",
            "?a=b",
            " ",
        ];
        var suffix = Gen.Int[0, suffixes.Length - 1].Select(i => suffixes[i]);
        var scheme = Gen.Int[0, 2].Select(i => new[] { "https://", "", "HTTPS://" }[i]);
        Gen.Select(scheme, folder.Array[0, 4], suffix)
            .Sample(
                (start, folders, end) =>
                {
                    var pasted = $"{start}host.example.org{string.Concat(folders.Select(name => "/" + name))}{end}";
                    var named = end.Contains("v1p2", StringComparison.Ordinal) ? "/ims/oneroster/rostering/v1p2" : "/ims/oneroster/v1p1";
                    var root = $"https://host.example.org{string.Concat(folders.Select(name => "/" + name))}";
                    var url = OneRosterUrl.Normalize(pasted);
                    (url.Root, url.Effective).ShouldBe((root, root + named));
                    OneRosterUrl.Normalize(url.Effective).ShouldBe(url);
                    foreach (var version in Enum.GetValues<OneRosterVersion>())
                    {
                        // A version that is set holds, whatever the URL names.
                        OneRosterUrl.Normalize(pasted, version).ShouldBe(new OneRosterUrl(root, version));
                    }
                }
            );
    }

    [Fact]
    public void Folders_above_are_tried_from_the_nearest_up() =>
        OneRosterUrl
            .Normalize("https://sis.example.org/a/b")
            .Above()
            .Select(url => url.Root)
            .ShouldBe(["https://sis.example.org/a", "https://sis.example.org"]);
}
