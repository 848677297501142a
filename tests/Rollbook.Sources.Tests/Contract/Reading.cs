using System.Text;
using Rollbook.Model;

namespace Rollbook.Sources.Tests.Contract;

/// <summary>Everything one read said, in a form that tests can look at.</summary>
public sealed class Reading
{
    /// <summary>The raw hash of each key, by collection; a key that comes again holds its last hash.</summary>
    public Dictionary<Collection, Dictionary<RollbookId, UInt128>> Records { get; } =
        Collections.InOrder.ToDictionary(collection => collection, _ => new Dictionary<RollbookId, UInt128>());

    public List<SourceMessage> Messages { get; } = [];

    public Exception? Failure { get; private set; }

    public SourceException? SourceFailure => Failure as SourceException;

    public SourceMessage.Complete? Complete(Collection collection) =>
        Messages.OfType<SourceMessage.Complete>().SingleOrDefault(complete => complete.Collection == collection);

    public SourceMessage.Unavailable? Unavailable(Collection collection) =>
        Messages.OfType<SourceMessage.Unavailable>().SingleOrDefault(message => message.Collection == collection);

    public IEnumerable<string> Notices => Messages.OfType<SourceMessage.Notice>().Select(notice => notice.Text);

    /// <summary>Scope of the IDs in tests.</summary>
    public static IdScope Ids(Family family) => new("test", "synergy", family);

    public static async Task<Reading> OfAsync(
        IConnector connector,
        SourceSettings settings,
        IReadOnlyDictionary<Collection, string>? from = null,
        CancellationToken cancellationToken = default
    )
    {
        var reading = new Reading();
        try
        {
            await foreach (var message in connector.ReadAsync(new ReadRequest(settings, Ids, from), cancellationToken))
            {
                reading.Take(message);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            reading.Failure = e;
        }

        return reading;
    }

    /// <summary>Everything a person or a log could see of it.</summary>
    public string Everything()
    {
        var text = new StringBuilder();
        Messages.ForEach(message => text.AppendLine(message.ToString()));
        return text.AppendLine(Failure?.ToString()).ToString();
    }

    private void Take(SourceMessage message)
    {
        Messages.Add(message);
        if (message is SourceMessage.Batch { Records: var batch })
        {
            using (batch)
            {
                foreach (var record in batch.Records)
                {
                    System.IO.Hashing.XxHash128.HashToUInt128(batch.Json(record).Span).ShouldBe(record.Hash);
                    Records[message.Collection][record.Key] = record.Hash;
                }
            }
        }
    }
}
