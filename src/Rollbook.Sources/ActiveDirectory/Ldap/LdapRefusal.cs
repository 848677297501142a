namespace Rollbook.Sources.ActiveDirectory.Ldap;

/// <summary>Says in the person's words why a directory refused.</summary>
internal static class LdapRefusal
{
    /// <summary>Of a sign-in.</summary>
    public static SourceException OfBind(LdapResult result) =>
        result.Code switch
        {
            LdapResult.InvalidCredentials => new SourceException(
                SourceFailure.Configuration,
                CheckPart.Credentials,
                $"The directory refused the sign-in: {WhyNot(result.Diagnostic)}."
            ),
            LdapResult.StrongerAuthRequired or LdapResult.ConfidentialityRequired => new SourceException(
                SourceFailure.Configuration,
                CheckPart.Certificate,
                "The directory takes passwords only over a secure connection. Set Security to ldaps or starttls."
            ),
            LdapResult.InappropriateAuthentication or LdapResult.InvalidDnSyntax or LdapResult.NoSuchObject or LdapResult.UnwillingToPerform =>
                new SourceException(
                    SourceFailure.Configuration,
                    CheckPart.Credentials,
                    $"The directory does not take this Bind DN (LDAP result {result.Code})."
                ),
            _ => Other(result, "the sign-in"),
        };

    /// <summary>Of a search.</summary>
    public static SourceException OfSearch(LdapResult result) =>
        result.Code switch
        {
            LdapResult.SizeLimitExceeded or LdapResult.AdminLimitExceeded => new SourceException(
                SourceFailure.Configuration,
                CheckPart.Roster,
                "The directory stopped before the end: its limit of entries for this account is reached. Nothing was deleted. Have the limit lifted for the account (on OpenLDAP: limits … size.prtotal=unlimited), or narrow Base DNs and Filter."
            ),
            LdapResult.TimeLimitExceeded => new SourceException(
                SourceFailure.Transient,
                CheckPart.Roster,
                "The directory stopped before the end: its time limit is reached. Nothing was deleted; the next run tries again. If it stays so, narrow Base DNs and Filter."
            ),
            LdapResult.UnavailableCriticalExtension => new SourceException(
                SourceFailure.Configuration,
                CheckPart.Roster,
                "The directory gives no paged results (RFC 2696), which Rollbook needs."
            ),
            LdapResult.NoSuchObject => new SourceException(
                SourceFailure.Configuration,
                CheckPart.Roster,
                "A Base DN is not in the directory, or the account may not see it. Nothing was deleted. Correct Base DNs."
            ),
            LdapResult.Referral => new SourceException(
                SourceFailure.Configuration,
                CheckPart.Roster,
                "A Base DN is in another domain, to which the directory refers. Rollbook does not follow; set up an app of its own for that domain."
            ),
            LdapResult.InvalidDnSyntax => new SourceException(
                SourceFailure.Configuration,
                CheckPart.Roster,
                "The directory does not take a Base DN as it is written. Correct Base DNs."
            ),
            LdapResult.InsufficientAccessRights or 1 => new SourceException(
                SourceFailure.Configuration,
                CheckPart.Roster,
                "The account may not search there. Ask the directory's administrator for the right to read it."
            ),
            _ => Other(result, "the search"),
        };

    private static SourceException Other(LdapResult result, string what) =>
        new(
            SourceFailure.Transient,
            CheckPart.Roster,
            $"The directory refused {what} (LDAP result {result.Code}). Nothing was deleted; the next run tries again. If it stays so, tell its administrator."
        );

    // Active Directory says more than RFC 4511 can: "… AcceptSecurityContext error, data 533, v4563".
    private static string WhyNot(string diagnostic)
    {
        var at = diagnostic.IndexOf("data ", StringComparison.Ordinal);
        return (at < 0 ? "" : diagnostic[(at + 5)..].Split(',', ' ')[0]) switch
        {
            "530" or "531" => "the account may not sign in at this time or from this server",
            "532" or "773" => "the account's password has expired",
            "533" => "the account is disabled",
            "701" => "the account has expired",
            "775" => "the account is locked out",
            _ => "Bind DN or Password is wrong",
        };
    }
}
