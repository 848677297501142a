using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Setup;
using Rollbook.Sync.WhatIf;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Features.Setup.Limits;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Setup;

/// <summary>
/// What the pages of all steps have in common. A step has two addresses: in the wizard, <c>…/setup/schools</c>, while the app is a draft, and as a tab of the
/// settings, <c>…/settings/schools</c>, from then on. Saving is a POST of the page's one form to its own address, and a redirect.
/// </summary>
public abstract class StepPage : ComponentBase
{
    // Less than after what a person thinks that nothing happens; what takes longer shows how far it is.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private string? overLimits;

    /// <summary>The district's ID.</summary>
    [Parameter]
    public string District { get; set; } = "";

    /// <summary>The app's ID.</summary>
    [Parameter]
    public string App { get; set; } = "";

    /// <summary>The step that this page is.</summary>
    protected abstract SetupStep Step { get; }

    /// <summary>What is said when a change to an app in force is saved: that it is, and from when on it counts.</summary>
    protected virtual string InForceText => "It takes effect with the next import.";

    /// <summary>The request.</summary>
    [CascadingParameter]
    protected HttpContext Http { get; set; } = null!;

    /// <summary>The district.</summary>
    [Inject]
    protected CurrentDistrict Current { get; set; } = null!;

    /// <summary>Opens and saves.</summary>
    [Inject]
    protected Setups Setups { get; set; } = null!;

    [Inject]
    private WhatIfJob Previews { get; set; } = null!;

    [Inject]
    private SaveReviews Reviews { get; set; } = null!;

    /// <summary>Leads on.</summary>
    [Inject]
    protected NavigationManager Navigation { get; set; } = null!;

    /// <summary>The app as it is saved; null when the page does not exist, or leads elsewhere.</summary>
    protected AppSetup? Setup { get; private set; }

    /// <summary>What is wrong with what was posted.</summary>
    protected FieldErrors Errors { get; } = new();

    /// <summary>What someone else saved while this person was at it; null when nobody did.</summary>
    protected AppSetup? Conflict { get; private set; }

    /// <summary>What a person has to look at before what was posted is saved; null when nothing.</summary>
    protected SaveReview? Review { get; private set; }

    /// <summary>What was posted; null when the page was only opened.</summary>
    protected IFormCollection? Posted { get; private set; }

    /// <summary>Whether the person may change anything.</summary>
    protected bool MayChange => Current.MayWork;

    /// <summary>Who acts.</summary>
    protected string Who => Http.User.Identity?.Name ?? "";

    /// <inheritdoc/>
    protected sealed override async Task OnInitializedAsync()
    {
        var setup = await Setups.OpenAsync(Current.Store, App, Http.RequestAborted);
        if (setup?.Steps.Contains(Step) is not true)
        {
            Navigation.NotFound();
            return;
        }

        if (setup.IsDraft != Http.Request.Path.StartsWithSegments(Current.Path($"apps/{App}/setup"), StringComparison.Ordinal))
        {
            Navigation.NavigateTo(SetupAddresses.Of(Current, setup, Step));
            return;
        }

        if (setup.IsDraft && Step > setup.Reached)
        {
            Navigation.NavigateTo(SetupAddresses.Of(Current, setup, setup.Reached));
            return;
        }

        Setup = setup;
        if (HttpMethods.IsPost(Http.Request.Method))
        {
            Posted = await Http.Request.ReadFormAsync(Http.RequestAborted);
        }

        await OpenAsync();
    }

    /// <summary>Reads what the page shows, from <see cref="Posted"/> where there is a POST and else from <see cref="Setup"/>.</summary>
    protected virtual Task OpenAsync() => Task.CompletedTask;

    /// <summary>Looks at what was posted, adding to <see cref="Errors"/>, and says how the configuration is to change. The change may be asked for more than once.</summary>
    protected abstract Task<StepChange> ReadAsync(IFormCollection form);

    /// <summary>Something else than saving that a button of the step's own asks for; false when <paramref name="go"/> is none of them.</summary>
    protected virtual Task<bool> ActAsync(string go) => Task.FromResult(false);

    /// <summary>Saves what was posted and leads on; stays on the page when something is wrong with it.</summary>
    protected async Task SubmitAsync()
    {
        if (Setup is null || Posted is null || !MayChange)
        {
            return;
        }

        var go = Posted["go"].ToString();
        if (await ActAsync(go))
        {
            return;
        }

        var change = await ReadAsync(Posted);

        // Going back or aside loses nothing, not even what is not right yet; it is told again before the set-up is finished.
        if (Errors.Any && !(Setup.IsDraft && go is ("back" or "limits" or "windows")))
        {
            return;
        }

        await SaveAsync(go, change);
    }

    /// <summary>Saves a change and leads on as <paramref name="go"/> says; <paramref name="button"/> is the one that was pressed, where its value says more.</summary>
    protected async Task SaveAsync(string go, StepChange change, string? button = null)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (await LoosensWhatWaitsAsync(change) is { } waiting)
        {
            Errors.Add(
                "syncHoldThreshold",
                $"Run {waiting} of this app waits for a decision. Until it is decided, only a Primary District Admin changes what holds an import."
            );
            return;
        }

