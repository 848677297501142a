using System.Data.Common;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using Rollbook.Storage.Installation;

namespace Rollbook.Storage.Tests;

/// <summary>Who changed what.</summary>
public abstract class AuditCompliance(TestBed bed)
{
    private static readonly AuditEntry Saved = new("", "ada@riverside.example", AuditChannel.Console, AuditActions.ConfigurationSaved, "synergy");

    private readonly FakeTimeProvider time = new(Publishing.Noon);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_entry_is_read_as_it_was_written_with_its_time()
    {
        await using var services = Services();
        var log = services.GetRequiredService<IAuditLog>();
        var entry = Saved with { DistrictId = "exact", OldValue = "\"é \\\" 1\"", NewValue = "null" };
        await log.WriteAsync(entry, Token);
        var read = (await log.ReadAsync(new AuditQuery("exact"), 10, Token)).ShouldHaveSingleItem();
        read.Entry.ShouldBe(entry);
        read.At.ShouldBe(Publishing.Noon);
    }

    [Fact]
    public async Task A_district_reads_its_own_entries_alone()
    {
        await using var services = Services();
        var log = services.GetRequiredService<IAuditLog>();
        await log.WriteAsync([Saved with { DistrictId = "apart" }, Saved with { DistrictId = "apart-2" }, Saved with { DistrictId = null }], Token);
        (await log.ReadAsync(new AuditQuery("apart"), 10, Token)).Count.ShouldBe(1);
        (await log.ReadAsync(new AuditQuery(null), 100, Token)).ShouldAllBe(record => record.Entry.DistrictId == null);
    }

    [Fact]
    public async Task Pages_go_from_new_to_old_without_gap_or_repetition()
    {
        await using var services = Services();
        var log = services.GetRequiredService<IAuditLog>();
        await log.WriteAsync([.. Enumerable.Range(0, 25).Select(i => Saved with { DistrictId = "pages", Subject = $"{i}" })], Token);
        var seen = new List<AuditRecord>();
        while (await log.ReadAsync(new AuditQuery("pages") { Before = seen.LastOrDefault()?.Number }, 10, Token) is { Count: > 0 } page)
        {
            seen.AddRange(page);
        }

        seen.Select(record => record.Entry.Subject).ShouldBe(Enumerable.Range(0, 25).Reverse().Select(i => $"{i}"));
    }

    [Fact]
    public async Task Who_what_and_when_narrow_what_is_read()
    {
        await using var services = Services();
        var log = services.GetRequiredService<IAuditLog>();
        await log.WriteAsync(Saved with { DistrictId = "filters", Action = AuditActions.SignedIn, Subject = "first" }, Token);
        time.Advance(TimeSpan.FromHours(1));
        await log.WriteAsync(
            Saved with
            {
                DistrictId = "filters",
                Who = "Bob%@riverside.example",
                Action = AuditActions.SignInFailed,
                Subject = "second",
            },
            Token
        );
        time.Advance(TimeSpan.FromMilliseconds(1));
        await log.WriteAsync(Saved with { DistrictId = "filters", Subject = "third" }, Token);

        (await SubjectsAsync(new AuditQuery("filters") { Who = "ADA@" })).ShouldBe(["third", "first"]);
        (await SubjectsAsync(new AuditQuery("filters") { Who = "b%" })).ShouldBe(["second"]);
        (await SubjectsAsync(new AuditQuery("filters") { Action = "sign-in." })).ShouldBe(["second", "first"]);
        (await SubjectsAsync(new AuditQuery("filters") { Action = AuditActions.SignInFailed })).ShouldBe(["second"]);
        (await SubjectsAsync(new AuditQuery("filters") { From = Publishing.Noon.AddHours(1) })).ShouldBe(["third", "second"]);
        (await SubjectsAsync(new AuditQuery("filters") { Until = Publishing.Noon.AddHours(1).AddMilliseconds(1) })).ShouldBe(["second", "first"]);

        async Task<IEnumerable<string>> SubjectsAsync(AuditQuery query) =>
            (await log.ReadAsync(query, 10, Token)).Select(record => record.Entry.Subject);
    }

    [Fact]
    public async Task The_database_refuses_to_change_or_remove_an_entry()
    {
        await using var services = Services();
        await services.GetRequiredService<IAuditLog>().WriteAsync(Saved with { DistrictId = "kept" }, Token);
        await using var context = await services.GetRequiredService<IDbContextFactory<InstallationContext>>().CreateDbContextAsync(Token);
        var rows = context.AuditRows.Where(row => row.DistrictId == "kept");
        (await Should.ThrowAsync<DbException>(() => rows.ExecuteDeleteAsync(Token))).Message.ShouldContain("only added to");
        await Should.ThrowAsync<DbException>(() => rows.ExecuteUpdateAsync(set => set.SetProperty(row => row.Who, "someone else"), Token));
        (await rows.SingleAsync(Token)).Who.ShouldBe(Saved.Who);
    }

    [Fact]
    public async Task A_text_that_no_database_can_hold_is_told_all_the_same()
    {
        await using var services = Services();
        var log = services.GetRequiredService<IAuditLog>();
        await log.WriteAsync(Saved with { DistrictId = "zero", Who = "a\0b" }, Token);
        (await log.ReadAsync(new AuditQuery("zero"), 1, Token)).ShouldHaveSingleItem().Entry.Who.ShouldBe("a\uFFFDb");
    }

    private ServiceProvider Services()
    {
        var services = new ServiceCollection().AddLogging();
        bed.Register(services);
        services.AddIdentityCore<User>().AddEntityFrameworkStores<InstallationContext>();
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(time));
        return services.BuildServiceProvider(validateScopes: true);
    }
}
