using Fluid;
using Fluid.Filters;
using Fluid.Values;

namespace Rollbook.Sync.Map.Templates;

/// <summary>
/// The filters that a template may use: those of Liquid that make a value of values and nothing else, each paid for by what it reads and makes. Left out
/// are filters that depend on the day or the machine, escape for the web, or take a .NET format (whose width can fill the memory).
/// </summary>
internal static class TemplateFilters
{
    private static readonly string[] Plain =
    [
        "append",
        "prepend",
        "capitalize",
        "downcase",
        "upcase",
        "strip",
        "lstrip",
        "rstrip",
        "strip_newlines",
        "remove",
        "slice",
        "truncate",
        "truncatewords",
        "first",
        "last",
        "concat",
        "compact",
        "reverse",
        "size",
        "sort",
        "uniq",
        "map",
        "where",
        "default",
        "abs",
        "at_least",
        "at_most",
        "ceil",
        "floor",
        "round",
        "plus",
        "minus",
        "times",
        "divided_by",
        "modulo",
    ];

    /// <summary>Their names, for messages and the page.</summary>
    internal static IReadOnlyList<string> Names { get; } = [.. Plain.Concat(["replace", "split", "join", "date"]).Order(StringComparer.Ordinal)];

    /// <summary>Puts them into a template's options in place of all that are there.</summary>
    /// <param name="filters">The filters of the options.</param>
    /// <param name="zone">The zone in which a timestamp becomes a date.</param>
    internal static void Replace(FilterCollection filters, TimeZoneInfo zone)
    {
        var allowed = new Dictionary<string, FilterDelegate>(StringComparer.Ordinal);
        foreach (var name in Plain)
        {
            filters.TryGetValue(name, out var filter);
            allowed[name] = filter ?? throw new InvalidOperationException($"Fluid has no filter {name}.");
        }

        allowed["replace"] = ReplaceText;
        allowed["split"] = Split;
        allowed["join"] = Join;
        allowed["date"] = (input, arguments, _) => new ValueTask<FluidValue>(DateFilter.Format(input, arguments.At(0).ToStringValue(), zone));
        filters.Clear();
        foreach (var (name, filter) in allowed)
        {
            filters.AddFilter(name, Bounded(filter));
        }
    }

    private static FilterDelegate Bounded(FilterDelegate filter) =>
        async (input, arguments, context) =>
        {
            var bounded = (BoundedContext)context;
            long read = BoundedContext.Measure(input);
            for (var i = 0; i < arguments.Count; i++)
            {
                read += BoundedContext.Measure(arguments.At(i));
            }

            bounded.Charge(TemplateLimits.Call + read);
            var made = await filter(input, arguments, context);
            bounded.Charge(BoundedContext.Measure(made));
            return made;
        };

    // Reckoned before it is made: a letter replaced by a long text multiplies.
    private static ValueTask<FluidValue> ReplaceText(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        var (text, from, to) = (input.ToStringValue(), arguments.At(0).ToStringValue(), arguments.At(1).ToStringValue());
        if (from.Length == 0)
        {
            return new ValueTask<FluidValue>(input);
        }

        Search(context, text, from);
        var length = text.Length + (text.AsSpan().Count(from) * (long)(to.Length - from.Length));
        return length > TemplateLimits.Size
            ? throw TemplateLimitException.TooLong()
            : new ValueTask<FluidValue>(StringValue.Create(text.Replace(from, to, StringComparison.Ordinal)));
    }

    private static ValueTask<FluidValue> Split(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        var at = arguments.At(0).ToStringValue();
        Search(context, input.ToStringValue(), at);
        return StringFilters.Split(input, arguments, context);
    }

    private static ValueTask<FluidValue> Join(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        if (
            input is ArrayValue list
            && BoundedContext.Measure(list) + (list.Values.Count * (long)BoundedContext.Measure(arguments.At(0))) > TemplateLimits.Size
        )
        {
            throw TemplateLimitException.TooLong();
        }

        return ArrayFilters.Join(input, arguments, context);
    }

    private static void Search(TemplateContext context, string within, string wanted) =>
        ((BoundedContext)context).Charge(within.Length * (long)(wanted.Length / 16));
}
