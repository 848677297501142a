namespace Rollbook.Simulator;

/// <summary>How booleans are written.</summary>
public enum BooleanStyle
{
    /// <summary>The texts <c>true</c> and <c>false</c>, as the specification asks.</summary>
    Text,

    /// <summary>JSON booleans.</summary>
    Json,

    /// <summary>The texts <c>TRUE</c> and <c>FALSE</c>.</summary>
    UpperText,

    /// <summary>The numbers 1 and 0.</summary>
    Number,
}

/// <summary>How lists are written.</summary>
public enum ListStyle
{
    /// <summary>JSON arrays.</summary>
    Array,

    /// <summary>An empty list is null.</summary>
    NullWhenEmpty,

    /// <summary>A list of one is that one text or object, without the array.</summary>
    TextWhenSingle,

    /// <summary>Lists of texts are one comma-joined text.</summary>
    CommaJoined,
}

/// <summary>How dates are written.</summary>
public enum DateStyle
{
    /// <summary><c>2026-08-10</c>.</summary>
    Date,

    /// <summary><c>2026-08-10T00:00:00</c>.</summary>
    Midnight,
}

/// <summary>How an answer is spoilt as a whole.</summary>
public enum Breakage
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>429; see <see cref="FaultSwitches.RetryAfterSeconds"/>.</summary>
    TooManyRequests,

    /// <summary>500 with a status info.</summary>
    ServerError,

    /// <summary>502 with a proxy's HTML page.</summary>
    BadGateway,

    /// <summary>504 with a proxy's HTML page.</summary>
    GatewayTimeout,

    /// <summary>503 with a maintenance page in HTML.</summary>
    Maintenance,

    /// <summary>200 with an HTML page instead of JSON, as a sign-in page gives.</summary>
    HtmlPage,

    /// <summary>200 whose body ends early, well-formed HTTP but broken JSON.</summary>
    TruncatedBody,

    /// <summary>200 with the full Content-Length, and a connection that is reset before all of it came.</summary>
    ConnectionReset,

    /// <summary>200 with a status info that says failure, and no records.</summary>
    ErrorWithOk,
}

/// <summary>What X-Total-Count says.</summary>
public enum TotalStyle
{
    /// <summary>The truth.</summary>
    Honest,

    /// <summary>The header is not sent.</summary>
    Missing,

    /// <summary>Ten more than there are.</summary>
    TooHigh,

    /// <summary>Half of what there is.</summary>
    TooLow,
}

/// <summary>What the Link header says.</summary>
public enum LinkStyle
{
    /// <summary>Absolute URLs, where applicable.</summary>
    Absolute,

    /// <summary>The header is not sent.</summary>
    Missing,

    /// <summary>URLs without a host.</summary>
    Relative,

    /// <summary>There is always a next page, even after the last.</summary>
    AlwaysNext,

    /// <summary>URLs of a host nobody outside can reach.</summary>
    InternalHost,

    /// <summary>URLs whose offset is wrong: the next page is this page.</summary>
    Wrong,
}

/// <summary>Whether the order of records changes between pages.</summary>
public enum UnstableOrder
{
    /// <summary>It stays.</summary>
    Never,

    /// <summary>It changes for reads that do not sort.</summary>
    WithoutSort,

    /// <summary>It changes for every read.</summary>
    Always,
}

/// <summary>What an offset beyond the last record gets.</summary>
public enum BeyondEnd
{
    /// <summary>An empty list.</summary>
    Empty,

    /// <summary>404.</summary>
    NotFound,

    /// <summary>500.</summary>
    ServerError,

    /// <summary>The last page again.</summary>
    RepeatLastPage,
}

/// <summary>What a server does with a query parameter.</summary>
public enum ParameterSupport
{
    /// <summary>All that the specification asks.</summary>
    Full,

    /// <summary>Of filters, only those with <c>=</c>; others are refused with 400. Sorting is as with <see cref="Full"/>.</summary>
    EqualityOnly,

    /// <summary>As if the parameter were not there.</summary>
    Ignored,

    /// <summary>400.</summary>
    Refused,
}

/// <summary>How errors are carried.</summary>
public enum ErrorStyle
{
    /// <summary><c>{"statusInfoSet":[{…}]}</c>.</summary>
    StatusInfoSet,

    /// <summary><c>{"errors":[{…}]}</c>.</summary>
    ErrorsList,

    /// <summary>The status info as the whole body.</summary>
    Bare,

    /// <summary>A web server's HTML page.</summary>
    Html,

    /// <summary>The status info as the whole body, its minor codes as fields: OneRoster 1.2's.</summary>
    CodeMinorFields,
}

/// <summary>Which signatures of OAuth 1.0a are taken.</summary>
public enum SignatureSupport
{
    /// <summary>HMAC-SHA1 and HMAC-SHA256.</summary>
    Both,

    /// <summary>HMAC-SHA1 alone.</summary>
    Sha1,

    /// <summary>HMAC-SHA256 alone.</summary>
    Sha256,

    /// <summary>None: OAuth 2 only.</summary>
    None,
}

/// <summary>What the token endpoint does wrong.</summary>
public enum TokenFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>401 <c>invalid_client</c> whatever the secret.</summary>
    InvalidClient,

    /// <summary>400 <c>invalid_scope</c> whenever a scope is asked for.</summary>
    InvalidScope,

    /// <summary>200 with an HTML page.</summary>
    Html,

    /// <summary>500.</summary>
    ServerError,

    /// <summary>No <c>expires_in</c>.</summary>
    NoExpiresIn,

    /// <summary><c>expires_in</c> as a text.</summary>
    ExpiresInText,

    /// <summary>No <c>token_type</c>.</summary>
    NoTokenType,
}

/// <summary>What an API call gets that does not replay the token answer's cookie.</summary>
public enum Affinity
{
    /// <summary>No cookie is needed.</summary>
    Off,

    /// <summary>401.</summary>
    Unauthorized,

    /// <summary>403.</summary>
    Forbidden,

    /// <summary>Another node, which knows no such token: 401 that says so.</summary>
    WrongNode,
}
