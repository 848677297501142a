using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Rollbook.Sources.OneRoster;

namespace Rollbook.Sources.Tests.OneRoster;

/// <summary>Settings and a pace for tests: as in earnest, only without the long waits.</summary>
public static class SisSettings
{
    public static OneRosterOptions Hurried { get; } =
        new()
        {
            FirstDelay = TimeSpan.FromMilliseconds(1),
            LongestDelay = TimeSpan.FromMilliseconds(5),
            ConnectTimeout = TimeSpan.FromSeconds(2),
            ReadTimeout = TimeSpan.FromSeconds(2),
            CheckTimeout = TimeSpan.FromSeconds(2),
        };

    public static SourceSettings Of(FakeSis sis, params (string Name, string Value)[] others)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["apiUrl"] = sis.ApiUrl,
            ["tokenUrl"] = sis.TokenUrl,
            ["clientId"] = FakeSis.ClientId,
            ["clientSecret"] = FakeSis.Secret,
            ["pageSize"] = "100",
        };
        foreach (var (name, value) in others)
        {
            values[name] = value;
        }

        return new SourceSettings(values);
    }

    /// <summary>A certificate for a host name or an address; issued by itself, and an authority, when there is no issuer.</summary>
    public static X509Certificate2 Certificate(string subject, X509Certificate2? issuer, string host)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(issuer is null, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        if (issuer is null)
        {
            using var own = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
            return WithKey(own);
        }

        using var issued = request.Create(issuer, now.AddHours(-1), now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        using var withKey = issued.CopyWithPrivateKey(key);
        return WithKey(withKey);
    }

    private static X509Certificate2 WithKey(X509Certificate2 made) => X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
}
