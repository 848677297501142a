using Rollbook.Simulator;
using Rollbook.Sync.Runs;

namespace Rollbook.Host.Tests.Imports;

/// <summary>
/// Under every fault: either the right roster or a failed run that says why, and never a deletion that the source did not mean
/// (sync-safety.md section 8, number 4).
/// </summary>
public sealed class FaultTests
{
    private static readonly Dictionary<string, Func<FaultSwitches, FaultSwitches>> Faults = new(StringComparer.Ordinal)
    {
        ["401 in mid-run"] = faults => faults with { RevokeTokenAfterPages = 3 },
        ["429 with Retry-After"] = faults => faults with { Breakage = Breakage.TooManyRequests, RetryAfterSeconds = 0, SkipPages = 2, Times = 2 },
        ["429 without Retry-After"] = faults => faults with { Breakage = Breakage.TooManyRequests, SkipPages = 2, Times = 2 },
        ["429 for ever"] = faults => faults with { Breakage = Breakage.TooManyRequests, SkipPages = 4 },
        ["502 on large pages"] = faults => faults with { GatewayErrorAbove = 60 },
        ["504 on large pages"] = faults => faults with { GatewayErrorAbove = 100, GatewayStatus = 504 },
        ["500 twice"] = faults => faults with { Breakage = Breakage.ServerError, SkipPages = 5, Times = 2 },
        ["500 for ever on enrollments"] = faults => faults with { Breakage = Breakage.ServerError, Only = "enrollments" },
        ["truncated body once"] = faults => faults with { Breakage = Breakage.TruncatedBody, AtByte = 700, SkipPages = 4, Times = 1 },
        ["truncated body for ever"] = faults => faults with { Breakage = Breakage.TruncatedBody, AtByte = 900, SkipPages = 4 },
        ["reset once"] = faults => faults with { Breakage = Breakage.ConnectionReset, AtByte = 500, SkipPages = 4, Times = 1 },
        ["reset for ever"] = faults => faults with { Breakage = Breakage.ConnectionReset, AtByte = 500, Only = "users" },
        ["HTML instead of JSON"] = faults => faults with { Breakage = Breakage.HtmlPage, SkipPages = 3 },
        ["maintenance page"] = faults => faults with { Breakage = Breakage.Maintenance, SkipPages = 6 },
        ["error with status 200"] = faults => faults with { Breakage = Breakage.ErrorWithOk, SkipPages = 5 },
        ["silently capped limit"] = faults => faults with { PageCap = 37 },
        ["no total"] = faults => faults with { Total = TotalStyle.Missing },
        ["total too high"] = faults => faults with { Total = TotalStyle.TooHigh },
        ["total too low"] = faults => faults with { Total = TotalStyle.TooLow },
        ["no Link"] = faults => faults with { Link = LinkStyle.Missing },
        ["Link always says next"] = faults => faults with { Link = LinkStyle.AlwaysNext },
        ["Link to an inner host"] = faults => faults with { Link = LinkStyle.InternalHost },
        ["wrong Link"] = faults => faults with { Link = LinkStyle.Wrong },
        ["unstable order"] = faults => faults with { UnstableOrder = UnstableOrder.Always },
        ["unstable order, no total"] = faults => faults with { UnstableOrder = UnstableOrder.Always, Total = TotalStyle.Missing },
        ["last page repeated"] = faults => faults with { BeyondEnd = BeyondEnd.RepeatLastPage },
        ["404 beyond the end"] = faults => faults with { BeyondEnd = BeyondEnd.NotFound },
        ["500 beyond the end"] = faults => faults with { BeyondEnd = BeyondEnd.ServerError },
        ["sort refused"] = faults => faults with { Sort = ParameterSupport.Refused },
        ["filter refused"] = faults => faults with { Filter = ParameterSupport.Refused },
        ["demographics forbidden"] = faults =>
            faults with
            {
                MissingEndpoints = new Dictionary<string, int>(StringComparer.Ordinal) { ["demographics"] = 403 },
            },
        ["orgs missing"] = faults => faults with { MissingEndpoints = new Dictionary<string, int>(StringComparer.Ordinal) { ["orgs"] = 404 } },
        ["users missing"] = faults => faults with { MissingEndpoints = new Dictionary<string, int>(StringComparer.Ordinal) { ["users"] = 404 } },
        ["other wrapper keys"] = faults => faults with { AlternateKeys = true },
        ["JSON booleans"] = faults => faults with { Booleans = BooleanStyle.Json },
        ["numeric booleans"] = faults => faults with { Booleans = BooleanStyle.Number },
        ["empty lists as null"] = faults => faults with { Lists = ListStyle.NullWhenEmpty },
        ["single items without a list"] = faults => faults with { Lists = ListStyle.TextWhenSingle },
        ["comma-joined lists"] = faults => faults with { Lists = ListStyle.CommaJoined },
        ["dates with a time"] = faults => faults with { Dates = DateStyle.Midnight },
        ["tokens of two seconds"] = faults => faults with { TokenLifetimeSeconds = 2 },
        ["wrong secret"] = faults => faults with { Token = TokenFault.InvalidClient, RevokeTokenAfterPages = 1 },
        ["licence refused"] = faults => faults with { LicenceRefused = true },
        ["missing scope"] = faults => faults with { MissingScope = true },
    };

