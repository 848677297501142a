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
}
