using Fluid.Values;
using Rollbook.Sync.Map.Templates;

namespace Rollbook.Sync.Tests.Map;

/// <summary>What the tests of templates share.</summary>
internal static class Templates
{
    internal static Template Parse(string text)
    {
        var template = Template.Parse(text, TimeZoneInfo.FindSystemTimeZoneById("America/Los_Angeles"), out var error);
        error.ShouldBeNull();
        return template!;
    }

    internal static TemplateError Refused(string text)
    {
        Template.Parse(text, TimeZoneInfo.Utc, out var error).ShouldBeNull();
        return error!;
    }

    internal static string Render(string text, params (string Name, object Value)[] record)
    {
        var rendered = Parse(text).Render(name => Of(record, name), out var failure);
        failure.ShouldBeNull();
        return rendered!;
    }

    internal static string Fails(string text, params (string Name, object Value)[] record)
    {
        Parse(text).Render(name => Of(record, name), out var failure).ShouldBeNull();
        return failure!;
    }

    private static FluidValue? Of((string Name, object Value)[] record, string name) =>
        record.FirstOrDefault(member => string.Equals(member.Name, name, StringComparison.Ordinal)).Value switch
        {
            null => null,
            string text => new StringValue(text),
            string[] list => new ArrayValue([.. list.Select(item => new StringValue(item))]),
            int number => NumberValue.Create(number),
            var other => throw new ArgumentException($"{other}", nameof(record)),
        };
}
