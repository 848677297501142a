using System.Text.Json;

namespace Rollbook.Simulator.Rest;

/// <summary>A OneRoster status: the HTTP status, the IMS severity and code, and a sentence (chapter 3.6).</summary>
internal sealed record StatusInfo(int Http, string Severity, string CodeMinor, string Description)
{
    public static StatusInfo InvalidSort(string field) =>
        new(200, "warning", "invalid_sort_field", $"There is no field '{field}' to sort by; the default order was used.");

    public static StatusInfo InvalidSelection(string field) =>
        new(200, "warning", "invalid_selection_field", $"There is no field '{field}'; full records were returned.");

    public static StatusInfo BlankSelection() => new(400, "error", "invalid_blank_selection_field", "The parameter 'fields' is empty.");

    public static StatusInfo InvalidFilter(string filter) =>
        new(400, "error", "invalid_filter_field", $"The filter \"{filter}\" can't be read, or names a field these records don't have.");

    public static StatusInfo InvalidData(string description) => new(400, "error", "invalid data", description);

    public static StatusInfo Unauthorized(string description) => new(401, "error", "unauthorized", description);

    public static StatusInfo Forbidden(string description) => new(403, "error", "forbidden", description);

    public static StatusInfo UnknownObject(string what) => new(404, "error", "unknown object", $"There is no {what}.");

    public static StatusInfo Busy() => new(429, "error", "server_busy", "Too many requests; try again later.");

    public static StatusInfo Failure(int http, string description) => new(http, "error", string.Empty, description);

    /// <summary>As OneRoster 1.2 has it: codes as named fields, in words of its own.</summary>
    public void WriteFields(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("imsx_codeMajor", "failure");
        json.WriteString("imsx_severity", Severity);
        json.WriteString("imsx_description", Description);
        json.WriteStartObject("imsx_CodeMinor");
        json.WriteStartArray("imsx_codeMinorField");
        json.WriteStartObject();
        json.WriteString("imsx_codeMinorFieldName", "TargetEndSystem");
        json.WriteString(
            "imsx_codeMinorFieldValue",
            CodeMinor switch
            {
                "invalid_blank_selection_field" => "invalid_selection_field",
                "invalid data" => "invaliddata",
                "unauthorized" => "unauthorisedrequest",
                "unknown object" => "unknownobject",
                "" => "internal_server_error",
                _ => CodeMinor,
            }
        );
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("imsx_codeMajor", Http == 200 ? "success" : "failure");
        json.WriteString("imsx_severity", Severity);
        if (CodeMinor.Length > 0)
        {
            json.WriteString("imsx_codeMinor", CodeMinor);
        }

        json.WriteString("imsx_description", Description);
        json.WriteEndObject();
    }
}
