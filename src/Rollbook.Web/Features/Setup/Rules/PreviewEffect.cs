using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rollbook.Model;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Setup;
using Rollbook.Sync.Setup.Schools;
using Rollbook.Sync.WhatIf;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Features.Setup.Attributes;
using Rollbook.Web.Features.Setup.Filters;
using Rollbook.Web.Features.Setup.Requirements;
using Rollbook.Web.Features.Setup.Schools;
using Rollbook.Web.Features.Setup.Uniting;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Setup.Rules;

/// <summary>What a step would do to the last upload while it is being filled in, for a page with scripts: what <b>Show the effect</b> shows without. Nothing is saved.</summary>
internal static class PreviewEffect
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Reads a step's form: the app as it would be, with what is wrong added to the errors; null when it is none.</summary>
    private delegate Task<AppConfiguration?> Reading(IFormCollection posted, AppSetup setup, HttpContext http, FieldErrors errors);

    internal static void Map(IEndpointRouteBuilder district)
    {
        Map<EffectPanel>(
            district,
            "requirements",
            http => Kinds.Find(http.Request.Query["kind"]) is { } kind ? WhatIfQuestion.CensusOf(kind.Kind) : null,
            (posted, setup, http, errors) =>
            {
                var form = Kinds.Find(http.Request.Query["kind"]) is { } kind ? RequirementsForm.Of(kind, posted) : null;
                form?.Check(errors);
                return Task.FromResult(form?.ApplyTo(setup.Configuration));
            }
        );
        Map<EffectPanel>(
            district,
            "filters",
            _ => WhatIfQuestion.RulesOnly,
            (posted, setup, _, errors) =>
            {
                var form = FiltersForm.Of(posted);
                form?.Check(errors);
                return Task.FromResult(form?.ApplyTo(setup.Configuration));
            }
        );
        Map<DomainsEffect>(
            district,
            "domains",
            _ => WhatIfQuestion.RulesOnly,
            (posted, setup, http, errors) =>
            {
                var form = DomainsForm.Of(ComparedKinds.Find(http.Request.Query["kind"]), posted);
                form.Check(errors);
                return Task.FromResult<AppConfiguration?>(form.ApplyTo(setup.Configuration));
            }
        );
        Map<RosterEffectPanel>(
            district,
            "masters",
            _ => null,
            (posted, setup, http, _) =>
                Task.FromResult<AppConfiguration?>(
                    MastersForm.Of(ComparedKinds.Find(http.Request.Query["kind"]), posted).ApplyTo(setup.Configuration)
                )
        );
        Map<RosterEffectPanel>(
            district,
            "attributes",
            _ => null,
            (posted, setup, http, errors) =>
            {
                if (Kinds.Find(http.Request.Query["kind"]) is not { } kind)
                {
                    return Task.FromResult<AppConfiguration?>(null);
                }

                var form = PairForm.Of(posted);
                var others = (setup.Configuration.Attributes.GetValueOrDefault(kind.Name) ?? []).Where(pair =>
                    !string.Equals(pair.Target, form.Target, StringComparison.Ordinal)
                );
                form.Check(kind, [.. others], errors);
                return Task.FromResult<AppConfiguration?>(setup.Configuration.WithPair(kind, form.ToPair()));
            }
        );
        Map<RosterEffectPanel>(
            district,
            "schools",
            _ => null,
            async (posted, setup, http, errors) =>
            {
                var services = http.RequestServices;
                var store = services.GetRequiredService<CurrentDistrict>().Store;
                var book = await services.GetRequiredService<SchoolBooks>().OpenAsync(store, setup, http.RequestAborted);
                var edits = new SchoolEdits(book, SchoolForm.Read(posted), posted["auto"] == "on");
                foreach (var (source, problem) in edits.Problems)
                {
                    errors.Add(source, problem);
                }

                return setup.Configuration with
                {
                    Schools = edits.Mapping,
                };
            }
        );
    }

    /// <summary>While something is wrong with what was entered there is nothing to look at.</summary>
    private static void Map<TPanel>(IEndpointRouteBuilder district, string step, Func<HttpContext, IReadOnlySet<Kind>?> census, Reading read)
        where TPanel : IComponent =>
        district
            .MapPost(
                $"/apps/{{app}}/effect/{step}",
                async (
                    string app,
                    CurrentDistrict current,
                    Setups setups,
                    RuleEffects effects,
                    IServiceProvider services,
                    ILoggerFactory logs,
                    HttpContext http
                ) =>
                {
                    var errors = new FieldErrors();
                    if (
                        await setups.OpenAsync(current.Store, app, http.RequestAborted) is not { } setup
                        || await read(await http.Request.ReadFormAsync(http.RequestAborted), setup, http, errors) is not { } draft
                    )
                    {
                        return Results.NotFound();
                    }

                    var effect = errors.Any
                        ? new RuleEffect.Failed(errors.List[0].Value)
                        : await effects.LookAsync(
                            current.Store,
                            app,
                            draft,
                            http.User.Identity?.Name ?? "",
                            census(http),
                            Patience,
                            http.RequestAborted
                        );
                    await using var renderer = new HtmlRenderer(services, logs);
                    var html = await renderer.DrawAsync<TPanel>(
                        (nameof(EffectPanel.Effect), effect),
                        (nameof(EffectPanel.Hidden), !current.SeesPersonal)
                    );
                    return Results.Content(html, "text/html; charset=utf-8");
                }
            )
            .RequireAuthorization(Policies.Work)
            .NeedsFormToken();
}
