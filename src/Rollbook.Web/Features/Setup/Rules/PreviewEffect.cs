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
using Rollbook.Web.Features.Setup.Requirements;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Setup.Rules;

/// <summary>What rules would do to the last upload while they are being chosen, for a page with scripts: what <b>Show the effect</b> shows without. Nothing is saved.</summary>
internal static class PreviewEffect
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    internal static void Map(IEndpointRouteBuilder district) =>
        district.MapPost("/apps/{app}/effect/requirements", OfRequirementsAsync).RequireAuthorization(Policies.Work).NeedsFormToken();

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
        RuleEffect effect = errors.Any
            ? new RuleEffect.Failed(errors.List[0].Value)
            : await effects.LookAsync(current.Store, app, form.ApplyTo(setup.Configuration), Patience, http.RequestAborted);
        await using var renderer = new HtmlRenderer(services, logs);
        return Results.Content(await renderer.DrawAsync<EffectPanel>((nameof(EffectPanel.Effect), effect)), "text/html; charset=utf-8");
    }
}
