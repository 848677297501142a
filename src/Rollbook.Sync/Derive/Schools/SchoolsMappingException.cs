namespace Rollbook.Sync.Derive.Schools;

/// <summary>Schools Mapping can't be carried out as it is. The message says which school it is about and what to do.</summary>
public sealed class SchoolsMappingException(string message) : Exception(message);
