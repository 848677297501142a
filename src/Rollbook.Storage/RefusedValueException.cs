namespace Rollbook.Storage;

/// <summary>A value that someone gave (a cursor, a filter, a district's ID, a text that no database can hold) is refused; the message is for that person.</summary>
public sealed class RefusedValueException(string message) : ArgumentException(message);
