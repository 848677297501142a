namespace Rollbook.Storage;

/// <summary>The keys of what the audit log tells, so that one thing is always told by one word. They are stored: never rename one.</summary>
public static class AuditActions
{
    /// <summary>A setting of the district's configuration has another value.</summary>
    public const string ConfigurationSaved = "configuration.saved";

    /// <summary>A configuration was saved though the next import will be held for it; the new value has the reason.</summary>
    public const string ConfigurationOverLimits = "configuration.over-limits";

    /// <summary>An app was activated: its set-up began.</summary>
    public const string AppActivated = "app.activated";

    /// <summary>The set-up of an app was finished: what was chosen is in force.</summary>
    public const string AppFinished = "app.finished";

    /// <summary>The set-up of an app was discarded before it was finished.</summary>
    public const string AppDiscarded = "app.discarded";

    /// <summary>A secret of a source was given or replaced; the log never has the secret itself.</summary>
    public const string SecretSet = "secret.set";

    /// <summary>Terms of Use and Privacy Policy were accepted.</summary>
    public const string TermsAccepted = "terms.accepted";

    /// <summary>An app was taken out of the district; the new value says whether its data went too.</summary>
    public const string AppDeactivated = "app.deactivated";

    /// <summary>Records that look like the same one were said to be one.</summary>
    public const string DuplicateMerged = "duplicate.merged";

    /// <summary>Records that look like the same one were said not to be.</summary>
    public const string DuplicateKeptSeparate = "duplicate.kept-separate";

    /// <summary>What was decided about two records was undone.</summary>
    public const string DuplicateUndone = "duplicate.undone";

    /// <summary>An import was started by hand.</summary>
    public const string ImportStarted = "import.started";

    /// <summary>A rehearsal was started: a source was read, and nothing changed.</summary>
    public const string RehearsalStarted = "rehearsal.started";

    /// <summary>A package of files was uploaded for an app; the new value has its size.</summary>
    public const string PackageUploaded = "package.uploaded";

    /// <summary>A package was delivered to an export app; the new value has its version and size.</summary>
    public const string PackageDelivered = "package.delivered";

    /// <summary>A run that waited for a person was accepted; the new value has its number and the reason.</summary>
    public const string RunAccepted = "run.accepted";

    /// <summary>A run that waited for a person was declined; the new value has its number and the reason.</summary>
    public const string RunDeclined = "run.declined";

    /// <summary>A rollback was asked for; the new value has its run's number, the version and the reason.</summary>
    public const string RollbackStarted = "rollback.started";

    /// <summary>Old versions were purged; the new value says which.</summary>
    public const string VersionsPurged = "versions.purged";

    /// <summary>Changes of a run that waits were left out of what is accepted; the new value has its number and which.</summary>
    public const string ChangesLeftOut = "run.left-out";

    /// <summary>Records of a run that waits were known again under new SIS IDs (SIS Migration).</summary>
    public const string PairsFound = "run.pairs-found";

    /// <summary>The records of such a pair are kept separate.</summary>
    public const string PairSeparated = "run.pair-separated";

    /// <summary>They are taken as one again.</summary>
    public const string PairTaken = "run.pair-taken";

    /// <summary>Changes of a run that waits that had been left out were taken in again; the new value has its number and which.</summary>
    public const string ChangesTakenIn = "run.taken-in";

    /// <summary>A run was asked to stop.</summary>
    public const string ImportCancelled = "import.cancelled";

    /// <summary>Personal data was read in bulk.</summary>
    public const string DataDownloaded = "data.downloaded";

    /// <summary>The audit log itself was downloaded.</summary>
    public const string AuditDownloaded = "audit.downloaded";

    /// <summary>Someone signed in; the new value says with what.</summary>
    public const string SignedIn = "sign-in.succeeded";

    /// <summary>A sign-in was refused; the new value says at which step.</summary>
    public const string SignInFailed = "sign-in.failed";

    /// <summary>An account was locked after too many failures.</summary>
    public const string LockedOut = "sign-in.locked";

    /// <summary>An identity at the provider was tied to an account, and signs in to it from now on.</summary>
    public const string ProviderTied = "provider.tied";

    /// <summary>Someone signed out.</summary>
    public const string SignedOut = "sign-out";

    /// <summary>All sessions of a person were ended.</summary>
    public const string SessionsEnded = "sessions.ended";

    /// <summary>A link to take a role was made.</summary>
    public const string InvitationSent = "invitation.sent";

    /// <summary>A link was withdrawn before it was used.</summary>
    public const string InvitationWithdrawn = "invitation.withdrawn";

    /// <summary>A link was used: the person has the role.</summary>
    public const string InvitationAccepted = "invitation.accepted";

    /// <summary>An account was made.</summary>
    public const string AccountCreated = "account.created";

    /// <summary>A person has another role.</summary>
    public const string RoleChanged = "role.changed";

    /// <summary>A person has no role in the district any more.</summary>
    public const string RoleRemoved = "role.removed";

    /// <summary>A Viewer may, or may no longer, see personal data.</summary>
    public const string PersonalDataGranted = "personal-data.changed";

    /// <summary>A password was changed.</summary>
    public const string PasswordChanged = "password.changed";

    /// <summary>A link was made with which a person chooses a new password.</summary>
    public const string PasswordLinkMade = "password.link-made";

    /// <summary>A second factor was set up.</summary>
    public const string SecondFactorAdded = "second-factor.added";

    /// <summary>A second factor was taken away.</summary>
    public const string SecondFactorRemoved = "second-factor.removed";

    /// <summary>New recovery codes were made; the old ones are void.</summary>
    public const string RecoveryCodesMade = "recovery-codes.made";

    /// <summary>A passkey was registered.</summary>
    public const string PasskeyAdded = "passkey.added";

    /// <summary>A passkey was removed.</summary>
    public const string PasskeyRemoved = "passkey.removed";

    /// <summary>A passkey has another name.</summary>
    public const string PasskeyRenamed = "passkey.renamed";

    /// <summary>Whether the district requires a second factor has changed.</summary>
    public const string SecondFactorRequired = "second-factor.required";

    /// <summary>A person chose otherwise what to get by e-mail.</summary>
    public const string NotificationsChosen = "notifications.chosen";

    /// <summary>An operator sent a test e-mail; the new value says what became of it.</summary>
    public const string EmailTested = "email.tested";

    /// <summary>A district was made.</summary>
    public const string DistrictCreated = "district.created";
}
