using System.Globalization;
using Microsoft.AspNetCore.Http;
using Rollbook.Model;
using Rollbook.Sync.Configuration;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Setup.Uniting;

/// <summary>The Domains of Uniqueness of one kind as they are being chosen, empty choices included.</summary>
public sealed class DomainsForm
{
    private const int Choices = 3;

    private DomainsForm(KindDefinition kind, List<List<string>> domains) => (Kind, Domains) = (kind, domains);

    /// <summary>The kind.</summary>
    public KindDefinition Kind { get; }

    /// <summary>The domains in order, each with an attribute's name or nothing for each of its choices.</summary>
    public List<List<string>> Domains { get; }

    /// <summary>Whether another domain may be added.</summary>
    public bool HasRoom => Domains.Count < DomainsOfUniqueness.MostDomains;

    /// <summary>The field of an attribute of a domain.</summary>
    public static string Field(int domain, int attribute) => FormattableString.Invariant($"domain-{domain}-{attribute}");

    /// <summary>The name under which a domain's attributes are posted.</summary>
    public static string Post(int domain) => FormattableString.Invariant($"domain-{domain}");

    /// <summary>A form for what is saved.</summary>
    public static DomainsForm Of(KindDefinition kind, AppConfiguration app)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return Filled(kind, DomainsOfUniqueness.Of(app, kind.Kind));
    }

    /// <summary>A form as it was posted.</summary>
    public static DomainsForm Of(KindDefinition kind, IFormCollection posted)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(posted);
        var domains = new List<List<string>>();
        for (var i = 0; i < DomainsOfUniqueness.MostDomains && posted.ContainsKey(Post(i)); i++)
        {
            domains.Add([.. posted[Post(i)].Select(name => name ?? "").Take(kind.Attributes.Count)]);
        }

        return new DomainsForm(kind, domains);
    }

    /// <summary>Does what a button of the form asks for; false when it asks for something else.</summary>
    public bool Act(string go)
    {
        ArgumentNullException.ThrowIfNull(go);
        switch (go.Split(' '))
        {
            case ["add-domain"] when HasRoom:
                Domains.Add([.. Enumerable.Repeat("", Choices)]);
                return true;
            case ["defaults"]:
                Domains.Clear();
                Domains.AddRange(Filled(Kind, DomainsOfUniqueness.DefaultsOf(Kind.Kind)).Domains);
                return true;
            case ["remove", var number] when int.TryParse(number, CultureInfo.InvariantCulture, out var i) && i >= 0 && i < Domains.Count:
                Domains.RemoveAt(i);
                return true;
            case ["up", var number] when int.TryParse(number, CultureInfo.InvariantCulture, out var i) && i > 0 && i < Domains.Count:
                (Domains[i - 1], Domains[i]) = (Domains[i], Domains[i - 1]);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Says of each domain what is wrong with it.</summary>
    public void Check(FieldErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        var before = new List<IReadOnlyList<string>>();
        for (var i = 0; i < Domains.Count; i++)
        {
            if (Chosen(Domains[i]) is not { Count: > 0 } domain)
            {
                errors.Add(Field(i, 0), "Choose at least one attribute, or remove this domain.");
            }
            else if (DomainsOfUniqueness.Refuse(Kind.Kind, [domain]) is { } refusal)
            {
                errors.Add(Field(i, 0), Wording.Capital(refusal));
            }
            else
            {
                before.Add(domain);
                if (DomainsOfUniqueness.Refuse(Kind.Kind, before) is not null)
                {
                    errors.Add(Field(i, 0), "A domain above has the same attributes. Remove one of the two.");
                    before.RemoveAt(before.Count - 1);
                }
            }
        }
    }

    /// <summary>The configuration with what was chosen; the defaults are not written down.</summary>
    public AppConfiguration ApplyTo(AppConfiguration app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var domains = Domains.Select(Chosen).Where(domain => domain.Count > 0).ToList();
        var all = app.DomainsOfUniqueness.ToDictionary(StringComparer.Ordinal);
        var defaults = DomainsOfUniqueness.DefaultsOf(Kind.Kind);
        if (domains.Count == defaults.Count && domains.Zip(defaults).All(pair => pair.First.SequenceEqual(pair.Second, StringComparer.Ordinal)))
        {
            all.Remove(Kind.Name);
        }
        else
        {
            all[Kind.Name] = domains;
        }

        return app with
        {
            DomainsOfUniqueness = all,
        };
    }

    private static DomainsForm Filled(KindDefinition kind, IReadOnlyList<IReadOnlyList<string>> domains) =>
        new(kind, [.. domains.Select(domain => domain.Concat(Enumerable.Repeat("", Math.Max(0, Choices - domain.Count))).ToList())]);

    private static IReadOnlyList<string> Chosen(List<string> domain) => [.. domain.Where(name => name.Length > 0)];
}
