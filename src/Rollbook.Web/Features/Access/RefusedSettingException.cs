namespace Rollbook.Web.Features.Access;

/// <summary>A setting of the operator's can't be right; the message says which, and what to set it to. Nothing starts with it.</summary>
public sealed class RefusedSettingException(string message) : Exception(message);
