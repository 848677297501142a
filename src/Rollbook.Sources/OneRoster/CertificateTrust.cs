using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Rollbook.Sources.OneRoster;

/// <summary>Trusts what the system trusts and, in addition, the certificates the district gave for this connection.</summary>
/// <param name="extra">These.</param>
public sealed class CertificateTrust(X509Certificate2Collection extra)
{
    private const string Unreadable =
        "The CA certificate can't be read. Paste it as PEM text, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.";

    /// <summary>Why the last certificate was refused, as a clause: "it has expired"; null when none was.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Reads the certificates that a district gave as PEM text; none for no text.</summary>
    /// <exception cref="SourceException">They can't be read.</exception>
    public static X509Certificate2Collection Parse(string? pem)
    {
        var certificates = new X509Certificate2Collection();
        if (string.IsNullOrWhiteSpace(pem))
        {
            return certificates;
        }

        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw new SourceException(SourceFailure.Configuration, CheckPart.Certificate, Unreadable, e);
        }

        return certificates.Count > 0 ? certificates : throw new SourceException(SourceFailure.Configuration, CheckPart.Certificate, Unreadable);
    }

    /// <summary>For <see cref="SslClientAuthenticationOptions.RemoteCertificateValidationCallback"/>.</summary>
    public bool Accepts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        Refusal = errors switch
        {
            SslPolicyErrors.None => null,
            _ when certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) => "the server showed none",
            _ when errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) => "it is for another host name",
            _ when extra.Count > 0 => Build(certificate, chain),
            _ => Describe(chain),
        };
        return Refusal is null;
    }

    private string? Build(X509Certificate certificate, X509Chain? presented)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(extra);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (var element in presented?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        using var leaf = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(leaf) ? null : Describe(chain);
    }

    private static string Describe(X509Chain? chain)
    {
        var status = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status) ?? X509ChainStatusFlags.NoError;
        return status.HasFlag(X509ChainStatusFlags.NotTimeValid) ? "it has expired or is not valid yet" : "its issuer is not trusted here";
    }
}
