using System.Net;
using Microsoft.Playwright;
using Rollbook.Browser.Tests.Site;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Access;

public sealed class RolesTests(ConsoleSite site)
{
    [Theory]
    [InlineData("/d/lakeside")]
    [InlineData("/d/lakeside/history")]
    [InlineData("/d/lakeside/data/student")]
    [InlineData("/d/lakeside/data/student.csv")]
    [InlineData("/d/lakeside/history/1/events")]
    [InlineData("/d/nowhere")]
    public async Task Another_district_does_not_exist(string path)
    {
        var page = await site.OpenAsync(ConsoleSite.Admin);
        (await page.APIRequest.GetAsync(path)).Status.ShouldBe((int)HttpStatusCode.NotFound);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_viewer_sees_no_button_and_is_refused()
    {
        var page = await site.OpenAsync(ConsoleSite.Viewer);
        await page.GotoAsync("/d/riverside/apps/synergy");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Run Import" })).ToHaveCountAsync(0);

        // The token of another form of the page is good for any form: only the role may stand in the way.
        var token = await page.Locator("input[name=__RequestVerificationToken]").First.GetAttributeAsync("value");
        foreach (var path in new[] { "/d/riverside/apps/synergy/runs", "/d/riverside/history/40/cancel", "/d/riverside/history/42/decision" })
        {
            var form = page.APIRequest.CreateFormData();
            form.Set("__RequestVerificationToken", token!);
            (await page.APIRequest.PostAsync(path, new() { Form = form })).Status.ShouldBe((int)HttpStatusCode.Forbidden);
        }

        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_form_without_our_token_is_refused()
    {
        var page = await site.OpenAsync(ConsoleSite.Admin);
        foreach (
            var path in new[]
            {
                "/d/riverside/apps/synergy/runs",
                "/d/riverside/history/40/cancel",
                "/d/riverside/history/42/decision",
                "/theme",
                "/sign-out",
            }
        )
        {
            var form = page.APIRequest.CreateFormData();
            form.Set("theme", "dark");
            (await page.APIRequest.PostAsync(path, new() { Form = form })).Status.ShouldBe((int)HttpStatusCode.BadRequest, path);
        }

        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_viewer_gets_no_personal_data_by_any_way()
    {
        var page = await site.OpenAsync(ConsoleSite.Viewer);
        foreach (
            var path in new[]
            {
                "/d/riverside/data/student",
                "/d/riverside/data/student?sort=birthDate",
                "/d/riverside/data/student.csv?columns=familyName&columns=email&columns=metadata",
                $"/d/riverside/data/student/{Pages.Sample.Student(10)}",
                $"/d/riverside/data/student/{Pages.Sample.Student(10)}?tab=history",
                "/d/riverside/history/40/changes?kind=student",
                "/d/riverside/history/42/changes?kind=student",
                "/d/riverside/history/42/changes?kind=enrollment",
                "/d/riverside/history/42",
                "/d/riverside/data/enrollment",
                $"/d/riverside/data/school/{Pages.Sample.School(0)}?tab=students",
            }
        )
        {
            var text = await (await page.APIRequest.GetAsync(path)).TextAsync();
            foreach (var personal in new[] { "Abernathy", "Kealoha", "@riverside.example\"", "s00010@", "changed10", "Okafor" })
            {
                text.ShouldNotContain(personal, Case.Sensitive, path);
            }
        }

        // Neither may filtering, searching or sorting tell what the mask hides.
        await page.GotoAsync("/d/riverside/data/student?filter=familyName.equal.Nobody&search=Nobody");
        await Expect(page.GetByText("241 in all")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Search)).ToHaveCountAsync(0);
        await page.Context.CloseAsync();
    }
}
