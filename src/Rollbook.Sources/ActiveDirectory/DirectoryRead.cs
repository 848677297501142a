using System.Buffers;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rollbook.Model;
using Rollbook.Sources.OneRoster;
using Rollbook.Sources.OneRosterCsv.Reading;

namespace Rollbook.Sources.ActiveDirectory;

/// <summary>Reads the directory: the schools of the rules, then everybody whom a rule fits. Of all else it has no word.</summary>
internal static class DirectoryRead
{
    /// <summary>Does it.</summary>
    public static async IAsyncEnumerable<SourceMessage> ReadAsync(
        ReadRequest request,
        OneRosterOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var settings = DirectorySettings.Parse(request.Settings);
        await using var client = await DirectoryConnection.OpenAsync(settings, options, cancellationToken);
        foreach (var collection in Collections.InOrder)
        {
            if (collection == Collection.Orgs)
            {
                foreach (var message in Schools(settings, request.Ids(Family.Org)))
                {
                    yield return message;
                }
            }
            else if (collection == Collection.Users)
            {
                await foreach (var message in PeopleAsync(client, settings, request.Ids(Family.Person), cancellationToken))
                {
                    yield return message;
                }
            }
            else
            {
                yield return new SourceMessage.Unavailable(collection, $"Active Directory has no {Words(collection)}.");
            }
        }
    }

    private static IEnumerable<SourceMessage> Schools(DirectorySettings settings, IdScope scope)
    {
        var schools = settings.Rules.Schools;
        yield return new SourceMessage.Batch(
            Collection.Orgs,
            Batch(schools, school => RollbookId.Derive(scope, school.SourcedId), (json, school) => PersonRecord.Write(json, school))
        );
        yield return new SourceMessage.Complete(Collection.Orgs, schools.Count, schools.Count);
    }

    private static async IAsyncEnumerable<SourceMessage> PeopleAsync(
        Ldap.LdapClient client,
        DirectorySettings settings,
        IdScope scope,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var record = new PersonRecord(settings);
        var fitting = new HashSet<RoleRule>();
        var (read, others) = (0L, 0L);
        await foreach (var page in DirectoryConnection.PeopleAsync(client, settings, record.Attributes, cancellationToken))
        {
            var people = new List<(string Key, Ldap.LdapEntry Entry, Placement Placement)>();
            foreach (var (key, entry) in page)
            {
                if (settings.Rules.Place(entry, fitting) is not { } placement)
                {
                    others++;
                }
                else if (key is null)
                {
                    yield return new SourceMessage.Rejected(Collection.Users, SisId: null, "it has no objectGUID");
                }
                else
                {
                    people.Add((key, entry, placement));
                }
            }

            if (people.Count > 0)
            {
                read += people.Count;
                yield return new SourceMessage.Batch(
                    Collection.Users,
                    Batch(
                        people,
                        person => RollbookId.Derive(scope, person.Key),
                        (json, person) => record.Write(json, person.Key, person.Entry, person.Placement)
                    )
                );
                yield return new SourceMessage.Progress(Collection.Users, read, Expected: null);
            }
        }

        if (others > 0)
        {
            yield return new SourceMessage.Notice(
                Collection.Users,
                $"No rule fits {Count(others, "person", "people")} of the directory, who were not sent."
            );
        }

        if (Idle(settings, fitting) is { } idle)
        {
            yield return new SourceMessage.Notice(Collection.Users, idle);
        }

        yield return new SourceMessage.Complete(Collection.Users, read, Expected: null);
    }

    /// <summary>Names the rules that fit nobody; null when there are none.</summary>
    public static string? Idle(DirectorySettings settings, IReadOnlySet<RoleRule> fitting)
    {
        var idle = settings.Rules.All.Where(rule => !fitting.Contains(rule)).Select(rule => FormattableString.Invariant($"{rule.Line}")).ToList();
        return idle.Count switch
        {
            0 => null,
            1 => $"Line {idle[0]} of the Rules fits nobody: check how its OU or group is written.",
            _ => $"Lines {string.Join(", ", idle)} of the Rules fit nobody: check how their OUs or groups are written.",
        };
    }

    /// <summary>A number with its noun.</summary>
    public static string Count(long number, string one, string many) =>
        number == 1 ? $"1 {one}" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{number:N0} {many}");

    private static RawBatch Batch<T>(IReadOnlyList<T> items, Func<T, RollbookId> key, Action<Utf8JsonWriter, T> write)
    {
        using var json = new PooledJson();
        using var writer = new Utf8JsonWriter(json, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        var records = ArrayPool<RawRecord>.Shared.Rent(Math.Max(1, items.Count));
        for (var i = 0; i < items.Count; i++)
        {
            var start = json.Length;
            writer.Reset();
            write(writer, items[i]);
            writer.Flush();
            records[i] = new RawRecord(key(items[i]), XxHash128.HashToUInt128(json.From(start)), start, json.Length - start, Deleted: false);
        }

        return new RawBatch(json.Take(), records, items.Count);
    }

    private static string Words(Collection collection) =>
        collection switch
        {
            Collection.AcademicSessions => "terms",
            _ => Collections.NameOf(collection),
        };
}
