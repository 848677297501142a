namespace Rollbook.Storage.Tests;

/// <summary>What was delivered to export apps.</summary>
public abstract class DeliveryCompliance(TestBed bed)
{
    private const string Target = "1.1 /srv/exports/riverside/roster.zip";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_delivery_is_kept_with_what_became_of_it()
    {
        var deliveries = (await bed.NewDistrictAsync()).Deliveries;
        (await deliveries.SucceededAsync("vendor", null, Token)).ShouldBeNull();
        var begun = await deliveries.BeginAsync("vendor", new DeliveryStart("ada", Target, 3, null), Publishing.Noon, Token);
        begun.ShouldBe(
            new DeliveryRecord(
                1,
                "vendor",
                DeliveryState.Working,
                new DeliveryStart("ada", Target, 3, null),
                1,
                Publishing.Noon,
                Publishing.Noon,
                null,
                null,
                null,
                null
            )
        );
        begun.Succeeded.ShouldBeFalse();
        (await deliveries.SucceededAsync("vendor", null, Token)).ShouldBeNull();

        var at = Publishing.Noon.AddSeconds(2);
        (await deliveries.EndAsync(1, new DeliveryEnd(DeliveryState.Delivered, 1234, """{"users":3}"""), at, Token)).ShouldBeTrue();
        (await deliveries.EndAsync(1, new DeliveryEnd(DeliveryState.Failed, Failure: "late"), at, Token)).ShouldBeFalse();
        var kept = begun with { State = DeliveryState.Delivered, EndedAt = at, Bytes = 1234, Rows = """{"users":3}""" };
        (await deliveries.GetAsync(1, Token)).ShouldBe(kept);
        (await deliveries.SucceededAsync("vendor", Target, Token)).ShouldBe(kept);
        (await deliveries.SucceededAsync("vendor", "elsewhere", Token)).ShouldBeNull();
        (await deliveries.SucceededAsync("other", null, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task One_that_did_not_succeed_is_tried_again_under_its_number_and_the_next_has_another()
    {
        var deliveries = (await bed.NewDistrictAsync()).Deliveries;
        await deliveries.BeginAsync("vendor", new DeliveryStart("Publication", Target, 1, null), Publishing.Noon, Token);
        await deliveries.EndAsync(1, new DeliveryEnd(DeliveryState.Failed, Failure: "The server is down."), Publishing.Noon.AddSeconds(1), Token);
        (await deliveries.GetAsync(1, Token))!.Failure.ShouldBe("The server is down.");

        // Another app's is another matter.
        (await deliveries.BeginAsync("other", new DeliveryStart("ada", "x", 2, 1), Publishing.Noon, Token)).Number.ShouldBe(2);

        // Then its program dies, and the roster moves on.
        var second = await deliveries.BeginAsync("vendor", new DeliveryStart("Publication", Target, 1, null), Publishing.Noon.AddMinutes(1), Token);
        (second.Number, second.Attempts, second.State, second.Failure).ShouldBe((1, 2, DeliveryState.Working, "The server is down."));
        var third = await deliveries.BeginAsync("vendor", new DeliveryStart("bo", Target, 2, 1), Publishing.Noon.AddMinutes(2), Token);
        (third.Number, third.Attempts, third.Start).ShouldBe((1, 3, new DeliveryStart("bo", Target, 2, 1)));
        (third.StartedAt, third.TriedAt).ShouldBe((Publishing.Noon, Publishing.Noon.AddMinutes(2)));
        await deliveries.EndAsync(1, new DeliveryEnd(DeliveryState.Unchanged), Publishing.Noon.AddMinutes(2), Token);
        (await deliveries.GetAsync(1, Token))!.Failure.ShouldBeNull();

        (await deliveries.BeginAsync("vendor", new DeliveryStart("bo", Target, 3, 2), Publishing.Noon, Token)).Number.ShouldBe(3);
        (await deliveries.ListAsync("vendor", null, 10, Token)).Select(delivery => delivery.Number).ShouldBe([3, 1]);
        (await deliveries.ListAsync("vendor", 3, 10, Token)).Select(delivery => delivery.Number).ShouldBe([1]);
        (await deliveries.ListAsync("vendor", null, 1, Token)).Select(delivery => delivery.Number).ShouldBe([3]);
        (await deliveries.SucceededAsync("vendor", null, Token))!.Number.ShouldBe(1);

        await deliveries.RemoveAsync("vendor", Token);
        (await deliveries.ListAsync("vendor", null, 10, Token)).ShouldBeEmpty();
        (await deliveries.ListAsync("other", null, 10, Token)).ShouldHaveSingleItem();
    }
}