    /// <summary>Endpoints that have to be derived from others, which gives a part of the collection: what comes is taken, nothing is removed, and it is said.</summary>
    private static readonly string[] Partial = ["orgs missing", "users missing"];

    public static TheoryData<string> Names() => new(Faults.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task After_a_clean_import_nothing_goes_that_the_source_did_not_remove(string fault)
    {
        await using var bed = await ImportBed.StartAsync(Engine.Sqlite);
        (await bed.ImportAsync()).State.ShouldBe("published");
        var before = await bed.RosterAsync();
        bed.Sis.Scenarios.Withdrawal();
        bed.Sis.Scenarios.NameChange();
        var truth = await bed.AfreshAsync();

        bed.Sis.Faults = Faults[fault](bed.Sis.Faults);
        var run = await bed.ImportAsync();

        var after = await bed.RosterAsync();
        var failure = RunReport.FromJson(run.Report).Failure;
        if (Partial.Contains(fault, StringComparer.Ordinal) && run.State is not "failed")
        {
            truth.Keys.Except(after.Keys).ShouldBeEmpty(fault);
            RunReport.FromJson(run.Report).Notices.ShouldNotBeEmpty();
        }
        else if (run.State is "published")
        {
            after.Keys.Except(truth.Keys).ShouldBeEmpty(fault);
            truth.Keys.Except(after.Keys).ShouldBeEmpty(fault);
        }
        else
        {
            run.State.ShouldBe("failed");
            failure!.Message.ShouldNotBeNullOrWhiteSpace();
            failure.Message.ShouldNotContain(bed.Sis.ClientSecret);
            failure.Part.ShouldNotBe("program", failure.Message);
            after.ShouldBe(before, ignoreOrder: true);
        }

        TestContext.Current.SendDiagnosticMessage($"{fault}: {run.State} {failure?.Message}");
        bed.Sis.Faults = FaultSwitches.For(Profile.SynergyLike);
        (await bed.ImportAsync()).State.ShouldBeOneOf("published", "unchanged");
        (await bed.RosterAsync()).ShouldBe(truth, ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_first_import_gives_the_right_roster_or_fails_and_says_why(string fault)
    {
        await using var bed = await ImportBed.StartAsync(Engine.Sqlite);
        var truth = await bed.AfreshAsync();
        bed.Sis.Faults = Faults[fault](bed.Sis.Faults);

        var run = await bed.ImportAsync();

        if (Partial.Contains(fault, StringComparer.Ordinal) && run.State is not "failed")
        {
            (await bed.RosterAsync()).Keys.Except(truth.Keys).ShouldBeEmpty();
            RunReport.FromJson(run.Report).Notices.ShouldNotBeEmpty();
        }
        else if (run.State is "published")
        {
            (await bed.RosterAsync()).Keys.ShouldBe(truth.Keys, ignoreOrder: true);
        }
        else
        {
            run.State.ShouldBe("failed");
            RunReport.FromJson(run.Report).Failure!.Message.ShouldNotBeNullOrWhiteSpace();
            (await bed.RosterAsync()).ShouldBeEmpty();
        }
    }
}
