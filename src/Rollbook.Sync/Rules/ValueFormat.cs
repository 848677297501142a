using System.Net.Mail;
using Rollbook.Model;
using Rollbook.Sync.Map;

namespace Rollbook.Sync.Rules;

/// <summary>
/// What makes a text valid beyond being there: the form of an e-mail address, the codes of grades, the words of OneRoster's enumerations. A value that
/// is not stays in the roster as it is unless the district decides otherwise.
/// </summary>
/// <param name="Expected">What was expected, for people.</param>
/// <param name="IsValid">Whether a text (of a list: one of its texts) is valid.</param>
internal sealed record ValueFormat(string Expected, Func<string, bool> IsValid)
{
    // The grade codes of CEDS, to which OneRoster refers.
    private static readonly ValueFormat Grade = OneOf([
        "IT",
        "PR",
        "PK",
        "TK",
        "KG",
        .. Enumerable.Range(1, 13).Select(grade => grade.ToString("00", System.Globalization.CultureInfo.InvariantCulture)),
        "PS",
        "UG",
        "AE",
        "Other",
    ]);

    private static readonly ValueFormat Email = new("an e-mail address", IsEmail);
    private static readonly ValueFormat Year = new("a year of four digits", text => text.Length == 4 && text.All(char.IsAsciiDigit));
    private static readonly ValueFormat Sex = OneOf(["female", "male", "other", "unspecified"]);
    private static readonly ValueFormat OrgType = OneOf(["department", "school", "district", "local", "state", "national"]);
    private static readonly ValueFormat SessionType = OneOf(["gradingPeriod", "semester", "schoolYear", "term"]);
    private static readonly ValueFormat ClassType = OneOf(["homeroom", "scheduled"]);
    private static readonly ValueFormat EnrollmentRole = OneOf(["student", "teacher", "aide", "proctor", "administrator"]);
    private static readonly ValueFormat PersonRole = new("a role of OneRoster", text => DefaultMapping.KindOfRole(text) is not null);

    /// <summary>The form of an attribute's text; null when any text will do.</summary>
    internal static ValueFormat? Of(Kind kind, string attribute) =>
        (kind, attribute) switch
        {
            (_, "email") => Email,
            (_, "grades") => Grade,
            (_, "schoolYear") => Year,
            (_, "sex") => Sex,
            (Kind.School, "type") => OrgType,
            (Kind.Calendar, "type") => SessionType,
            (_, "classType") => ClassType,
            (Kind.Enrollment, "role") => EnrollmentRole,
            (_, "role") => PersonRole,
            _ => null,
        };

    // OneRoster 1.2 lets every enumeration be extended with words that begin so.
    private static ValueFormat OneOf(string[] words) =>
        new(
            "one of " + string.Join(", ", words),
            text =>
                words.Contains(text, StringComparer.OrdinalIgnoreCase)
                || (text.StartsWith("ext:", StringComparison.OrdinalIgnoreCase) && text.Length > 4)
        );

    private static bool IsEmail(string text) =>
        text.Length <= 254
        && !text.Contains(' ', StringComparison.Ordinal)
        && MailAddress.TryCreate(text, out var address)
        && string.Equals(address.Address, text, StringComparison.Ordinal)
        && address.Host.Trim('.').Length == address.Host.Length;
}
