namespace Rollbook.Sync.Map.Templates;

/// <summary>
/// Goes over a template before it is parsed: only known tags, each closed, nothing nested so deeply that parsing or evaluating it could exhaust the stack;
/// and the errors that a grammar explains worst, with their place.
/// </summary>
internal sealed class TemplateTags(string template)
{
    private static readonly Dictionary<string, string> Blocks = new(StringComparer.Ordinal)
    {
        ["if"] = "endif",
        ["unless"] = "endunless",
        ["case"] = "endcase",
        ["for"] = "endfor",
        ["capture"] = "endcapture",
    };

    // Their content is not read.
    private static readonly Dictionary<string, string> Opaque = new(StringComparer.Ordinal) { ["raw"] = "endraw", ["comment"] = "endcomment" };

    private static readonly string[] Inner = ["else", "elsif", "when"];

    private static readonly string[] Single = ["assign", "break", "continue", "#"];

    private readonly Stack<(string Name, int Start)> open = new();

    /// <summary>The tags that can be used.</summary>
    internal static IReadOnlyList<string> Names { get; } =
    [.. Blocks.Keys.Concat(Opaque.Keys).Concat(Inner).Concat(Single).Where(name => name is not "#").Order(StringComparer.Ordinal)];

    /// <summary>What is wrong; null when nothing is.</summary>
    internal static TemplateError? Check(string template) => new TemplateTags(template).Check();

    private TemplateError? Check()
    {
        for (var at = 0; NextMarkup(at) is >= 0 and var start; )
        {
            if (EndOf(start, out at) is { } error)
            {
                return error;
            }

            if (template[start + 1] == '%' && (Take(NameAt(start), start, ref at) is { } refused))
            {
                return refused;
            }
        }

        return open.TryPeek(out var left) ? At(left.Start, $"{{% {left.Name} %}} is never closed; write {{% {Blocks[left.Name]} %}}.") : null;
    }

    private TemplateError? Take(string name, int start, ref int at)
    {
        if (Opaque.TryGetValue(name, out var end))
        {
            return Skip(name, end, start, ref at);
        }

        if (Blocks.ContainsKey(name))
        {
            open.Push((name, start));
            return open.Count > TemplateLimits.Nesting ? At(start, $"tags may be nested {TemplateLimits.Nesting} deep; this one lies deeper.") : null;
        }

        if (Blocks.FirstOrDefault(block => string.Equals(block.Value, name, StringComparison.Ordinal)).Key is { } opener)
        {
            return Close(name, opener, start);
        }

        if (Inner.Contains(name, StringComparer.Ordinal))
        {
            return open.Count > 0 ? null : At(start, $"{{% {name} %}} stands outside of any tag that it could belong to.");
        }

        return Single.Contains(name, StringComparer.Ordinal)
            ? null
            : At(
                start,
                name.Length == 0
                    ? "the name of a tag was expected."
                    : $"there is no tag \"{Short(name)}\" here; known are {string.Join(", ", Names)}."
            );
    }

    private TemplateError? Close(string name, string opener, int start)
    {
        if (!open.TryPop(out var last))
        {
            return At(start, $"{{% {name} %}} closes nothing: no {{% {opener} %}} is open.");
        }

        var line = TemplateError.At(template, last.Start, "").Line;
        return string.Equals(last.Name, opener, StringComparison.Ordinal)
            ? null
            : At(
                start,
                FormattableString.Invariant(
                    $"{{% {Blocks[last.Name]} %}} was expected for the {{% {last.Name} %}} of line {line}, found {{% {name} %}}."
                )
            );
    }

    private TemplateError? Skip(string name, string end, int start, ref int at)
    {
        for (var next = at; (next = template.IndexOf("{%", next, StringComparison.Ordinal)) >= 0; next += 2)
        {
            if (string.Equals(NameAt(next), end, StringComparison.Ordinal))
            {
                return EndOf(next, out at);
            }
        }

        return At(start, $"{{% {name} %}} is never closed; write {{% {end} %}}.");
    }

    private int NextMarkup(int from)
    {
        for (var i = from; i + 1 < template.Length; i++)
        {
            if (template[i] == '{' && template[i + 1] is '{' or '%')
            {
                return i;
            }
        }

        return -1;
    }

    private string NameAt(int start)
    {
        var from = start + 2;
        while (from < template.Length && (char.IsWhiteSpace(template[from]) || template[from] == '-'))
        {
            from++;
        }

        var to = from;
        while (to < template.Length && (char.IsAsciiLetterOrDigit(template[to]) || template[to] is '_' or '#'))
        {
            to++;
        }

        return template[from..to];
    }

    /// <summary>Finds the end of a piece of markup, past texts in quotation marks.</summary>
    private TemplateError? EndOf(int start, out int end)
    {
        var close = template[start + 1] == '{' ? '}' : '%';
        var depth = 0;
        for (end = start + 2; end + 1 < template.Length; end++)
        {
            switch (template[end])
            {
                case var letter when letter == close && template[end + 1] == '}':
                    end += 2;
                    return null;
                case '\'' or '"':
                    var quote = template.IndexOf(template[end], end + 1);
                    if (quote < 0)
                    {
                        return At(end, "this quotation mark is never closed.");
                    }

                    end = quote;
                    break;
                case '[' or '(' when ++depth > TemplateLimits.Nesting:
                    return At(end, $"brackets may be nested {TemplateLimits.Nesting} deep; this one lies deeper.");
                case ']' or ')':
                    depth--;
                    break;
            }
        }

        return At(start, close == '}' ? "{{ is never closed; write }}." : "{% is never closed; write %}.");
    }

    private TemplateError At(int offset, string reason) => TemplateError.At(template, offset, reason);

    private static string Short(string name) => name.Length <= 40 ? name : name[..40] + "…";
}
