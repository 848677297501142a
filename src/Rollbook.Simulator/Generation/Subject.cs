namespace Rollbook.Simulator.Generation;

/// <summary>A subject a school teaches, with its course-code letters and a five-digit SCED course code.</summary>
internal sealed record Subject(string Name, string Letters, string Sced)
{
    private static readonly Subject[] Elementary =
    [
        new("Homeroom", "HMR", "22106"),
        new("Reading", "RDG", "51037"),
        new("Mathematics", "MTH", "52037"),
        new("Science", "SCI", "53237"),
        new("Social Studies", "SOC", "54437"),
        new("Visual Arts", "ART", "55130"),
        new("Music", "MUS", "55137"),
        new("Physical Education", "PHE", "58037"),
        new("Library", "LIB", "51999"),
        new("Computing", "CMP", "60049"),
        new("World Languages", "LNG", "56997"),
        new("Health", "HEA", "58051"),
    ];

    private static readonly Subject[] Secondary =
    [
        new("English", "ENG", "01001"),
        new("Mathematics", "MTH", "02056"),
        new("Science", "SCI", "03051"),
        new("History", "HIS", "04101"),
        new("Spanish", "SPA", "06101"),
        new("Physical Education", "PHE", "08001"),
        new("Studio Art", "ART", "05154"),
        new("Band", "BND", "05102"),
        new("Computer Science", "CSC", "10011"),
        new("Health", "HEA", "08051"),
        new("Theatre", "THE", "05052"),
        new("Advisory", "ADV", "22106"),
    ];

    public static IReadOnlyList<Subject> All { get; } = [.. Elementary, .. Secondary];

    /// <summary>The place in <see cref="All"/> of what a grade is taught in its n-th slot of the day.</summary>
    public static byte ForSlot(bool elementary, int slot) =>
        (byte)((elementary ? 0 : Elementary.Length) + (slot % (elementary ? Elementary.Length : Secondary.Length)));
}
