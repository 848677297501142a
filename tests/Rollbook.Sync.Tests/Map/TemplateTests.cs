namespace Rollbook.Sync.Tests.Map;

public sealed class TemplateTests
{
    [Theory]
    [InlineData("{{ username | downcase }}@riverside.example", "amara.okafor@riverside.example")]
    [InlineData("{{ givenName }} {{ familyName }}", "Amara Okafor")]
    [InlineData("{{ givenName | slice: 0 }}{{ familyName }}", "AOkafor")]
    [InlineData("{% if email %}{{ email }}{% else %}{{ username }}@x.example{% endif %}", "Amara.Okafor@x.example")]
    [InlineData("{{ email | default: 'none' }}", "none")]
    [InlineData("{% case role %}{% when 'student' %}S{% when 'teacher' %}T{% endcase %}", "S")]
    [InlineData("{% for grade in grades %}G{{ grade }}{% unless forloop.last %},{% endunless %}{% endfor %}", "G07,G08")]
    [InlineData("{{ grades | join: '-' }}/{{ grades.first }}/{{ grades[1] }}/{{ grades.size }}", "07-08/07/08/2")]
    [InlineData("{% for i in (1..3) %}{{ i }}{% endfor %}", "123")]
    [InlineData("{% assign parts = username | split: '.' %}{{ parts | last | upcase }}", "OKAFOR")]
    [InlineData("{% capture a %}x{{ number }}{% endcapture %}{{ a }}{{ a }}", "x41x41")]
    [InlineData("{{ number | plus: 1 }}", "42")]
    [InlineData("{% if username contains 'okafor' %}a{% elsif username contains 'Okafor' %}b{% endif %}", "b")]
    [InlineData("{% if grades contains '08' %}yes{% endif %}", "yes")]
    [InlineData("{% raw %}{{ x }}{% endraw %}{% comment %}{% if %}{% endcomment %}", "{{ x }}")]
    [InlineData("{{ nothing }}{{ nothing.more.of[it] }}", "")]
    [InlineData("{{ username | replace: '.', ' ' | remove: 'Amara ' | append: '!' | prepend: '~' }}", "~Okafor!")]
    [InlineData("{{ started | date: '%m/%d/%Y' }}", "08/14/2026")]
    [InlineData("{{ started | date: '%-m.%-d.%y %j %B %b %A %a %F%%' }}", "8.14.26 226 August Aug Friday Fri 2026-08-14%")]
    [InlineData("{{ moment | date: '%F' }}", "2026-08-14")]
    [InlineData("{{ username | date: '%F' }}", "Amara.Okafor")]
    public void A_template_makes_a_value_of_the_record(string template, string expected) =>
        Templates
            .Render(
                template,
                ("username", "Amara.Okafor"),
                ("givenName", "Amara"),
                ("familyName", "Okafor"),
                ("role", "student"),
                ("grades", new[] { "07", "08" }),
                ("number", 41),
                ("started", "2026-08-14"),
                ("moment", "2026-08-15T05:30:00Z")
            )
            .ShouldBe(expected);

    [Fact]
    public void A_template_may_be_used_again_and_again_with_nothing_left_of_the_record_before()
    {
        var template = Templates.Parse("{% if email %}{% assign found = email %}{% endif %}{{ found }}");
        template.Render(name => name is "email" ? new Fluid.Values.StringValue("a@x.example") : null, out _).ShouldBe("a@x.example");
        template.Render(_ => null, out _).ShouldBe("");
    }

    [Fact]
    public void A_template_gives_the_same_in_another_culture()
    {
        var before = System.Globalization.CultureInfo.CurrentCulture;
        try
        {
            System.Globalization.CultureInfo.CurrentCulture = System.Globalization.CultureInfo.GetCultureInfo("tr-TR");
            Templates
                .Render("{{ a | upcase }} {{ 1.5 | times: 3 }} {{ b | date: '%B' }}", ("a", "ingi"), ("b", "2026-02-01"))
                .ShouldBe("INGI 4.5 February");
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("{{ a | upcase", 1, 1, "}}")]
    [InlineData("a\nb {{ c | }}", 2, 9, "name of a filter")]
    [InlineData("{{ }}", 1, 3, "a value was expected")]
    [InlineData("{{ a b }}", 1, 5, "}} was expected")]
    [InlineData("x\n\n  {% if a %}y", 3, 3, "{% endif %}")]
    [InlineData("{% endif %}", 1, 1, "no {% if %} is open")]
    [InlineData("{% for a in b %}\n{% endif %}", 2, 1, "{% endfor %} was expected for the {% for %} of line 1")]
    [InlineData("{% if a = 1 %}x{% endif %}", 1, 6, "the if tag")]
    [InlineData("{% fro a in b %}{% endfor %}", 1, 1, "there is no tag \"fro\"")]
    [InlineData("{% else %}", 1, 1, "outside of any tag")]
    [InlineData("{{ a |\n upcaes }}", 2, 2, "there is no filter \"upcaes\"")]
    [InlineData("{{ 'a }}", 1, 4, "quotation mark")]
    [InlineData("{% comment %} x", 1, 1, "{% endcomment %}")]
    [InlineData("{% assign a %}", 1, 12, "'=' was expected")]
    public void A_template_that_is_not_right_is_refused_with_its_place_and_the_reason(string template, int line, int column, string reason)
    {
        var error = Templates.Refused(template);
        error.Reason.ShouldContain(reason);
        (error.Line, error.Column).ShouldBe((line, column));
    }

    [Theory]
    [InlineData("{{ 'now' | date: '%Y' }}", "no now")]
    [InlineData("{{ \"Today\" | date: '%Y' }}", "no now")]
    [InlineData("{{ a | date: '%9999999d' }}", "date format")]
    [InlineData("{{ a | date: '%H:%M' }}", "date format")]
    [InlineData("{% include 'x' %}", "there is no tag \"include\"")]
    [InlineData("{% render 'x' %}", "there is no tag \"render\"")]
    [InlineData("{% liquid assign a = 1 %}", "there is no tag \"liquid\"")]
    [InlineData("{% increment a %}", "there is no tag \"increment\"")]
    [InlineData("{{ a | json }}", "there is no filter \"json\"")]
    [InlineData("{{ a | format_number: 'N999999999' }}", "there is no filter \"format_number\"")]
    [InlineData("{{ a | md5 }}", "there is no filter \"md5\"")]
    public void What_a_template_could_do_harm_with_is_not_there(string template, string reason) =>
        Templates.Refused(template).Reason.ShouldContain(reason);
}
