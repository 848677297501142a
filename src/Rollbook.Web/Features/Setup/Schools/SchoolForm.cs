using System.Globalization;
using Microsoft.AspNetCore.Http;
using Rollbook.Sync.Setup.Schools;

namespace Rollbook.Web.Features.Setup.Schools;

/// <summary>The rows of the page as they are posted: for row 3 <c>row</c> has the school's sourcedId, and <c>create-3</c>, <c>name-3</c>, <c>part-3</c> what is wanted.</summary>
internal static class SchoolForm
{
    internal static IEnumerable<SchoolEdit> Read(IFormCollection form)
    {
        var rows = form["row"];
        for (var i = 0; i < rows.Count; i++)
        {
            var number = i.ToString(CultureInfo.InvariantCulture);
            yield return new SchoolEdit(
                rows[i] ?? "",
                form["create-" + number] == "on",
                form["name-" + number].ToString(),
                form["part-" + number].ToString()
            );
        }
    }

    /// <summary>Identifies what a person was told would be removed.</summary>
    internal static string KeyOf(IEnumerable<SchoolEntry> schools) =>
        string.Join(' ', schools.Select(school => school.Id.ToString()).Order(StringComparer.Ordinal));
}
