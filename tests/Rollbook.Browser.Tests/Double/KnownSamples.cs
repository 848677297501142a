using System.Text;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Samples;

namespace Rollbook.Browser.Tests.Double;

/// <summary>Six students of every source, as if of its last upload; of the other kinds nothing is known.</summary>
public sealed class KnownSamples : ISampleRecords
{
    private static readonly string[] Names = ["Amara.Okafor", "Bo.Lindqvist", "Chidi.Anagonye", "Đỗ.An", "Eve.OHara-Aberg", "Fay.Stone"];

    /// <inheritdoc/>
    public Task<KindSamples> ReadAsync(IDistrictStore store, string app, Kind kind, CancellationToken cancellationToken) =>
        Task.FromResult(
            kind == Kind.Student
                ? new KindSamples(
                    [.. Names.Select(Record)],
                    ["email", "grades", "metadata.counselor", "metadata.entryDate", "userIds.stateID", "username"],
                    SampleOrigin.LastUpload
                )
                : KindSamples.None
        );

    private static SampleRecord Record(string name, int number) =>
        new(
            Encoding.UTF8.GetBytes(
                $$"""
                {
                  "sourcedId": "s{{number}}", "role": "student", "username": "{{name}}", "grades": ["{{(number % 2 == 0 ? "K" : "07")}}"],
                  "userIds": [{ "type": "stateID", "identifier": "47{{number}}" }],
                  "metadata": { "counselor": "Counselor {{number}}", "entryDate": "{{(number == 5 ? "soon" : $"2026-08-1{number}")}}" }
                }
                """
            ),
            Encoding.UTF8.GetBytes($$"""{ "sourcedId": "s{{number}}", "sex": "{{(number % 2 == 0 ? "female" : "male")}}" }""")
        );
}
