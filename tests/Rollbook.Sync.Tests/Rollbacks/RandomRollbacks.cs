using System.IO.Compression;
using System.Security.Cryptography;
using Rollbook.Model;
using Rollbook.Sharing.Csv;
using Rollbook.Storage;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Tests.Derive;

namespace Rollbook.Sync.Tests.Rollbacks;

/// <summary>Rolls a district back as random histories have it: to whatever version, accepted or declined, several times, some of them back again, with purges between.</summary>
/// <param name="random">The history.</param>
/// <param name="versions">What each version holds, to be added to; null for a history that does not keep that.</param>
internal sealed class RandomRollbacks(Random random, List<Dictionary<(Kind Kind, RollbookId Id), string>>? versions)
{
    /// <summary>The oldest version that was not purged.</summary>
    internal int OldestKept { get; private set; } = 1;

    /// <summary>Does so, and answers what the roster is then.</summary>
    internal async Task<Dictionary<(Kind Kind, RollbookId Id), string>> RollAsync(TestDistrict district, string history)
    {
        for (var times = random.Next(3); times > 0; times--)
        {
            var latest = (await district.Store.Roster.LatestAsync(CancellationToken.None))!;
            if (random.Next(4) == 0)
            {
                await district.Store.Roster.PurgeAsync(random.Next(1, latest.Number + 1), CancellationToken.None);
                OldestKept = (await district.Store.Roster.LatestAsync(CancellationToken.None))!.OldestKept;
            }

            await RollOnceAsync(district, latest.Number, random.Next(Math.Max(OldestKept, latest.OldestKept), latest.Number + 1), history);
        }

        return await district.RosterAsync();
    }

    /// <summary>Whatever a record refers to is there: nothing of the roster leads nowhere (sync-safety.md section 8).</summary>
    internal static void ShouldBeWhole(Dictionary<(Kind Kind, RollbookId Id), Row> roster)
    {
        var there = roster.Keys.Select(record => (Kinds.Of(record.Kind).Family, record.Id)).ToHashSet();
        foreach (var (key, row) in roster)
        {
            foreach (var attribute in Kinds.Of(key.Kind).Attributes.Where(attribute => attribute.IsReference))
            {
                RowReader.Ids(row.Get(attribute, out _)).Where(target => !there.Contains((attribute.Target!.Value, target))).ShouldBeEmpty();
            }
        }
    }

    private async Task RollOnceAsync(TestDistrict district, int latest, int version, string history)
    {
        var before = await district.RosterAsync();
        var target = await district.RosterAsync(version);
        var waiting = await district.StartRollbackAsync(version);
        if (waiting.State is "unchanged")
        {
            target.ShouldBe(before, ignoreOrder: true, $"{history}, rolled back from {latest} to {version} for nothing");
            return;
        }

        waiting.State.ShouldBe("waiting", history);
        if (random.Next(4) == 0)
        {
            (await district.DeclineAsync(waiting)).State.ShouldBe("declined");
            (await district.RosterAsync()).ShouldBe(before, ignoreOrder: true, $"{history}, declined to roll back to {version}");
            return;
        }

        (await district.AcceptAsync(waiting)).Version.ShouldBe(latest + 1, history);
        var now = await district.RosterAsync();
        now.ShouldBe(target, ignoreOrder: true, $"{history}, rolled back to {version}");
        (await ExportAsync(district, latest + 1)).ShouldBe(await ExportAsync(district, version), $"{history}, the export of {version}");
        RunReport
            .FromJson((await district.Store.Runs.GetAsync(waiting.Number, CancellationToken.None))!.Report)
            .Purpose.ShouldBe(RunPurpose.Rollback);
        versions?.Add(now);
    }

    /// <summary>The bytes of each file of a version's export, but for the manifest, which names the version.</summary>
    private static async Task<List<string>> ExportAsync(TestDistrict district, int version)
    {
        using var package = new MemoryStream();
        await new OneRosterCsvExport(district.Store.Roster).WriteAsync(package, version, CancellationToken.None);
        await using var zip = new ZipArchive(package, ZipArchiveMode.Read);
        var files = new List<string>();
        foreach (var entry in zip.Entries.Where(entry => entry.Name is not "manifest.csv"))
        {
            await using var content = await entry.OpenAsync(CancellationToken.None);
            files.Add($"{entry.Name} {Convert.ToHexStringLower(await SHA256.HashDataAsync(content, CancellationToken.None))}");
        }

        return files;
    }
}
