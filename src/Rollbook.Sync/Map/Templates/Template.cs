using Fluid;
using Fluid.Ast;
using Fluid.Parser;
using Fluid.Values;
using Parlot;

namespace Rollbook.Sync.Map.Templates;

/// <summary>
/// A Liquid template over the attributes of one record, parsed and found harmless: it knows the record and nothing else, gives the same for the same record
/// wherever and whenever it is evaluated, and ends. Safe for one thread at a time.
/// </summary>
internal sealed class Template
{
    private static readonly FluidParser Parser = MakeParser();

    private readonly FluidTemplate parsed;
    private readonly TemplateOptions options;

    private Template(FluidTemplate parsed, TimeZoneInfo zone, TemplateGate gate)
    {
        (this.parsed, Names, Reads) = (parsed, gate.Names, gate.Reads);
        options = new TemplateOptions
        {
            MaxSteps = TemplateLimits.Steps,
            MaxRecursion = TemplateLimits.Nesting * 2,
            StrictFilters = true,
            ModelNamesComparer = StringComparer.Ordinal,
            CultureInfo = System.Globalization.CultureInfo.InvariantCulture,
            TimeZone = TimeZoneInfo.Utc,
            Now = () => throw new TemplateLimitException("it asks for the time"),
            Captured = static (_, value, _) => Held(value),
            Assigned = static (_, value, _) => Held(value),
        };
        TemplateFilters.Replace(options.Filters, zone);
    }

    /// <summary>The top-level names that it reads: attributes of the record, and its own.</summary>
    internal IReadOnlyCollection<string> Names { get; }

    /// <summary>The attributes of the record that it reads, nested ones dotted, in the order of the template.</summary>
    internal IReadOnlyCollection<string> Reads { get; }

    /// <summary>Parses a template.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="zone">The zone in which the filter <c>date</c> takes a timestamp.</param>
    /// <param name="error">Why it can't be used; null when it can.</param>
    internal static Template? Parse(string text, TimeZoneInfo zone, out TemplateError? error)
    {
        if (text.Length > TemplateLimits.Characters)
        {
            error = TemplateError.At(
                text,
                TemplateLimits.Characters,
                FormattableString.Invariant($"a template may have {TemplateLimits.Characters:N0} characters.")
            );
            return null;
        }

        error = TemplateTags.Check(text);
        if (error is not null || ParseStatements(text, out error) is not { } parsed)
        {
            return null;
        }

        var gate = new TemplateGate(text);
        gate.VisitTemplate(parsed);
        error = gate.Error;
        return error is null ? new Template(parsed, zone, gate) : null;
    }

    /// <summary>What it makes of a record; null when that failed.</summary>
    /// <param name="valueOf">Gives the value of each of <see cref="Names"/>; null for one that the record lacks.</param>
    /// <param name="failure">Why it failed, in words that follow "because"; nothing of the record.</param>
    internal string? Render(Func<string, FluidValue?> valueOf, out string? failure)
    {
        try
        {
            var context = new BoundedContext(options);
            foreach (var name in Names)
            {
                if (valueOf(name) is { } value)
                {
                    BoundedContext.Measure(value);
                    context.SetValue(name, value);
                }
            }

            using var writer = new BoundedWriter();

            // Nothing in a template waits, so the task is done when it comes back.
            parsed.RenderAsync(writer, NullEncoder.Default, context).AsTask().GetAwaiter().GetResult();
            failure = null;
            return writer.ToString();
        }
        catch (Exception exception)
        {
            failure = exception switch
            {
                TemplateLimitException limit => limit.Message,
                DivideByZeroException => "it divides by zero",
                OverflowException => "a number got too large",
                InvalidOperationException when exception.Message.Contains("recursion", StringComparison.OrdinalIgnoreCase) =>
                    FormattableString.Invariant($"it takes more than {TemplateLimits.Steps:N0} steps"),
                _ => "a filter was given a value that it can't work with",
            };
            return null;
        }
    }

    private static ValueTask<FluidValue> Held(FluidValue value)
    {
        BoundedContext.Measure(value);
        return new ValueTask<FluidValue>(value);
    }

    private static FluidTemplate? ParseStatements(string text, out TemplateError? error)
    {
        try
        {
            if (Parser.Grammar.TryParse(new FluidParseContext(text), out var statements, out var wrong) && wrong is null)
            {
                error = null;
                return new FluidTemplate(statements);
            }

            error = wrong is null
                ? new TemplateError(1, 1, "this is no template that can be read.")
                : new TemplateError(wrong.Position.Line, wrong.Position.Column, InPlainEnglish(wrong.Message ?? "it can't be read from here on"));
        }
        catch (Fluid.ParseException exception)
        {
            error = new TemplateError(1, 1, InPlainEnglish(exception.Message.Split('\n')[0]));
        }

        return null;
    }

    private static string InPlainEnglish(string message) =>
        message switch
        {
            "A value was expected" => "a value was expected: the name of an attribute, a number, or a text in quotation marks.",
            "End of tag '}}' was expected" => "}} was expected; what stands here instead can't be read.",
            "An identifier was expected after the '|' sign" => "the name of a filter was expected after |.",
            _ when message.StartsWith("Invalid '", StringComparison.Ordinal) => $"the {message.Split('\'')[1]} tag can't be read from here on.",
            _ => char.ToLowerInvariant(message[0]) + message[1..].TrimEnd('.') + ".",
        };

    private static FluidParser MakeParser()
    {
        var parser = new FluidParser(
            new FluidParserOptions
            {
                AllowFunctions = false,
                AllowParentheses = false,
                AllowLiquidTag = false,
            }
        );
        foreach (
            var tag in parser.RegisteredTags.Keys.Where(tag => tag is not "#" && !TemplateTags.Names.Contains(tag, StringComparer.Ordinal)).ToList()
        )
        {
            parser.RegisteredTags.Remove(tag);
        }

        parser.RegisteredOperators.Remove("startswith");
        parser.RegisteredOperators.Remove("endswith");
        parser.RegisteredOperators["contains"] = (left, right) => new BoundedContains(left, right);
        return parser;
    }
}
