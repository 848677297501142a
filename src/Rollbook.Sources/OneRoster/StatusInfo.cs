using System.Text.Json;

namespace Rollbook.Sources.OneRoster;

/// <summary>The status a OneRoster answer may carry beside or instead of records, in any of the shapes of synergy-oneroster.md section 2.5.</summary>
internal struct StatusInfo
{
    private bool failed;

    /// <summary>The minor code in small letters without anything else: <c>invalidsortfield</c>; null when there is none.</summary>
    public string? Minor { get; private set; }

    /// <summary>Whether the property the reader stands on carries a status.</summary>
    public static bool IsCarrier(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("statusInfoSet"u8)
        || reader.ValueTextEquals("errors"u8)
        || reader.ValueTextEquals("error"u8)
        || (reader.ValueSpan.Length > 5 && reader.ValueSpan[..5].SequenceEqual("imsx_"u8));

    /// <summary>Reads the property the reader stands on, and whatever is in it.</summary>
    public void Read(ref Utf8JsonReader reader)
    {
        var name = reader.GetString()!;
        var holdsErrors = name is "errors" or "error";
        reader.Read();
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            failed |= name is "error" && reader.TokenType is not (JsonTokenType.Null or JsonTokenType.False);
            Note(name, ref reader);
            return;
        }

        for (var depth = reader.CurrentDepth; reader.Read() && reader.CurrentDepth > depth; )
        {
            failed |= holdsErrors;
            if (reader.TokenType is JsonTokenType.PropertyName)
            {
                name = reader.GetString()!;
            }
            else
            {
                Note(name, ref reader);
            }
        }
    }

    /// <summary>Lets anything but a failure pass.</summary>
    /// <exception cref="RequestFailure">The answer is a failure whatever its HTTP status.</exception>
    public readonly void ThrowIfFailure()
    {
        if (failed)
        {
            throw Page.Refused(Minor);
        }
    }

    private void Note(string name, ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not JsonTokenType.String)
        {
            return;
        }

        var value = reader.GetString()!;
        if (name.Equals("imsx_codeMajor", StringComparison.OrdinalIgnoreCase))
        {
            failed |= value.Equals("failure", StringComparison.OrdinalIgnoreCase) || value.Equals("unsupported", StringComparison.OrdinalIgnoreCase);
        }
        else if (
            name.StartsWith("imsx_codeMinor", StringComparison.OrdinalIgnoreCase)
            && !name.Equals("imsx_codeMinorFieldName", StringComparison.OrdinalIgnoreCase)
        )
        {
            // Written with blanks, underscores or neither (section 2.5).
            Minor = string.Concat(value.Where(char.IsAsciiLetter)).ToLowerInvariant();
        }
    }
}
