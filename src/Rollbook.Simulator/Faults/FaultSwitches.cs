namespace Rollbook.Simulator;

/// <summary>
/// Every way in which the server can be made to misbehave. The defaults are those of OneRoster 1.1 by the book;
/// <see cref="For"/> gives a profile's. Set in process, by <c>PUT /control/faults</c> (or PATCH for some), or for one request by the header
/// <c>X-Simulator-Fault: name=value; name=value</c> with these names.
/// </summary>
public sealed record FaultSwitches
{
    /// <summary>Spoils whole answers; see <see cref="Only"/>, <see cref="SkipPages"/> and <see cref="Times"/> for which.</summary>
    public Breakage Breakage { get; init; }

    /// <summary>Limits <see cref="Breakage"/> to reads whose path below the API root begins so, for example <c>enrollments</c>; null for all.</summary>
    public string? Only { get; init; }

    /// <summary>Reads that are answered well before <see cref="Breakage"/> begins.</summary>
    public int SkipPages { get; init; }

    /// <summary>Answers that <see cref="Breakage"/> spoils before all is well again; null for ever.</summary>
    public int? Times { get; init; }

    /// <summary>The byte of the body at which <see cref="Breakage.TruncatedBody"/> and <see cref="Breakage.ConnectionReset"/> cut.</summary>
    public int AtByte { get; init; } = 100;

    /// <summary>The Retry-After header of 429 and 503 answers, in seconds; null for none.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>How many reads a minute are answered before 429; null for any number.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Pages of more records than this get <see cref="GatewayStatus"/>; null for none.</summary>
    public int? GatewayErrorAbove { get; init; }

    /// <summary>The status of <see cref="GatewayErrorAbove"/>: 502 or 504.</summary>
    public int GatewayStatus { get; init; } = 502;

    /// <summary>Milliseconds before the first byte of an answer, by the simulator's clock: a stopped clock of a test stops the answer.</summary>
    public int FirstByteDelayMilliseconds { get; init; }

    /// <summary>The most records a page holds, whatever <c>limit</c> asks; null for no cap.</summary>
    public int? PageCap { get; init; }

    /// <summary>The X-Total-Count header.</summary>
    public TotalStyle Total { get; init; }

    /// <summary>The Link header.</summary>
    public LinkStyle Link { get; init; }

    /// <summary>Whether the order changes from one page to the next.</summary>
    public UnstableOrder UnstableOrder { get; init; }

    /// <summary>What an offset beyond the last record gets.</summary>
    public BeyondEnd BeyondEnd { get; init; }

    /// <summary>What becomes of <c>sort</c>.</summary>
    public ParameterSupport Sort { get; init; }

    /// <summary>What becomes of <c>filter</c>.</summary>
    public ParameterSupport Filter { get; init; }

    /// <summary>What a nested read with an unknown parent gets: an empty list, or with true 404.</summary>
    public bool UnknownParentIsNotFound { get; init; }

    /// <summary>Statuses (403, 404, 501, …) by path below the API root, for example <c>demographics</c> → 403; <c>demographics/{id}</c> goes with it.</summary>
    public IReadOnlyDictionary<string, int> MissingEndpoints { get; init; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>Collections, by path below the API root, that serve no records although there are some.</summary>
    public IReadOnlyList<string> EmptyCollections { get; init; } = [];

    /// <summary>Wraps records in the collection's own name (<c>students</c>, <c>terms</c>, …) instead of the specified key.</summary>
    public bool AlternateKeys { get; init; }

    /// <summary>How booleans are written.</summary>
    public BooleanStyle Booleans { get; init; }

    /// <summary>How lists are written.</summary>
    public ListStyle Lists { get; init; }

    /// <summary>How dates are written.</summary>
    public DateStyle Dates { get; init; }

    /// <summary>How errors are carried.</summary>
    public ErrorStyle Errors { get; init; }

    /// <summary>Which signatures of OAuth 1.0a are taken; OneRoster 1.2 takes none whatever this says.</summary>
    public SignatureSupport Signatures { get; init; }

    /// <summary>What the token endpoint does wrong.</summary>
    public TokenFault Token { get; init; }

    /// <summary>Lifetime of the tokens given out, in seconds.</summary>
    public int TokenLifetimeSeconds { get; init; } = 3600;

    /// <summary>Reads after which a token is revoked (401); null for never. A new token counts anew.</summary>
    public int? RevokeTokenAfterPages { get; init; }

    /// <summary>What an API call without the cookie of the token answer gets.</summary>
    public Affinity Affinity { get; init; }

    /// <summary>Answers every read with 403 for want of a scope, whatever was granted.</summary>
    public bool MissingScope { get; init; }

    /// <summary>Answers every read with 403 and a text about the district's licence.</summary>
    public bool LicenceRefused { get; init; }

    /// <summary>Refuses numbers that make no sense; an <see cref="ArgumentException"/> names the switch.</summary>
    internal FaultSwitches Validated()
    {
        foreach (
            var (name, value, least) in (IEnumerable<(string, int?, int)>)
                [
                    (nameof(SkipPages), SkipPages, 0),
                    (nameof(Times), Times, 0),
                    (nameof(AtByte), AtByte, 0),
                    (nameof(RetryAfterSeconds), RetryAfterSeconds, 0),
                    (nameof(RequestsPerMinute), RequestsPerMinute, 0),
                    (nameof(GatewayErrorAbove), GatewayErrorAbove, 0),
                    (nameof(GatewayStatus), GatewayStatus, 400),
                    (nameof(FirstByteDelayMilliseconds), FirstByteDelayMilliseconds, 0),
                    (nameof(PageCap), PageCap, 1),
                    (nameof(TokenLifetimeSeconds), TokenLifetimeSeconds, 0),
                    (nameof(RevokeTokenAfterPages), RevokeTokenAfterPages, 0),
                ]
        )
        {
            if (value < least)
            {
                throw new ArgumentException($"{name} is {value}; the least is {least}.", name);
            }
        }

        return this;
    }

    /// <summary>Where a profile's switches stand at the start.</summary>
    public static FaultSwitches For(Profile profile) =>
        profile switch
        {
            Profile.Clean11 => new FaultSwitches(),
            Profile.Clean12 => new FaultSwitches { Link = LinkStyle.Missing, Errors = ErrorStyle.CodeMinorFields },
            Profile.Hostile => new FaultSwitches
            {
                PageCap = 100,
                GatewayErrorAbove = 60,
                Total = TotalStyle.TooHigh,
                Link = LinkStyle.Wrong,
                BeyondEnd = BeyondEnd.RepeatLastPage,
                UnstableOrder = UnstableOrder.WithoutSort,
                Filter = ParameterSupport.Ignored,
                AlternateKeys = true,
                Booleans = BooleanStyle.UpperText,
                Lists = ListStyle.NullWhenEmpty,
                Dates = DateStyle.Midnight,
                Errors = ErrorStyle.Html,
                Token = TokenFault.ExpiresInText,
                Affinity = Affinity.WrongNode,
                MissingEndpoints = new Dictionary<string, int>(StringComparer.Ordinal) { ["demographics"] = 403 },
            },
            _ => new FaultSwitches
            {
                PageCap = 5_000,
                Link = LinkStyle.Missing,
                Affinity = Affinity.Unauthorized,
            },
        };
}
