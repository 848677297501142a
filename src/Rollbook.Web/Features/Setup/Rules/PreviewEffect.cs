using Microsoft.AspNetCore.Builder;
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
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Setup.Rules;

/// <summary>What rules would do to the last upload while they are being chosen, for a page with scripts: what <b>Show the effect</b> shows without. Nothing is saved.</summary>
internal static class PreviewEffect
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    internal static void Map(IEndpointRouteBuilder district)
    {
        district.MapPost("/apps/{app}/effect/requirements", OfRequirementsAsync).RequireAuthorization(Policies.Work).NeedsFormToken();
        district.MapPost("/apps/{app}/effect/filters", OfFiltersAsync).RequireAuthorization(Policies.Work).NeedsFormToken();
    }

    private static async Task<IResult> OfRequirementsAsync(
        string app,
        string? kind,
        CurrentDistrict current,
        Setups setups,
        RuleEffects effects,
        IServiceProvider services,
        ILoggerFactory logs,
        HttpContext http
    )
    {
        if (Kinds.Find(kind ?? "") is not { } definition || await setups.OpenAsync(current.Store, app, http.RequestAborted) is not { } setup)
        {
            return Results.NotFound();
        }

        var form = RequirementsForm.Of(definition, await http.Request.ReadFormAsync(http.RequestAborted));
        var errors = new FieldErrors();
        form.Check(errors);
        var effect = await LookAsync(current, effects, app, errors, () => form.ApplyTo(setup.Configuration), http);
        return await DrawAsync(effect, current, services, logs);
    }

    private static async Task<IResult> OfFiltersAsync(
        string app,
        CurrentDistrict current,
        Setups setups,
        RuleEffects effects,
        IServiceProvider services,
        ILoggerFactory logs,
        HttpContext http
    )
    {
        if (
            await setups.OpenAsync(current.Store, app, http.RequestAborted) is not { } setup
            || FiltersForm.Of(await http.Request.ReadFormAsync(http.RequestAborted)) is not { } form
        )
        {
            return Results.NotFound();
        }

        var errors = new FieldErrors();
        form.Check(errors);
        var effect = await LookAsync(current, effects, app, errors, () => form.ApplyTo(setup.Configuration), http);
        return await DrawAsync(effect, current, services, logs);
    }

    /// <summary>While something is wrong with what was entered there is nothing to look at.</summary>
    private static async Task<RuleEffect> LookAsync(
        CurrentDistrict current,
        RuleEffects effects,
        string app,
        FieldErrors errors,
        Func<AppConfiguration> draft,
        HttpContext http
    ) =>
        errors.Any
            ? new RuleEffect.Failed(errors.List[0].Value)
            : await effects.LookAsync(current.Store, app, draft(), Patience, http.RequestAborted);

    private static async Task<IResult> DrawAsync(RuleEffect effect, CurrentDistrict current, IServiceProvider services, ILoggerFactory logs)
    {
        await using var renderer = new HtmlRenderer(services, logs);
        var html = await renderer.DrawAsync<EffectPanel>((nameof(EffectPanel.Effect), effect), (nameof(EffectPanel.Hidden), !current.SeesPersonal));
        return Results.Content(html, "text/html; charset=utf-8");
    }
}