        while (Setup is not null && !await IsToBeReviewedAsync(button ?? go, change))
        {
            var reached = go is "next" ? Setup.After(Step) : Step;
            var result = await Setups.SaveAsync(
                Current.Store,
                App,
                Step,
                Posted!["opened"].ToString(),
                change.Change,
                change.Secrets,
                reached,
                Who,
                Http.RequestAborted,
                seen: Setup.IsDraft ? null : Setup.Configuration.ToDocument(),
                overLimits
            );
            switch (result)
            {
                case SaveResult.Moved moved:
                    // Someone else saved another step meanwhile: what the two do together is looked at.
                    Setup = moved.Now;
                    continue;
                case SaveResult.Conflict conflict:
                    Conflict = Setup = conflict.Now;
                    return;
                case SaveResult.Saved saved:
                    Setup = saved.Setup;
                    await AfterSavingAsync(saved.Setup);
                    await LeadOnAsync(go, saved.Setup);
                    return;
                default:
                    Navigation.NotFound();
                    return;
            }
        }
    }

    /// <summary>
    /// The run that waits for a Primary District Admin, where somebody else would change what holds the imports after it: a later import that is not held takes its place. Null
    /// where that is not so.
    /// </summary>
    private async Task<long?> LoosensWhatWaitsAsync(StepChange change) =>
        Setup is { IsDraft: false, IsExport: false } setup
        && !Current.IsPrimary
        && !change.Change(setup.Configuration).Advanced.HoldsLike(setup.Configuration.Advanced)
        && await Current.Store.Runs.UndecidedAsync(App, Http.RequestAborted) is [.., var waiting]
            ? waiting.Number
            : null;

    /// <summary>Whether what is to be saved waits for a person to look at what it would do, or for what it would do to be known.</summary>
    private async Task<bool> IsToBeReviewedAsync(string go, StepChange change)
    {
        // What someone else saved meanwhile is told first.
        if (!string.Equals(Setup!.Opened(Step), Posted!["opened"].ToString(), StringComparison.Ordinal))
        {
            return false;
        }

        var effects = await Reviews.OfAsync(Current.Store, Setup, change.Change(Setup.Configuration), Who, Patience, Http.RequestAborted);
        var review = SaveReview.Of(effects, go, Posted, change.Secrets.Keys);
        if (review.IsNothing)
        {
            return false;
        }

        if (review.IsAgreed)
        {
            overLimits = review.Reason;
            return false;
        }

        review.Check(Errors);
        Review = review;
        return true;
    }

    /// <summary>Begins what comes of what is saved, once it is.</summary>
    protected virtual Task AfterSavingAsync(AppSetup saved) => Task.CompletedTask;

    /// <summary>Begins what the next step of the wizard shows.</summary>
    protected virtual Task GoOnAsync(AppSetup saved) => Task.CompletedTask;

    /// <summary>What is told besides that it is saved, a sentence; empty for nothing.</summary>
    protected virtual string SavedWords => "";

    /// <summary>Where one is after saving without going on: on the same page, with the part of it that one looked at.</summary>
    protected virtual string AddressOf(AppSetup saved) => SetupAddresses.Of(Current, saved, Step);

    /// <summary>Puts the draft in force and leads to the app's dashboard, or to what keeps it from that.</summary>
    protected async Task FinishAsync()
    {
        var problems = await Setups.FinishAsync(Current.Store, App, Who, Http.RequestAborted);
        if (problems.Count == 0)
        {
            await Previews.StopAsync(Current.Store, App);
            Flash.Leave(
                Http,
                Setup!.IsExport
                    ? "The set-up is finished and in force. The published roster is delivered within seconds, and again whenever there is a newer one."
                    : "The set-up is finished and in force. Nothing is imported before you press Run Import."
            );
            Navigation.NavigateTo(Current.Path($"apps/{App}"));
            return;
        }

        Flash.Leave(Http, "The set-up can't be finished yet: " + problems[0].Message, Tone.Attention);
        Navigation.NavigateTo(SetupAddresses.Of(Current, Setup!, problems[0].Step));
    }

    private async Task LeadOnAsync(string go, AppSetup saved)
    {
        switch (go)
        {
            case "finish":
                await FinishAsync();
                break;
            case "next" when saved.IsDraft:
                await GoOnAsync(saved);
                Navigation.NavigateTo(SetupAddresses.Of(Current, saved, saved.After(Step)));
                break;
            case "back" when saved.IsDraft:
                Navigation.NavigateTo(SetupAddresses.Of(Current, saved, saved.Before(Step)));
                break;
            case "limits" when saved.IsDraft:
                Navigation.NavigateTo(LimitAddresses.Limits(Current, saved));
                break;
            case "windows" when saved.IsDraft:
                Navigation.NavigateTo(LimitAddresses.Windows(Current, saved));
                break;
            default:
                var words = new[]
                {
                    "Saved.",
                    SavedWords,
                    saved.IsDraft ? ""
                    : saved.IsExport ? "It takes effect with the next delivery."
                    : InForceText,
                };
                Flash.Leave(Http, string.Join(' ', words.Where(part => part.Length > 0)));
                Navigation.NavigateTo(AddressOf(saved));
                break;
        }
    }
}

/// <summary>What a posted step wants.</summary>
/// <param name="Change">Makes the step's part of the configuration be it.</param>
/// <param name="Secrets">Secrets in clear that were entered, by setting.</param>
public sealed record StepChange(Func<AppConfiguration, AppConfiguration> Change, IReadOnlyDictionary<string, string> Secrets)
{
    /// <summary>A change without secrets.</summary>
    public StepChange(Func<AppConfiguration, AppConfiguration> change)
        : this(change, new Dictionary<string, string>(StringComparer.Ordinal)) { }

    /// <summary>Nothing changes; one only goes on.</summary>
    public static StepChange None { get; } = new(app => app);
}
