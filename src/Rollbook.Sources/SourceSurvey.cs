using Rollbook.Model;

namespace Rollbook.Sources;

/// <summary>What a source has, before anything is imported: enough to decide which schools and attributes to map.</summary>
/// <param name="Orgs">All its organisations.</param>
/// <param name="Collections">What can be read, with samples.</param>
public sealed record SourceSurvey(IReadOnlyList<SurveyedOrg> Orgs, IReadOnlyList<SurveyedCollection> Collections);

/// <summary>An organisation of the source.</summary>
/// <param name="Org">The organisation.</param>
/// <param name="Students">How many students the source says it has; null when it does not say.</param>
/// <param name="Staff">How many teachers the source says it has; null when it does not say.</param>
public sealed record SurveyedOrg(RawOrg Org, long? Students, long? Staff);

/// <summary>A collection of the source.</summary>
/// <param name="Collection">The collection.</param>
/// <param name="Total">How many records the source says it has; null when unknown.</param>
/// <param name="Attributes">Names of the attributes met in the samples, nested ones dotted (<c>metadata.counselor</c>), in ordinal order.</param>
/// <param name="Samples">Some raw records, each a JSON object; of users, some of each role. They hold personal data.</param>
public sealed record SurveyedCollection(Collection Collection, long? Total, IReadOnlyList<string> Attributes, IReadOnlyList<string> Samples)
{
    /// <summary>Nothing of the samples.</summary>
    public override string ToString() => $"{Collection}: {Samples.Count} samples";
}
