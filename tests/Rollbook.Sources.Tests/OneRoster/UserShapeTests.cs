using System.Buffers;
using System.IO.Hashing;
using System.Text;
using Rollbook.Model;
using Rollbook.Sources.OneRoster;

namespace Rollbook.Sources.Tests.OneRoster;

/// <summary>Users of OneRoster 1.2 in the shape of 1.1 that all that follows goes by.</summary>
public sealed class UserShapeTests
{
    private const string Teacher = """{"roleType":"primary","role":"teacher","org":{"href":"x","sourcedId":"a","type":"org"}}""";

    private const string Aide = """{"roleType":"secondary","role":"aide","org":{"sourcedId":"b"}}""";

    private const string Driver = """{"roleType":"primary","role":"ext:busDriver","org":{"sourcedId":"d"}}""";

    private const string Principal = """{"roleType":"primary","role":"principal","org":{"sourcedId":"c"}}""";

    [Theory]
    [InlineData($"\"roles\":[{Aide},{Teacher}]", "teacher", "a", "b")]
    [InlineData($"\"roles\":[{Teacher},{Principal}]", "teacher", "a", "c")]
    [InlineData($"\"roles\":[{Teacher},{Principal}],\"primaryOrg\":{{\"sourcedId\":\"c\"}}", "principal", "c", "a")]
    [InlineData($"\"primaryOrg\":{{\"sourcedId\":\"b\"}},\"roles\":[{Aide},{Teacher}]", "teacher", "b", "a")]
    [InlineData($"\"roles\":{Teacher}", "teacher", "a")]
    [InlineData("\"roles\":[{\"roleType\":\"PRIMARY\",\"role\":\"student\",\"org\":{\"sourcedId\":7}}]", "student", "7")]
    [InlineData("\"roles\":[{\"role\":\"student\"}]", "student")]
    [InlineData("\"roles\":[{\"role\":\"student\",\"org\":\"a\"},{\"role\":\"aide\",\"org\":7}]", "student", "a", "7")]
    [InlineData("\"primaryOrg\":\"b\",\"roles\":[{\"role\":\"student\",\"org\":\"a\"},{\"role\":\"aide\",\"org\":\"b\"}]", "aide", "b", "a")]
    [InlineData("\"primaryOrg\":8,\"roles\":[{\"role\":\"student\",\"org\":[\"a\"]},{\"role\":\"aide\",\"org\":\"\"}]", "student", "8")]
    [InlineData($"\"roles\":[{Driver},{Aide}]", "aide", "b", "d")]
    [InlineData($"\"roles\":[{Driver}]", "ext:busDriver", "d")]
    [InlineData($"\"roles\":[null,\"teacher\",{Teacher}]", "teacher", "a")]
    public void The_primary_role_at_the_primary_organisation_counts(string rest, string role, params string[] orgs)
    {
        var user = Complete($$"""{"sourcedId":"u",{{rest}}}""");
        var expected = string.Join(",", orgs.Select(org => $$"""{"sourcedId":"{{org}}"}"""));
        user.ShouldBe($$"""{"sourcedId":"u",{{rest}},"role":"{{role}}","orgs":[{{expected}}]}""");
    }

    [Theory]
    [InlineData("""{"sourcedId":"u","role":"student","orgs":[{"sourcedId":"a"}]}""")]
    [InlineData("""{"sourcedId":"u","roles":[],"role":"student"}""")]
    [InlineData("""{"sourcedId":"u","roles":null}""")]
    [InlineData("""{"sourcedId":"u","status":"tobedeleted"}""")]
    [InlineData("""{}""")]
    public void A_user_without_roles_stays_as_it_is(string user) => Complete(user).ShouldBe(user);

    [Fact]
    public void Roles_hold_where_both_are_given() =>
        Complete($$"""{"role":"student","sourcedId":"u","orgs":[{"sourcedId":"z"}],"roles":[{{Teacher}}]}""")
            .ShouldBe($$"""{"sourcedId":"u","roles":[{{Teacher}}],"role":"teacher","orgs":[{"sourcedId":"a"}]}""");

    [Fact]
    public void Passwords_are_left_behind_and_nothing_else_is()
    {
        Complete(
                """{"sourcedId":"u","password":"p1","userProfiles":[{"profileId":"x","credentials":[{"type":"t","username":"n","password":"p2","extra":{"password":"p3","k":[1,"é\u00e9"]}}]}],"metadata":{"password":"a rule"}}"""
            )
            .ShouldBe(
                """{"sourcedId":"u","userProfiles":[{"profileId":"x","credentials":[{"type":"t","username":"n","extra":{"k":[1,"é\u00e9"]}}]}],"metadata":{"password":"a rule"}}"""
            );
    }

    [Fact]
    public void Half_a_letter_in_a_role_does_no_harm() =>
        Complete("""{"sourcedId":"u","familyName":"\ud83d","roles":[{"role":"\ud83d","org":{"sourcedId":"a"}}]}""")
            .ShouldBe("""{"sourcedId":"u","familyName":"\ud83d","roles":[{"role":"\ud83d","org":{"sourcedId":"a"}}],"orgs":[{"sourcedId":"a"}]}""");

    private static string Complete(string user)
    {
        var bytes = Encoding.UTF8.GetBytes(user);
        var pooled = ArrayPool<byte>.Shared.Rent(bytes.Length + 3);
        bytes.CopyTo(pooled, 3);
        var record = new RawRecord(RollbookId.Derive(new IdScope("d", "s", Family.Person), "u"), 0, 3, bytes.Length, Deleted: false);
        using var batch = UserShape.Complete(new RawBatch(pooled, new ArraySegment<RawRecord>([record])));
        var done = batch.Records.ShouldHaveSingleItem();
        done.Key.ShouldBe(record.Key);
        done.Hash.ShouldBe(XxHash128.HashToUInt128(batch.Json(done).Span));
        return Encoding.UTF8.GetString(batch.Json(done).Span);
    }
}
