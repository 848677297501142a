using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rollbook.Host.Schedule;
using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Sync.Runs;

namespace Rollbook.Host.Tests.Schedule;

/// <summary>A program that runs the schedule: the real scheduler on the real database, with imports that are only written down.</summary>
internal sealed class ScheduledNode : IAsyncDisposable
{
    private readonly IHost host;

    private ScheduledNode(IHost host, WrittenImports imports, Said said) => (this.host, Imports, Log) = (host, imports, said);

    internal WrittenImports Imports { get; }

    internal Said Log { get; }

    internal static async Task<ScheduledNode> StartAsync(string folder, string? postgres, TimeProvider time, int importsAtATime)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        var said = new Said();
        builder.Logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None).AddProvider(said);
        builder.Services.AddSingleton(time);
        builder.Services.AddRollbookStorage(folder, postgres);
        builder.Services.AddSingleton<WrittenImports>();
        builder.Services.AddSingleton<IImports>(provider => provider.GetRequiredService<WrittenImports>());
        builder.Services.AddRollbookSchedule(SchedulerDatabase.Of(folder, postgres), new ScheduleOptions(TimeSpan.FromSeconds(1), importsAtATime));
        var program = builder.Build();
        await program.StartAsync();
        return new ScheduledNode(program, program.Services.GetRequiredService<WrittenImports>(), said);
    }

    internal Task StopAsync() => host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
    }
}
