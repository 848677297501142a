namespace Rollbook.Sources.OneRoster;

/// <summary>How one request failed.</summary>
internal enum Fault
{
    /// <summary>No connection, or it broke before the answer began.</summary>
    Unreachable,

    /// <summary>502, 503 or 504: something in front gave up waiting.</summary>
    Gateway,

    /// <summary>No whole answer in time.</summary>
    TooSlow,

    /// <summary>429, or 503 with a time to come back.</summary>
    Busy,

    /// <summary>Another 5xx.</summary>
    ServerError,

    /// <summary>The body broke off or is not JSON.</summary>
    Broken,

    /// <summary>A web page where JSON was asked for.</summary>
    WebPage,

    /// <summary>JSON that holds an error or no records.</summary>
    ErrorBody,

    /// <summary>404, 405, 410 or 501.</summary>
    NotFound,

    /// <summary>403.</summary>
    Forbidden,

    /// <summary>Another 4xx.</summary>
    BadRequest,
}

/// <summary>A request that failed and what may be done about it; turned into a <see cref="SourceException"/> when nothing is left to try.</summary>
internal sealed class RequestFailure(Fault fault, CheckPart part, string what, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception(what, inner)
{
    public Fault Fault => fault;

    public CheckPart Part => part;

    /// <summary>How long the source asks to wait.</summary>
    public TimeSpan? RetryAfter => retryAfter;

    /// <summary>Whether the same request may succeed later.</summary>
    public bool IsPassing =>
        fault
            is Fault.Unreachable
                or Fault.Gateway
                or Fault.TooSlow
                or Fault.Busy
                or Fault.ServerError
                or Fault.Broken
                or Fault.WebPage
                or Fault.ErrorBody;

    /// <summary>Whether a smaller page may succeed.</summary>
    public bool AsksForLess => fault is Fault.Gateway or Fault.TooSlow;

    /// <summary>The failure as the run reports it.</summary>
    public SourceException ToSourceException(string reading) =>
        fault switch
        {
            Fault.Forbidden when part is CheckPart.Scope => new SourceException(
                SourceFailure.Configuration,
                part,
                $"The SIS refused {reading}: {Message} {Remedies.For(part)}",
                this
            ),
            Fault.Forbidden => new SourceException(
                SourceFailure.Configuration,
                part,
                $"The SIS refused {reading}: {Message} Ask the SIS's administrator, or its vendor, for the OneRoster licence and permission of this client.",
                this
            ),
            Fault.NotFound => new SourceException(SourceFailure.Configuration, part, $"The SIS has no {reading}: {Message} Check the API URL.", this),
            Fault.BadRequest when part is CheckPart.Credentials => new SourceException(
                SourceFailure.Configuration,
                part,
                $"The SIS did not accept the request for {reading}: {Message} {Remedies.For(part)}",
                this
            ),
            Fault.BadRequest => new SourceException(
                SourceFailure.Defect,
                part,
                $"The SIS did not accept the request for {reading}: {Message} Report it with the run's details.",
                this
            ),
            _ => new SourceException(
                SourceFailure.Transient,
                part,
                $"Reading {reading} failed: {Message} Nothing was deleted; the next run tries again. If it stays so, tell the SIS's administrator.",
                this
            ),
        };
}
