using Rollbook.Sync.Setup;

namespace Rollbook.Browser.Tests.Pages;

/// <summary>Every page in each of its states: what is checked for all of them alike, and what pictures are taken of.</summary>
internal static class PageCatalog
{
    /// <summary>A name for the state, who looks, and the address (relative to the site).</summary>
    internal static IReadOnlyList<(string Name, string? Account, string Path)> All { get; } =
    [
        ("sign-in", null, "/sign-in"),
        ("setup-unknown", null, "/setup/0000"),
        ("choose", Site.ConsoleSite.Both, "/"),
        ("home", Site.ConsoleSite.Admin, "/d/riverside"),
        ("home-export", Site.ConsoleSite.Admin, "/d/riverside?show=export"),
        ("home-empty", Site.ConsoleSite.Both, "/d/lakeside"),
        ("app", Site.ConsoleSite.Admin, "/d/riverside/apps/synergy"),
        ("app-never", Site.ConsoleSite.Admin, "/d/riverside/apps/directory"),
        ("gallery", Site.ConsoleSite.Admin, "/d/riverside/gallery"),
        ("gallery-none", Site.ConsoleSite.Admin, "/d/riverside/gallery?q=powerschool"),
        ("gallery-viewer", Site.ConsoleSite.Viewer, "/d/riverside/gallery"),
        .. SetupSteps.All.Select(step =>
            ($"setup-{step.Slug()}", (string?)Site.ConsoleSite.Admin, $"/d/riverside/apps/{Site.SampleDistrict.Draft}/setup/{step.Slug()}")
        ),
        .. SetupSteps
            .All.Where(step => step != SetupStep.Done)
            .Select(step => ($"settings-{step.Slug()}", (string?)Site.ConsoleSite.Admin, $"/d/riverside/apps/synergy/settings/{step.Slug()}")),
        ("settings-app", Site.ConsoleSite.Admin, "/d/riverside/apps/synergy/settings/app"),
        ("settings-unknown-type", Site.ConsoleSite.Admin, "/d/riverside/apps/directory/settings/delivery"),
        ("settings-viewer", Site.ConsoleSite.Viewer, "/d/riverside/apps/synergy/settings/delivery"),
        ("attributes-school", Site.ConsoleSite.Admin, $"/d/riverside/apps/{Site.SampleDistrict.Draft}/setup/attributes?kind=school"),
        ("attributes-new", Site.ConsoleSite.Admin, "/d/riverside/apps/synergy/settings/attributes/student"),
        ("attributes-new-no-samples", Site.ConsoleSite.Admin, "/d/riverside/apps/synergy/settings/attributes/class"),
        ("attributes-pair-template", Site.ConsoleSite.Admin, "/d/riverside/apps/synergy/settings/attributes/student?target=email"),
        ("attributes-pair-map", Site.ConsoleSite.Admin, "/d/riverside/apps/synergy/settings/attributes/student?target=grades"),
        ("attributes-viewer", Site.ConsoleSite.Viewer, "/d/riverside/apps/synergy/settings/attributes"),
        ("attributes-pair-viewer", Site.ConsoleSite.Viewer, "/d/riverside/apps/synergy/settings/attributes/student?target=email"),
        ("terms", null, "/terms"),
        ("privacy", null, "/privacy"),
        ("history", Site.ConsoleSite.Admin, "/d/riverside/history"),
        ("history-none", Site.ConsoleSite.Admin, "/d/riverside/history?state=declined"),
        ("history-empty", Site.ConsoleSite.Both, "/d/lakeside/history"),
        ("run-published", Site.ConsoleSite.Admin, "/d/riverside/history/40"),
        ("run-first", Site.ConsoleSite.Admin, "/d/riverside/history/1"),
        ("run-failed", Site.ConsoleSite.Admin, "/d/riverside/history/41"),
        ("run-held", Site.ConsoleSite.Admin, "/d/riverside/history/42"),
        ("changes-student", Site.ConsoleSite.Admin, "/d/riverside/history/40/changes?kind=student"),
        ("changes-enrollment", Site.ConsoleSite.Admin, "/d/riverside/history/40/changes?kind=enrollment&operation=delete"),
        ("data-empty", Site.ConsoleSite.Both, "/d/lakeside/data"),
        ("data-school", Site.ConsoleSite.Admin, "/d/riverside/data"),
        ("data-student", Site.ConsoleSite.Admin, "/d/riverside/data/student"),
        ("data-student-dense", Site.ConsoleSite.Admin, "/d/riverside/data/student?density=dense&filter=grades.equal.10&search=a"),
        ("data-student-masked", Site.ConsoleSite.Viewer, "/d/riverside/data/student"),
        ("data-student-problem", Site.ConsoleSite.Admin, "/d/riverside/data/student?attribute=birthDate&condition=equal&value=soon"),
        ("data-none", Site.ConsoleSite.Admin, "/d/riverside/data/student?search=zzzz"),
        ("data-old", Site.ConsoleSite.Admin, "/d/riverside/data/enrollment?version=1"),
        ("data-contact", Site.ConsoleSite.Admin, "/d/riverside/data/contact"),
        ("record-student", Site.ConsoleSite.Admin, $"/d/riverside/data/student/{Sample.Student(10)}"),
        ("record-student-enrollments", Site.ConsoleSite.Admin, $"/d/riverside/data/student/{Sample.Student(10)}?tab=enrollments"),
        ("record-student-history", Site.ConsoleSite.Admin, $"/d/riverside/data/student/{Sample.Student(12)}?tab=history"),
        ("record-student-gone", Site.ConsoleSite.Admin, $"/d/riverside/data/student/{Sample.Student(5)}"),
        ("record-student-masked", Site.ConsoleSite.Viewer, $"/d/riverside/data/student/{Sample.Student(10)}"),
        ("record-class-people", Site.ConsoleSite.Admin, $"/d/riverside/data/class/{Sample.Class(1)}?tab=people"),
        ("record-school", Site.ConsoleSite.Admin, $"/d/riverside/data/school/{Sample.School(3)}"),
        ("record-school-students", Site.ConsoleSite.Admin, $"/d/riverside/data/school/{Sample.School(3)}?tab=students"),
        ("admins", Site.ConsoleSite.Admin, "/d/riverside/administration/admins"),
        ("invite", Site.ConsoleSite.Admin, "/d/riverside/administration/admins/invite"),
        ("person-unknown", Site.ConsoleSite.Admin, "/d/riverside/administration/admins/0000"),
        ("audit-log", Site.ConsoleSite.Admin, "/d/riverside/administration/audit-log"),
        ("audit-log-none", Site.ConsoleSite.Admin, "/d/riverside/administration/audit-log?who=nobody-of-that-name"),
        ("districts", Site.ConsoleSite.Operator, "/operator/districts"),
        ("invite-primary", Site.ConsoleSite.Operator, "/operator/districts/lakeside/invite"),
        ("installation-audit-log", Site.ConsoleSite.Operator, "/operator/audit-log"),
        ("code-first", null, "/sign-in/code"),
        ("not-found", Site.ConsoleSite.Admin, "/d/riverside/nowhere"),
        ("forbidden-district", Site.ConsoleSite.Admin, "/d/lakeside"),
    ];
}
