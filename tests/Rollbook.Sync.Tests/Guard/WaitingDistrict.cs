using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Tests.Derive;

namespace Rollbook.Sync.Tests.Guard;

/// <summary>What tests ask of a district in which changes wait, and do to them.</summary>
internal static class WaitingDistrict
{
    internal static async Task ChooseAsync(TestDistrict district, RunRecord run, params PartChoice[] choices) =>
        (await district.Imports.ChooseAsync(TestDistrict.Id, run.Number, null, choices, default)).ShouldBeNull();

    internal static async Task<RollbookId> SchoolAsync(TestDistrict district, string name) =>
        (await district.RecordsAsync())
            .Single(record => record.Key.Kind == Kind.School && record.Value["name"] is string found && found == name)
            .Key.Id;

    internal static async Task<IReadOnlyList<string>> NamesAsync(TestDistrict district) =>
        [.. (await district.RecordsAsync()).Where(record => record.Key.Kind == Kind.Student).Select(record => record.Value.SisId!)];
}
