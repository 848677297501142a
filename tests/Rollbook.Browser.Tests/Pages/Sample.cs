using Rollbook.Browser.Tests.Site;
using Rollbook.Model;

namespace Rollbook.Browser.Tests.Pages;

/// <summary>Known records of the sample district.</summary>
internal static class Sample
{
    private static readonly SampleRows Rows = new(ConsoleSite.District);

    internal static RollbookId Student(int i) => Rows.Id(Family.Person, $"s{i:00000}");

    internal static RollbookId Class(int i) => Rows.Id(Family.Class, $"class-{i}");

    internal static RollbookId School(int i) => Rows.Id(Family.Org, $"school-{i}");
}
