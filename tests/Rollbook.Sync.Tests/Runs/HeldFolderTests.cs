using Rollbook.Sync.Runs;

namespace Rollbook.Sync.Tests.Runs;

/// <summary>A folder that is held stays; one whose program died goes.</summary>
public sealed class HeldFolderTests : IDisposable
{
    private readonly string parent = Directory.CreateTempSubdirectory("rollbook-held-").FullName;

    public void Dispose() => Directory.Delete(parent, recursive: true);

    [Fact]
    public void A_sweep_takes_what_nobody_holds_and_nothing_else()
    {
        using var held = HeldFolder.Create(parent, "riverside", TimeProvider.System);
        File.WriteAllText(Path.Combine(held.Location, "spool"), "x");
        string[] kept = [held.Location, Directory.CreateDirectory(Path.Combine(parent, "riverside-7")).FullName];
        var dead = Directory.CreateDirectory(Path.Combine(parent, "riverside-dead")).FullName;
        File.WriteAllText(dead + ".held", "");
        File.WriteAllText(Path.Combine(dead, "spool"), "x");
        File.WriteAllText(Path.Combine(parent, "riverside-not-yet.held"), "");
        HeldFolder.Sweep(parent);
        Directory.GetDirectories(parent).ShouldBe(kept, ignoreOrder: true);
        Directory.GetFiles(parent).ShouldBe([held.Location + ".held"]);
        File.Exists(Path.Combine(held.Location, "spool")).ShouldBeTrue();
    }

    [Fact]
    public void It_goes_with_whoever_made_it()
    {
        HeldFolder.Create(parent, "riverside", TimeProvider.System).Dispose();
        Directory.GetFileSystemEntries(parent).ShouldBeEmpty();
        HeldFolder.Sweep(Path.Combine(parent, "nowhere"));
    }

    [Fact]
    public void Many_may_be_made_while_others_sweep()
    {
        Parallel.For(
            0,
            200,
            _ =>
            {
                using var folder = HeldFolder.Create(parent, "riverside", TimeProvider.System);
                HeldFolder.Sweep(parent);
                Directory.Exists(folder.Location).ShouldBeTrue();
            }
        );
        Directory.GetFileSystemEntries(parent).ShouldBeEmpty();
    }
}
