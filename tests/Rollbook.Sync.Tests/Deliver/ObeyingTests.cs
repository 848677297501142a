using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Deliver;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Tests.Derive;
using Rollbook.Sync.Tests.Guard;

namespace Rollbook.Sync.Tests.Deliver;

/// <summary>What is delivered, and when: only what is published, and each version once (sync-safety.md section 8, property 5).</summary>
public sealed class ObeyingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_waiting_held_declined_or_failed_import_changes_not_one_byte_and_an_accepted_one_does()
    {
        var made = new Pupils(60);
        await using var bed = await ExportBed.NewAsync(made.Source);
        var scripted = new AppConfiguration
        {
            Type = "scripted",
            Advanced = new AdvancedSettings { PreviewOfDataUpload = true },
        };
        await bed.ConfigureAsync(scripted);

        var first = await bed.District.ImportOnceAsync();
        first.State.ShouldBe("waiting");
        await ShouldNotMoveAsync(null);
        await bed.District.AcceptAsync(first);
        (await bed.LookAsync())!.Start.ShouldBe(new DeliveryStart(Sync.Deliver.Deliveries.ByItself, $"1.1 {bed.Package}", 1, null));
        var before = bed.Bytes.ShouldNotBeNull();

        // Preview.
        made.Each(5, pupil => pupil["givenName"] = "Other");
        var waiting = await bed.District.ImportOnceAsync();
        waiting.State.ShouldBe("waiting");
        await ShouldNotMoveAsync(before);
        await bed.District.DeclineAsync(waiting);
        await ShouldNotMoveAsync(before);

        // A limit.
        await bed.ConfigureAsync(scripted with { Advanced = new AdvancedSettings() });
        made.Remove(30);
        var held = await bed.District.ImportOnceAsync();
        held.State.ShouldBe("held");
        await ShouldNotMoveAsync(before);

        // A broken read: the collection is empty.
        var users = made.Source.Records[Collection.Users].ToList();
        made.Source.Records[Collection.Users].Clear();
        (await bed.District.ImportOnceAsync()).State.ShouldBe("failed");
        await ShouldNotMoveAsync(before);
        users.ForEach(user => made.Source.Records[Collection.Users].Add(user.Key, user.Value));

        // Also when a person asks: what is published is what there is.
        (await bed.Deliveries.DeliverAsync(bed.Store, ExportBed.App, new DeliveryWish("ada", AuditChannel.Console), Token))
            .ShouldBeOfType<DeliveryResult.Ended>()
            .Delivery.Start.Version.ShouldBe(1);
        bed.Bytes.ShouldBe(before);

        (await bed.District.AcceptAsync(held)).State.ShouldBe("published");
        (await bed.LookAsync())!.State.ShouldBe(DeliveryState.Delivered);
        bed.Bytes.ShouldNotBe(before);
        bed.Audit.Entries.Count(entry => entry.Action == AuditActions.PackageDelivered).ShouldBe(3);

        async Task ShouldNotMoveAsync(byte[]? bytes)
        {
            (await bed.LookAsync()).ShouldBeNull();
            bed.Bytes.ShouldBe(bytes);
        }
    }

    [Fact]
    public async Task It_waits_until_none_of_the_imports_that_it_waits_for_runs_and_then_begins_once_whatever_became_of_them()
    {
        var made = new Pupils(60);
        await using var bed = await ExportBed.NewAsync(made.Source);
        var scripted = new AppConfiguration { Type = "scripted" };
        var imports = new Dictionary<string, AppConfiguration>(StringComparer.Ordinal) { [TestDistrict.App] = scripted, ["other"] = scripted };
        await bed.ConfigureAsync(imports, ("waitFor", TestDistrict.App));
        await bed.District.ImportAsync();
        (await bed.LookAsync())!.Start.Version.ShouldBe(1);

        // Another import's version goes along with the next one that is waited for, and does not begin a delivery.
        await bed.District.ImportAsync("other");
        (await bed.Store.Roster.LatestAsync(Token))!.Number.ShouldBe(2);
        (await bed.IsDueAsync()).ShouldBeFalse();

        // While one that is waited for is at work nothing begins, though a version is there.
        made.Each(1, pupil => pupil["givenName"] = "Other");
        await bed.District.ImportAsync();
        var atWork = await bed.Store.Runs.AddAsync(TestDistrict.App, "schedule", "Schedule", 1, TimeProvider.System.GetUtcNow(), Token);
        (await bed.IsDueAsync()).ShouldBeFalse();
        await bed.Store.Runs.MoveAsync(atWork.Number, "queued", "cancelled", null, TimeProvider.System.GetUtcNow(), Token);
        (await bed.LookAsync())!.Start.Version.ShouldBe(3);
        (await bed.IsDueAsync()).ShouldBeFalse();

        // With all imports waited for, the other one counts; and it is not waited for any more when it is taken out.
        await bed.ConfigureAsync(imports);
        made.Each(2, pupil => pupil["givenName"] = "Third");
        await bed.District.ImportAsync("other");
        (await bed.LookAsync())!.Start.Version.ShouldBe(4);
        bed.Configuration.Without("other").Exports[ExportBed.App].Delivery.ContainsKey("waitFor").ShouldBeFalse();
        await bed.ConfigureAsync(imports, ("waitFor", "other sis"));
        bed.Configuration.Without("other").Exports[ExportBed.App].Delivery["waitFor"].ShouldBe("sis");
    }

    [Fact]
    public async Task A_target_that_is_down_is_tried_again_with_growing_pauses_under_one_number_and_told()
    {
        var made = new Pupils(30);
        await using var bed = await ExportBed.NewAsync(made.Source);
        await bed.ConfigureAsync(new AppConfiguration { Type = "scripted" });
        var folder = Path.GetDirectoryName(bed.Package)!;
        await File.WriteAllTextAsync(folder, "A file where the folder should be.", Token);
        await bed.District.ImportAsync();

        var failed = (await bed.LookAsync())!;
        failed.State.ShouldBe(DeliveryState.Failed);
        failed.Failure.ShouldNotBeNull().ShouldContain("could not be written");
        foreach (var (attempts, pause) in new[] { (1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 32), (7, 60), (8, 60), (500, 60) })
        {
            Sync.Deliver.Deliveries.PauseAfter(attempts).ShouldBe(TimeSpan.FromMinutes(pause));
        }

        (await bed.IsDueAsync()).ShouldBeFalse();
        bed.Pass(TimeSpan.FromSeconds(61));
        (await bed.LookAsync())!.Attempts.ShouldBe(2);
        bed.Pass(TimeSpan.FromSeconds(61));
        (await bed.IsDueAsync()).ShouldBeFalse();

        // The roster moves on, and what is delivered in the end is the newest.
        made.Each(1, pupil => pupil["givenName"] = "Other");
        await bed.District.ImportAsync();
        File.Delete(folder);
        bed.Pass(TimeSpan.FromSeconds(61));
        var delivered = (await bed.LookAsync())!;
        (delivered.Number, delivered.Attempts, delivered.State, delivered.Start.Version).ShouldBe((1, 3, DeliveryState.Delivered, 2));
        (await bed.Store.Deliveries.ListAsync(ExportBed.App, null, 10, Token)).ShouldHaveSingleItem();

        // A person need not wait.
        Directory.Delete(folder, recursive: true);
        await File.WriteAllTextAsync(folder, "", Token);
        await bed.Deliveries.DeliverAsync(bed.Store, ExportBed.App, new DeliveryWish("ada", AuditChannel.Console), Token);
        File.Delete(folder);
        (await bed.Deliveries.DeliverAsync(bed.Store, ExportBed.App, new DeliveryWish("bo", AuditChannel.Console), Token))
            .ShouldBeOfType<DeliveryResult.Ended>()
            .Delivery.State.ShouldBe(DeliveryState.Delivered);
    }

    [Fact]
    public async Task One_that_was_cut_off_is_due_at_once_and_two_programs_deliver_once()
    {
        await using var bed = await ExportBed.NewAsync(new Pupils(30).Source);
        await bed.ConfigureAsync(new AppConfiguration { Type = "scripted" });
        await bed.District.ImportAsync();

        // Its program died: what it had begun is there still, the lock is not.
        await bed.Store.Deliveries.BeginAsync(
            ExportBed.App,
            new DeliveryStart("Publication", $"1.1 {bed.Package}", 1, null),
            TimeProvider.System.GetUtcNow(),
            Token
        );
        (await bed.IsDueAsync()).ShouldBeTrue();
        await using (await bed.Store.TryLockAsync("delivery-" + ExportBed.App, Token))
        {
            (await bed.Deliveries.DeliverAsync(bed.Store, ExportBed.App, DeliveryWish.WhenDue, Token)).ShouldBeOfType<DeliveryResult.AtWork>();
        }

        // Both have seen that it is due; one does it, the other finds it at work or done.
        var second = bed.NewDeliveries();
        var results = await Task.WhenAll(
            bed.Deliveries.DeliverAsync(bed.Store, ExportBed.App, DeliveryWish.WhenDue, Token),
            second.DeliverAsync(bed.Store, ExportBed.App, DeliveryWish.WhenDue, Token)
        );
        results.OfType<DeliveryResult.Ended>().ShouldHaveSingleItem().Delivery.Attempts.ShouldBe(2);
        (await bed.Store.Deliveries.ListAsync(ExportBed.App, null, 10, Token)).ShouldHaveSingleItem().State.ShouldBe(DeliveryState.Delivered);
    }

    [Fact]
    public async Task Another_target_or_format_begins_anew_with_everything()
    {
        var made = new Pupils(30);
        await using var bed = await ExportBed.NewAsync(made.Source);
        var scripted = new AppConfiguration { Type = "scripted" };
        var path = Path.Combine(bed.Folder, TestDistrict.Id, "roster-{version}.zip");
        await bed.ConfigureAsync(scripted, ("path", path), ("mode", "delta"));
        await bed.District.ImportAsync();
        (await bed.LookAsync())!.Start.Since.ShouldBeNull();
        made.Each(3, pupil => pupil["givenName"] = "Other");
        await bed.District.ImportAsync();
        var delta = (await bed.LookAsync())!;
        delta.Start.Since.ShouldBe(1);
        DeliveryRows.Of(delta).ShouldBe(new Dictionary<string, ExportedRows> { ["users"] = new(3, 0) });
        Directory
            .GetFiles(Path.Combine(bed.Folder, TestDistrict.Id))
            .Select(Path.GetFileName)
            .ShouldBe(["roster-1.zip", "roster-2.zip"], ignoreOrder: true);

        // What changed and was changed back is no news, and no package is written.
        made.Each(3, pupil => pupil["givenName"] = "Third");
        await bed.District.ImportAsync();
        made.Each(3, pupil => pupil["givenName"] = "Other");
        await bed.District.ImportAsync();
        var nothing = (await bed.LookAsync())!;
        (nothing.State, nothing.Start.Version, nothing.Bytes).ShouldBe((DeliveryState.Unchanged, 4, null));
        File.Exists(path.Replace("{version}", "4", StringComparison.Ordinal)).ShouldBeFalse();
        (await bed.IsDueAsync()).ShouldBeFalse();
        (
            await bed.Deliveries.DeliverAsync(bed.Store, ExportBed.App, new DeliveryWish("ada", AuditChannel.Console), Token)
        ).ShouldBeOfType<DeliveryResult.UpToDate>();

        await bed.ConfigureAsync(scripted, ("path", path), ("mode", "delta"), ("version", "1.2"));
        var anew = (await bed.LookAsync())!;
        (anew.Start.Since, anew.Start.Version, DeliveryRows.Of(anew).ContainsKey("roles")).ShouldBe((null, 4, true));
        (await bed.Deliveries.DeliverAsync(bed.Store, ExportBed.App, new DeliveryWish("ada", AuditChannel.Console, Everything: true), Token))
            .ShouldBeOfType<DeliveryResult.Ended>()
            .Delivery.Start.Since.ShouldBeNull();
    }
}
