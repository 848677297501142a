using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Rollbook.Sync.Setup;
using Rollbook.Sync.WhatIf;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Setup.Uniting;

/// <summary>What Domains of Uniqueness would tell of the last upload while they are being chosen, for a page with scripts. Nothing is saved.</summary>
internal static class PreviewDomains
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    internal static void Map(IEndpointRouteBuilder district) =>
        district.MapPost("/apps/{app}/effect/domains", OfDomainsAsync).RequireAuthorization(Policies.Work).NeedsFormToken();

    private static async Task<IResult> OfDomainsAsync(
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
        if (await setups.OpenAsync(current.Store, app, http.RequestAborted) is not { } setup)
        {
            return Results.NotFound();
        }

        var form = DomainsForm.Of(ComparedKinds.Find(kind), await http.Request.ReadFormAsync(http.RequestAborted));
        var errors = new FieldErrors();
        form.Check(errors);
        RuleEffect effect = errors.Any
            ? new RuleEffect.Failed(errors.List[0].Value)
            : await effects.LookAsync(current.Store, app, form.ApplyTo(setup.Configuration), Patience, http.RequestAborted);
        await using var renderer = new HtmlRenderer(services, logs);
        return Results.Content(await renderer.DrawAsync<DomainsEffect>((nameof(DomainsEffect.Effect), effect)), "text/html; charset=utf-8");
    }
}
