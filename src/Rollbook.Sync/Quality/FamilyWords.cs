using Rollbook.Model;

namespace Rollbook.Sync.Quality;

/// <summary>What a reference of a family leads to, in a word.</summary>
public static class FamilyWords
{
    /// <summary>The word.</summary>
    public static string Of(Family family) =>
        family switch
        {
            Family.Org => "school",
            Family.AcademicSession => "calendar",
            _ => family.ToString().ToLowerInvariant(),
        };
}
