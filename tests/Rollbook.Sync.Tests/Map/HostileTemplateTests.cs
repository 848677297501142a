using System.Diagnostics;
using CsCheck;
using Rollbook.Sync.Map.Templates;

namespace Rollbook.Sync.Tests.Map;

/// <summary>Templates that mean harm, each of which must end soon and take little. The limits count, so the times here are only a backstop.</summary>
public sealed class HostileTemplateTests
{
    private static readonly string Long = new('x', 16_000);

    public static TheoryData<string> Refused =>
        [
            "{% for i in (1..1000000000) %}x{% endfor %}",
            "{% assign a = (1..1000000000) %}{{ a.size }}",
            "{{ a[(1..1000000000)] }}",
            "{% for i in (1..n) %}x{% endfor %}",
            "{% for i in (-99999999999999999999..99999999999999999999) %}x{% endfor %}",
            "{% for i in a limit: (1..1000000000) %}x{% endfor %}",
            "{% if (1..1000000000) contains 5 %}x{% endif %}",
            new string('x', 1_000_000),
            string.Concat(Enumerable.Repeat("{% if a %}", 100_000)),
            string.Concat(Enumerable.Repeat("{% if a %}", 300)),
            "{{ a" + new string('[', 3_000) + " }}",
            "{{ a" + string.Concat(Enumerable.Repeat("[a", 500)) + new string(']', 500) + " }}",
            "{{ " + new string('(', 3_000) + "1",
            "{{ " + new string('{', 3_000),
            string.Concat(Enumerable.Repeat("{{", 1_900)),
            string.Concat(Enumerable.Repeat("{%", 1_900)),
            string.Concat(Enumerable.Repeat("{% for i in (1..100) %}", 50)),
            "{{ 'a' | date: '%999999999d' }}",
            "{{ a | truncate: 99999999999999999999999999999 }}",
        ];

    public static TheoryData<string> Failing =>
        [
            "{% assign a = 'xxxxxxxxxx' %}{% for i in (1..99) %}{% assign a = a | append: a %}{% endfor %}{{ a }}",
            "{% assign a = 'xxxxxxxxxx' %}{% for i in (1..99) %}{% capture a %}{{ a }}{{ a }}{% endcapture %}{% endfor %}{{ a }}",
            "{% for i in (1..99) %}{% for j in (1..99) %}{% for k in (1..99) %}{% for l in (1..99) %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}",
            "{% for i in (1..99) %}{% for j in (1..99) %}{{ long }}{% endfor %}{% endfor %}",
            "{{ long | replace: 'x', long }}",
            "{{ long | split: '' | join: long }}",
            "{% assign l = long | split: '' %}{% for i in (1..99) %}{% assign l = l | concat: l %}{% endfor %}",
            "{% assign l = long | split: ' ' %}{% for i in (1..99) %}{% assign l = l | concat: l %}{% endfor %}{{ l }}",
            "{{ list | join: long }}",
            "{% capture c %}{% for i in (1..99) %}{% for j in (1..99) %}{{ long }}{% endfor %}{% endfor %}{% endcapture %}",
            "{% assign n = 9 %}{% for i in (1..99) %}{% assign n = n | times: n %}{% endfor %}{{ n }}",
            "{{ long | truncate: 9999999999999999999999999999 }}",
            "{{ long | slice: 0, 9999999999999999999999999999 }}",
            "{{ 1 | round: 1000000 }}",
            "{{ 1 | divided_by: 0 }}",
            "{{ huge }}",
            "{% for i in (1..99) %}{{ long" + string.Concat(Enumerable.Repeat("|upcase", 300)) + " | slice: 0 }}{% endfor %}",
            "{% for i in (1..99) %}{% if long contains half and long contains half and long contains half %}{% endif %}{% endfor %}",
            "{% for i in (1..99) %}{{ long | remove: half | replace: half, '' | slice: 0 }}{% endfor %}",
            "{{ long | date: format }}{{ day | date: format }}",
        ];

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_hostile_template_is_refused_at_once(string template)
    {
        var start = Stopwatch.GetTimestamp();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        Template.Parse(template, TimeZoneInfo.Utc, out var error).ShouldBeNull();
        error!.Reason.Length.ShouldBeLessThan(1_000);
        (GC.GetAllocatedBytesForCurrentThread() - allocated).ShouldBeLessThan(20 << 20);
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Theory]
    [MemberData(nameof(Failing))]
    public void A_hostile_template_fails_for_the_record_soon_and_cheaply(string text)
    {
        var template = Templates.Parse(text);
        var start = Stopwatch.GetTimestamp();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        template
            .Render(
                name =>
                    name switch
                    {
                        "long" => new Fluid.Values.StringValue(Long),
                        "half" => new Fluid.Values.StringValue(Long[..8_000] + "y"),
                        "huge" => new Fluid.Values.StringValue(new string('x', 1_000_000)),
                        "format" => new Fluid.Values.StringValue("%99999999d"),
                        "day" => new Fluid.Values.StringValue("2026-02-03"),
                        "list" => new Fluid.Values.ArrayValue([.. Enumerable.Repeat(new Fluid.Values.StringValue("a"), 5_000)]),
                        _ => null,
                    },
                out var failure
            )
            .ShouldBeNull();
        failure.ShouldNotBeNullOrEmpty();
        failure.ShouldNotContain("xxxx");
        (GC.GetAllocatedBytesForCurrentThread() - allocated).ShouldBeLessThan(64 << 20);
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Any_text_at_all_is_parsed_or_refused_and_then_ends()
    {
        var pieces = Const(
            "{{",
            "}}",
            "{%",
            "%}",
            " ",
            "a",
            "metadata.b",
            "'",
            "\"",
            "|",
            ":",
            ",",
            "upcase",
            "append: a",
            "split: ''",
            "if a",
            "endif",
            "for i in (1..9)",
            "for i in a",
            "endfor",
            "assign a = a",
            "capture a",
            "endcapture",
            "case a",
            "when 1",
            "endcase",
            "else",
            "(",
            ")",
            "[",
            "]",
            "..",
            "1",
            "\n",
            "contains",
            "and",
            "==",
            "raw",
            "endraw",
            "comment",
            "endcomment",
            "-",
            "#",
            "é",
            "\0",
            "{",
            "}"
        );
        Gen.Select(pieces.Array[0, 40], Gen.String)
            .Sample(
                (parts, noise) =>
                {
                    foreach (var text in new[] { string.Concat(parts), string.Join(' ', parts), noise })
                    {
                        var template = Template.Parse(text, TimeZoneInfo.Utc, out var error);
                        (template is null).ShouldBe(error is not null);
                        template?.Render(name => name is "a" ? new Fluid.Values.StringValue("b,c") : null, out _);
                    }
                },
                iter: 20_000
            );
    }

    private static Gen<string> Const(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);
}
