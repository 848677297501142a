using System.Text.Json;

namespace Rollbook.Simulator.Rest;

/// <summary>What a reference points to: the kind, the collection its <c>href</c> goes through, and its <c>type</c>.</summary>
internal sealed record ReferenceTarget(Kind Kind, string Path, string Type)
{
    public static ReferenceTarget Org { get; } = new(Kind.Orgs, "orgs", "org");

    public static ReferenceTarget Session { get; } = new(Kind.AcademicSessions, "academicSessions", "academicSession");

    public static ReferenceTarget Term { get; } = new(Kind.AcademicSessions, "academicSessions", "term");

    public static ReferenceTarget Course { get; } = new(Kind.Courses, "courses", "course");

    public static ReferenceTarget Class { get; } = new(Kind.Classes, "classes", "class");

    public static ReferenceTarget User { get; } = new(Kind.Users, "users", "user");

    public JsonEncodedText EncodedType { get; } = JsonEncodedText.Encode(Type);

    /// <summary>A number of its own, to look up the target's encoded <c>href</c> beginning.</summary>
    public int Slot { get; } = Array.IndexOf(["orgs", "academicSessions", "courses", "classes", "users"], Path);
}
