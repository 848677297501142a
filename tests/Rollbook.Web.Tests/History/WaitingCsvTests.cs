using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Rollbook.Storage.Installation;
using Rollbook.Sync.Runs;
using Rollbook.Web.Tests.Site;

namespace Rollbook.Web.Tests.History;

/// <summary>A long list of the roster as it would be after a run that waits, as CSV.</summary>
public sealed class WaitingCsvTests(WaitingCsvTests.CountedBed bed) : ReviewedDistrict(bed), IClassFixture<WaitingCsvTests.CountedBed>
{
    /// <inheritdoc/>
    protected override int Students => 500;

    [Fact]
    public async Task Asks_at_the_beginning_and_at_the_end_whether_the_run_still_waits_with_the_same_and_not_for_each_page()
    {
        var run = await ImportAsync("waiting");
        using var admin = await Bed.SignInAsync(District, Role.DistrictAdmin);
        var before = CountedBed.Asked;
        var csv = await admin.GetAsync($"{Home}/data/enrollment.csv?waiting={run}");
        csv.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length.ShouldBeGreaterThan(2_001);
        (CountedBed.Asked - before).ShouldBe(2);
    }

    /// <summary>A console that counts how often it is asked what is shown of a run.</summary>
    public sealed class CountedBed : ConsoleBed
    {
        internal static int Asked => CountedImports.Asked;

        /// <inheritdoc/>
        protected override Task ReplaceStorageAsync(IServiceCollection services, string data)
        {
            services.AddSingleton(provider => CountedImports.Of(provider.GetRequiredService<Imports>()));
            return Task.CompletedTask;
        }
    }

    /// <summary>The imports themselves, and a count.</summary>
    private class CountedImports : DispatchProxy
    {
        private static int asked;

        private IImports imports = null!;

        internal static int Asked => asked;

        internal static IImports Of(IImports imports)
        {
            var counted = Create<IImports, CountedImports>();
            ((CountedImports)counted).imports = imports;
            return counted;
        }

        /// <inheritdoc/>
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name == nameof(IImports.ShownAsync))
            {
                Interlocked.Increment(ref asked);
            }

            return targetMethod.Invoke(imports, args);
        }
    }
}
