using Rollbook.Storage;

namespace Rollbook.Web.Features.Administration;

/// <summary>The audit log's keys in the console's words.</summary>
internal static class AuditWords
{
    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        [AuditActions.ConfigurationSaved] = "Setting changed",
        [AuditActions.ConfigurationOverLimits] = "Saved over a limit",
        [AuditActions.AppActivated] = "App activated",
        [AuditActions.AppFinished] = "Set-up finished",
        [AuditActions.AppDiscarded] = "Set-up discarded",
        [AuditActions.AppDeactivated] = "App deactivated",
        [AuditActions.SecretSet] = "Secret set",
        [AuditActions.TermsAccepted] = "Terms accepted",
        [AuditActions.RehearsalStarted] = "Rehearsal started",
        [AuditActions.ImportStarted] = "Import started",
        [AuditActions.PackageDelivered] = "Package delivered",
        [AuditActions.RunAccepted] = "Waiting run accepted",
        [AuditActions.RunDeclined] = "Waiting run declined",
        [AuditActions.RollbackStarted] = "Rollback started",
        [AuditActions.VersionsPurged] = "Versions purged",
        [AuditActions.ChangesLeftOut] = "Changes left out",
        [AuditActions.PairsFound] = "SIS Migration: pairs looked for",
        [AuditActions.PairSeparated] = "SIS Migration: pair kept separate",
        [AuditActions.PairTaken] = "SIS Migration: pair taken as one",
        [AuditActions.ChangesTakenIn] = "Changes taken in again",
        [AuditActions.PackageUploaded] = "Package uploaded",
        [AuditActions.DuplicateMerged] = "Duplicates merged",
        [AuditActions.DuplicateKeptSeparate] = "Duplicates kept separate",
        [AuditActions.DuplicateUndone] = "Decision about duplicates undone",
        [AuditActions.ImportCancelled] = "Import cancelled",
        [AuditActions.DataDownloaded] = "Records downloaded",
        [AuditActions.AuditDownloaded] = "Audit log downloaded",
        [AuditActions.SignedIn] = "Signed in",
        [AuditActions.SignInFailed] = "Sign-in refused",
        [AuditActions.LockedOut] = "Account locked",
        [AuditActions.ProviderTied] = "Provider sign-in tied to the account",
        [AuditActions.SignedOut] = "Signed out",
        [AuditActions.SessionsEnded] = "Sessions ended",
        [AuditActions.InvitationSent] = "Invitation made",
        [AuditActions.InvitationWithdrawn] = "Invitation withdrawn",
        [AuditActions.InvitationAccepted] = "Invitation accepted",
        [AuditActions.AccountCreated] = "Account created",
        [AuditActions.RoleChanged] = "Role changed",
        [AuditActions.RoleRemoved] = "Person removed",
        [AuditActions.PersonalDataGranted] = "Personal data access changed",
        [AuditActions.PasswordChanged] = "Password changed",
        [AuditActions.PasswordLinkMade] = "Link for a new password made",
        [AuditActions.SecondFactorAdded] = "Second factor set up",
        [AuditActions.SecondFactorRemoved] = "Second factor removed",
        [AuditActions.RecoveryCodesMade] = "Recovery codes made",
        [AuditActions.PasskeyAdded] = "Passkey added",
        [AuditActions.PasskeyRemoved] = "Passkey removed",
        [AuditActions.PasskeyRenamed] = "Passkey renamed",
        [AuditActions.SecondFactorRequired] = "Requirement of a second factor changed",
        [AuditActions.NotificationsChosen] = "Email Notifications changed",
        [AuditActions.EmailTested] = "Test e-mail sent",
        [AuditActions.DistrictCreated] = "District created",
    };

    /// <summary>All that can be told, by its words, for a filter to offer.</summary>
    internal static IReadOnlyList<string> Actions { get; } = [.. Words.Keys.OrderBy(Name, StringComparer.Ordinal)];

    /// <summary>What was done; a key that is not known as it is.</summary>
    internal static string Name(string action) => Words.GetValueOrDefault(action, action);

    internal static string Name(AuditChannel how) =>
        how switch
        {
            AuditChannel.Command => "command line",
            AuditChannel.Schedule => "schedule",
            _ => "console",
        };
}
