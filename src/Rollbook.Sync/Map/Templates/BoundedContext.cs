using Fluid;
using Fluid.Values;

namespace Rollbook.Sync.Map.Templates;

/// <summary>One evaluation of a template, with what it has left of its <see cref="TemplateLimits"/>.</summary>
internal sealed class BoundedContext(TemplateOptions options) : TemplateContext(options)
{
    private int work = TemplateLimits.Work;

    /// <summary>Takes from what is left.</summary>
    /// <exception cref="TemplateLimitException">Nothing is left.</exception>
    internal void Charge(long characters)
    {
        if (characters > work)
        {
            throw TemplateLimitException.TooMuch();
        }

        work -= (int)characters;
    }

    /// <summary>The size of a value, in characters.</summary>
    /// <exception cref="TemplateLimitException">It is larger than a template may hold.</exception>
    internal static int Measure(FluidValue value)
    {
        var size = 0;
        Add(value, ref size, depth: 0);
        return size;
    }

    private static void Add(FluidValue value, ref int size, int depth)
    {
        switch (value)
        {
            case StringValue:
                size += value.ToStringValue().Length;
                break;
            case ArrayValue array when depth <= TemplateLimits.Nesting:
                foreach (var item in array.Values)
                {
                    size++;
                    Add(item, ref size, depth + 1);
                }

                break;
            case ArrayValue:
                throw TemplateLimitException.TooLong();
            case DictionaryValue or BooleanValue or NilValue or BlankValue or EmptyValue:
                size++;
                break;
            default:
                // Numbers, and what first and last of a list give.
                size += 30;
                break;
        }

        if (size > TemplateLimits.Size)
        {
            throw TemplateLimitException.TooLong();
        }
    }
}
