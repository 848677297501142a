namespace Rollbook.Sources.ActiveDirectory.Ldap;

/// <summary>How an LDAP operation ended (RFC 4511, section 4.1.9).</summary>
/// <param name="Code">Its number.</param>
/// <param name="Diagnostic">What the server said of it; may name accounts, so it is never shown.</param>
internal sealed record LdapResult(int Code, string Diagnostic)
{
    public const int Success = 0;
    public const int TimeLimitExceeded = 3;
    public const int SizeLimitExceeded = 4;
    public const int StrongerAuthRequired = 8;
    public const int Referral = 10;
    public const int AdminLimitExceeded = 11;
    public const int UnavailableCriticalExtension = 12;
    public const int ConfidentialityRequired = 13;
    public const int NoSuchObject = 32;
    public const int InvalidDnSyntax = 34;
    public const int InappropriateAuthentication = 48;
    public const int InvalidCredentials = 49;
    public const int InsufficientAccessRights = 50;
    public const int Busy = 51;
    public const int Unavailable = 52;
    public const int UnwillingToPerform = 53;

    /// <summary>Nothing of what the server said.</summary>
    public override string ToString() => $"{nameof(LdapResult)} {Code}";
}
