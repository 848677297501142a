namespace Rollbook.Storage.Tests;

/// <summary>Configuration versions and secrets.</summary>
public abstract class ConfigurationCompliance(TestBed bed)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Versions_follow_one_another()
    {
        var store = (await bed.NewDistrictAsync()).Configuration;
        (await store.LatestAsync(Token)).ShouldBeNull();
        (await store.LatestNumberAsync(Token)).ShouldBe(0);
        (await store.AddAsync(0, """{"a":1}""", "ada", Publishing.Noon, Token)).ShouldBe(1);
        (await store.AddAsync(1, """{"a":"ü"}""", "bob", Publishing.Noon.AddHours(1), Token)).ShouldBe(2);
        (await store.LatestAsync(Token)).ShouldBe(new ConfigurationVersion(2, """{"a":"ü"}""", "bob", Publishing.Noon.AddHours(1)));
        (await store.LatestNumberAsync(Token)).ShouldBe(2);
        (await store.GetAsync(1, Token))!.Document.ShouldBe("""{"a":1}""");
        (await store.GetAsync(3, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Of_many_that_save_over_the_same_version_one_wins()
    {
        var store = (await bed.NewDistrictAsync()).Configuration;
        var numbers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => Task.Run(() => store.AddAsync(0, $"{i}", "ada", Publishing.Noon, Token), Token))
        );
        numbers.Count(number => number == 1).ShouldBe(1);
        numbers.Count(number => number is null).ShouldBe(7);
        (await store.AddAsync(0, "late", "ada", Publishing.Noon, Token)).ShouldBeNull();
        (await store.AddAsync(5, "early", "ada", Publishing.Noon, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task A_secret_is_replaced_under_its_name()
    {
        var store = (await bed.NewDistrictAsync()).Configuration;
        (await store.GetSecretAsync("synergy/clientSecret", Token)).ShouldBeNull();
        await store.SetSecretAsync("synergy/clientSecret", [0, 1, 255], Token);
        await store.SetSecretAsync("synergy/clientSecret", [0, 2, 255], Token);
        (await store.GetSecretAsync("synergy/clientSecret", Token)).ShouldBe(new byte[] { 0, 2, 255 });
    }

    [Fact]
    public async Task A_secret_that_was_removed_is_gone_and_no_other()
    {
        var store = (await bed.NewDistrictAsync()).Configuration;
        await store.SetSecretAsync("synergy/clientSecret", [1], Token);
        await store.SetSecretAsync("synergy-2/clientSecret", [2], Token);
        await store.RemoveSecretAsync("synergy/clientSecret", Token);
        await store.RemoveSecretAsync("synergy/clientSecret", Token);
        (await store.GetSecretAsync("synergy/clientSecret", Token)).ShouldBeNull();
        (await store.GetSecretAsync("synergy-2/clientSecret", Token)).ShouldBe(new byte[] { 2 });
    }
}
