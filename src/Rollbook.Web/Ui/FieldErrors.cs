namespace Rollbook.Web.Ui;

/// <summary>What is wrong with a posted form: a message for each field, in the order of the form.</summary>
public sealed class FieldErrors
{
    private readonly List<KeyValuePair<string, string>> list = [];

    /// <summary>Whether anything is wrong.</summary>
    public bool Any => list.Count > 0;

    /// <summary>The messages, by the field's name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> List => list;

    /// <summary>The first message of a field, or null.</summary>
    public string? Of(string field) => list.Find(error => string.Equals(error.Key, field, StringComparison.Ordinal)).Value;

    /// <summary>Adds a message.</summary>
    public FieldErrors Add(string field, string message)
    {
        list.Add(new(field, message));
        return this;
    }

    /// <summary>Adds the message when the condition does not hold.</summary>
    public FieldErrors Need(bool condition, string field, string message) => condition ? this : Add(field, message);
}
