using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Rollbook.Host.Commands;

namespace Rollbook.Host.Wiring;

/// <summary>
/// Wraps the installation's keys with an operator's certificate (a PKCS#12 file named in <c>ROLLBOOK_KEY_CERTIFICATE</c>, its password in
/// <c>ROLLBOOK_KEY_CERTIFICATE_PASSWORD</c>), so that a copy of the database alone gives no secret away.
/// </summary>
internal static class KeyWrapping
{
    internal static IDataProtectionBuilder WrapKeys(this IDataProtectionBuilder builder)
    {
        if (Environment.GetEnvironmentVariable("ROLLBOOK_KEY_CERTIFICATE") is not { Length: > 0 } path)
        {
            return builder;
        }

        var password = Environment.GetEnvironmentVariable("ROLLBOOK_KEY_CERTIFICATE_PASSWORD");
        X509Certificate2 certificate;
        try
        {
            certificate = X509CertificateLoader.LoadPkcs12FromFile(path, password);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.Usage(
                $"The certificate {path} (ROLLBOOK_KEY_CERTIFICATE) can't be read. Check that it is a PKCS#12 file which this user may read, and ROLLBOOK_KEY_CERTIFICATE_PASSWORD."
            );
        }

        return builder.ProtectKeysWithCertificate(certificate).UnprotectKeysWithAnyCertificate(certificate);
    }
}
