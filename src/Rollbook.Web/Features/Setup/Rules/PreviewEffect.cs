using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Rollbook.Model;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Setup;
using Rollbook.Sync.WhatIf;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Features.Setup.Filters;
using Rollbook.Web.Features.Setup.Requirements;
using Rollbook.Web.Features.Setup.Uniting;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Setup.Rules;

/// <summary>What rules would do to the last upload while they are being chosen, for a page with scripts: what <b>Show the effect</b> shows without. Nothing is saved.</summary>
internal static class PreviewEffect
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Reads a step's form: how it changes the app, with what is wrong added to the errors; null when it is none.</summary>
    private delegate Func<AppConfiguration, AppConfiguration>? Reading(IFormCollection posted, HttpContext http, FieldErrors errors);

    internal static void Map(IEndpointRouteBuilder district)
    {
        Map<EffectPanel>(
            district,
            "requirements",
            (posted, http, errors) =>
            {
                var form = Kinds.Find(http.Request.Query["kind"]) is { } kind ? RequirementsForm.Of(kind, posted) : null;
                form?.Check(errors);
                return form is null ? null : form.ApplyTo;
            }
        );
        Map<EffectPanel>(
            district,
            "filters",
            (posted, _, errors) =>
            {
                var form = FiltersForm.Of(posted);
                form?.Check(errors);
                return form is null ? null : form.ApplyTo;
            }
        );
        Map<DomainsEffect>(
            district,
            "domains",
            (posted, http, errors) =>
            {
                var form = DomainsForm.Of(ComparedKinds.Find(http.Request.Query["kind"]), posted);
                form.Check(errors);
                return form.ApplyTo;
            }
        );
    }

    /// <summary>While something is wrong with what was entered there is nothing to look at.</summary>
    private static void Map<TPanel>(IEndpointRouteBuilder district, string step, Reading read)
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
                        || read(await http.Request.ReadFormAsync(http.RequestAborted), http, errors) is not { } change
                    )
                    {
                        return Results.NotFound();
                    }

                    var effect = errors.Any
                        ? new RuleEffect.Failed(errors.List[0].Value)
                        : await effects.LookAsync(current.Store, app, change(setup.Configuration), Patience, http.RequestAborted);
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
