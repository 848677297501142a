using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Samples;
using Rollbook.Sync.Setup;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Setup.Attributes;

/// <summary>What a pair makes of real records while it is being written, for a page with scripts: the same lines that the page without them shows. Nothing is saved.</summary>
internal static class PreviewPair
{
    private const int Shown = 5;

    internal static void Map(IEndpointRouteBuilder district) =>
        district.MapPost("/apps/{app}/attributes/{kind}/preview", PreviewAsync).RequireAuthorization(Policies.Work).NeedsFormToken();

    /// <summary>The lines, or why there can be none.</summary>
    internal static (IReadOnlyList<AttributePreviewLine> Lines, string? Problem) Of(
        KindDefinition kind,
        PairForm form,
        KindSamples samples,
        DistrictInfo district,
        AppConfiguration app
    )
    {
        var written = form.ToPair();
        if (string.IsNullOrWhiteSpace(written.Source) && string.IsNullOrWhiteSpace(written.Template))
        {
            return ([], null);
        }

        // Before a target is chosen the result is shown as text.
        var pair = AttributeRules.CanBeMapped(kind, written.Target) ? written : written with { Target = AttributeRules.MetadataPrefix + "preview" };
        if (AttributeRules.Refuse(kind, pair) is { } refusal)
        {
            return ([], PairForm.Words(refusal));
        }

        var zone = DeliveryTimeZone.Of(DistrictConfiguration.Of(district), app);
        return (AttributePreview.Of(kind, pair, samples.Records, zone, Shown), null);
    }

    /// <summary>Whether the person sees the values: what is made of a person's attributes is as personal as they are, whatever it is called.</summary>
    internal static bool Hides(CurrentDistrict district, KindDefinition kind) => !district.SeesPersonal && kind.Family == Family.Person;

    private static async Task<IResult> PreviewAsync(
        string app,
        string kind,
        CurrentDistrict current,
        Setups setups,
        ISampleRecords records,
        IServiceProvider services,
        ILoggerFactory logs,
        HttpContext http
    )
    {
        if (Kinds.Find(kind) is not { } definition || await setups.OpenAsync(current.Store, app, http.RequestAborted) is not { } setup)
        {
            return Results.NotFound();
        }

        var form = PairForm.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var samples = await records.ReadAsync(current.Store, app, definition.Kind, http.RequestAborted);
        var (lines, problem) = Of(definition, form, samples, current.Info, setup.Configuration);
        await using var renderer = new HtmlRenderer(services, logs);
        var html = await renderer.DrawAsync<PairPreview>(
            (nameof(PairPreview.Lines), lines),
            (nameof(PairPreview.Problem), problem),
            (nameof(PairPreview.From), samples.From),
            (nameof(PairPreview.Target), form.ToPair().Target),
            (nameof(PairPreview.Hidden), Hides(current, definition))
        );
        return Results.Content(html, "text/html; charset=utf-8");
    }
}
