using System.Globalization;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Setup.Schools;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Setup.Schools;

/// <summary>What a button of Schools Mapping does: <c>auto</c>, <c>map-shown</c>, <c>leave-shown</c>, <c>delete:SOURCE</c>, <c>refresh</c>, <c>show:FILTER:PAGE</c>, …</summary>
/// <param name="Word">Its first word.</param>
/// <param name="Rest">What it is about.</param>
internal sealed record SchoolAct(string Word, string Rest)
{
    /// <summary>Whether one stays on the step.</summary>
    internal bool Stays => Word is "auto" or "match" or "map-shown" or "leave-shown" or "delete" or "refresh" or "show" or "survey";

    internal static SchoolAct Of(string go)
    {
        var colon = go.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new SchoolAct(go, "") : new SchoolAct(go[..colon], go[(colon + 1)..]);
    }

    /// <summary>Does to the mapping what it does, and says so.</summary>
    internal string Apply(SchoolEdits changes, SchoolBook book, SchoolView view)
    {
        switch (Word)
        {
            case "auto":
                return $"Auto Mapping turned {Wording.Count(changes.MapAll(), "school", "schools")} on.";
            case "match":
                return changes.MatchExisting() is > 0 and var matched
                    ? $"{Wording.Count(matched, "school is", "schools are")} existing ones, by code or name. Look at them before you save."
                    : "No new school of the source has the code or the name of an existing one that the source has no longer.";
            case "map-shown":
                return $"{Wording.Count(changes.MapAll(book.Show(view.Filter, view.Search).ToList()), "school", "schools")} turned on.";
            case "leave-shown":
                changes.LeaveOut(book.Show(view.Filter, view.Search).ToList());
                return "";
            case "delete":
                changes.Delete(Rest);
                return "";
            case "refresh":
                return Rest.Length == 0 ? "All schools' own attributes are taken again." : "The school's own attributes are taken again.";
            default:
                return "";
        }
    }

    /// <summary>Asks for schools' own attributes again where that is what it does.</summary>
    internal SchoolsMapping Refresh(SchoolsMapping mapping, int taken) =>
        Word is not "refresh" ? mapping
        : Rest.Length == 0 ? mapping.Refresh(taken)
        : mapping.Refresh(Rest, taken);

    /// <summary>The part that is shown afterwards.</summary>
    internal SchoolView Turn(SchoolView view, string search)
    {
        if (Word is not "show")
        {
            return view;
        }

        if (Rest.Length == 0)
        {
            return view with { Search = search, Page = 1 };
        }

        var colon = Rest.LastIndexOf(':');
        var page = int.TryParse(Rest.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Max(1, number) : 1;
        return view with { Filter = SchoolView.FilterOf(Rest[..Math.Max(0, colon)]), Page = page };
    }
}
