namespace Rollbook.Storage;

/// <summary>A database was last used by a newer program, so this one leaves it alone.</summary>
public sealed class NewerSchemaException(string message) : Exception(message);
