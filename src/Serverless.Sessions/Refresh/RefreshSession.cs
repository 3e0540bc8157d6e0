namespace Serverless.Sessions.Refresh;

/// <summary>Refreshes a session by one conditional write, derived from the token alone. The session is read, and
/// <see cref="RefreshVerdict"/> decides, if storage refuses the write, and before it for a token that has expired, comes from another
/// country, or comes from a cookie and is young.</summary>
public sealed class RefreshSession(
    ISessionStore sessions, EndSession endSession, CheckRefreshLocation checkLocation, PushAlerts pushAlerts, SessionCache cache,
    KeyRingSource keys, SessionPolicies policies, IOptions<SessionOptions> sessionOptions, IOptions<TokenOptions> tokenOptions,
    TimeProvider clock, ILogger<RefreshSession> log)
{
    /// <param name="text">The token, as it was sent.</param>
    /// <param name="attempt">A random value of the client, if it sent one.</param>
    /// <param name="idleFor">How long the user has done nothing, as the client says.</param>
    /// <param name="byCookie">Whether the token came by cookie.</param>
    /// <param name="client">Where it comes from.</param>
    public async Task<RefreshSessionResult> ExecuteAsync(
        string text, string? attempt, TimeSpan idleFor, bool byCookie, ClientInfo client, CancellationToken cancellationToken)
    {
        var (check, token) = await RefreshTokenCodec.ReadAsync(text, keys, cancellationToken);
        if (token is null)
            return new RefreshSessionResult.Invalid(check == TokenCheck.UnknownKey);
        var request = new Request(token, attempt is null ? null : AttemptHash.Of(attempt), idleFor, byCookie, client, clock.Now());
        if (await TryRotateUnreadAsync(request, cancellationToken) is { } rotated)
            return rotated;
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            if (await DecideAsync(request, cancellationToken) is { } decided)
                return decided;
        }
    }

    // Returns null if the token alone doesn't say enough, or storage has another row.
    private async Task<RefreshSessionResult?> TryRotateUnreadAsync(Request request, CancellationToken cancellationToken)
    {
        var (token, now) = (request.Token, request.At);
        var rotation = Rotate(request, token);
        // An expired session may still be valid: the reply with the successor was lost, or the token was spent long ago.
        if (request.Expired is not null || rotation.Ending is not null || KeepsYoung(request)
            || checkLocation.Find(token, request.Client, now) is not null)
        {
            return null;
        }

        return await TryRotateAsync(rotation, request.Client, cancellationToken) is { } successors
            ? new RefreshSessionResult.Refreshed(successors, now) : null;
    }

    // Returns null if the row has changed since it was read.
    private async Task<RefreshSessionResult?> DecideAsync(Request request, CancellationToken cancellationToken)
    {
        var (token, client, now) = (request.Token, request.Client, request.At);
        var stored = await sessions.FindAsync(token.UserId, token.SessionId, cancellationToken);
        if (stored is null)
            return new RefreshSessionResult.Ended(request.Expired?.Reason ?? EndReason.Unknown);
        var verdict = RefreshVerdict.Of(token, request.Attempt, stored.Session, now, sessionOptions.Value.Grace, ComesLate(request));
        if (verdict is RefreshVerdict.Ended ended)
            return new RefreshSessionResult.Ended(ended.Reason);
        if (verdict is RefreshVerdict.Reused)
            return await EndReusedAsync(token, client);

        var current = verdict is RefreshVerdict.AlreadyRotated ? ToSuccessor(token, stored, now) : Renew(token, stored);
        var change = checkLocation.Find(current, client, now);
        if (change is not null && await checkLocation.ReportAsync(
            current, change, mayEnd: verdict is not RefreshVerdict.AlreadyRotated { ByAttempt: true },
            client, cancellationToken) is { } over)
        {
            return new RefreshSessionResult.Ended(over);
        }

        if (verdict is RefreshVerdict.AlreadyRotated)
            return new RefreshSessionResult.Refreshed(await IssueAsync(current, now, cancellationToken), stored.Session.LastActivityAt);
        if (verdict is RefreshVerdict.Keep)
            return new RefreshSessionResult.Kept(await IssueAsync(current, now, cancellationToken), stored.Session.LastActivityAt);

        var rotation = Rotate(request, current);
        if (rotation.Ending is { Reason: var reason })
            return await TryEndAsync(stored, reason, now, client, cancellationToken) ? new RefreshSessionResult.Ended(reason) : null;
        if (change is not null)
            rotation = checkLocation.Mark(rotation, stored.Session, change, client);
        return await TryRotateAsync(rotation, client, cancellationToken) is { } successors
            ? new RefreshSessionResult.Refreshed(successors, now) : null;
    }

    private Rotation Rotate(Request request, RefreshToken token) =>
        Rotation.Of(token, request.Attempt, request.At, policies, request.IdleFor) with { Location = request.Client.Location };

    private bool KeepsYoung(Request request) =>
        ComesLate(request) && RefreshVerdict.IsWithinGrace(request.Token, request.At, sessionOptions.Value.Grace);

    // Whether a cookie may be an older one, which a late answer brought back. A user who was away stays, however young the token is.
    private bool ComesLate(Request request) => request.ByCookie
        && Rotate(request, request.Token).ExpiresAt - request.Token.ExpiresAt < sessionOptions.Value.Grace;

    // End the session even if the thief hangs up.
    private async Task<RefreshSessionResult> EndReusedAsync(RefreshToken token, ClientInfo client)
    {
        var ending = await Detached.RunAsync(clock, own => endSession.ExecuteAsync(
            token.UserId, token.SessionId, EndReason.TokenReuse, Actor.Of(client), own));
        if (ending is EndSessionResult.AlreadyEnded before)
            return new RefreshSessionResult.Ended(before.Reason);
        if (ending is EndSessionResult.NotFound)
            return new RefreshSessionResult.Ended(EndReason.Unknown);
        log.TokenReused($"{token.SessionId}", $"{token.UserId}", MaskedAddress.Of(client.IpAddress));
        return new RefreshSessionResult.Reused();
    }

    // Only in the state that was read: another tab, whose user is active, may refresh at the same time.
    private async Task<bool> TryEndAsync(
        StoredSession stored, EndReason reason, DateTimeOffset now, ClientInfo client, CancellationToken cancellationToken)
    {
        var ring = await keys.GetAsync(cancellationToken);
        var ending = SessionEnding.Of(stored, reason, now, Actor.Of(client), Guid.NewGuid(), ring.AuditKeyAt(now));
        return await Detached.RunAsync(clock, token => endSession.TryEndAsync([ending], reason, areRecorded: false, token));
    }

    private static RefreshToken Renew(RefreshToken token, StoredSession stored) => token with
    {
        CreatedAt = stored.Session.CreatedAt,
        Version = stored.Version,
        Claims = stored.Session.Claims,
        Audit = AuditHead.Continue(stored.Session.Audit, token.Audit),
    };

    // The row forgets a location when a refresh comes from nowhere known; the tokens don't.
    private static RefreshToken ToSuccessor(RefreshToken token, StoredSession stored, DateTimeOffset now)
    {
        var current = stored.Session.ToRefreshToken(stored.Version, now);
        return current.Country is not null ? current : current with { Country = token.Country, LocatedAt = token.LocatedAt };
    }

    private async Task<IssuedTokens?> TryRotateAsync(Rotation rotation, ClientInfo client, CancellationToken cancellationToken)
    {
        var (token, now) = (rotation.Token, rotation.At);
        var ring = await keys.GetAsync(cancellationToken);
        var action = rotation.Regenerates ? LogAction.SessionRegenerated : LogAction.TokenRefresh;
        var unchained = new LogEntry(action, now, token.SessionId, client);
        var entry = AuditChain.Append(token.Audit, unchained, token.UserId, ring.AuditKeyAt(now));
        var audited = rotation with { Audit = entry.Head };
        var alert = rotation.Notice is null ? null : Alert.Of(AlertKind.CountryChanged, token.UserId, entry);
        await pushAlerts.ScheduleAsync(alert, cancellationToken);
        var rotating = sessions.TryRotateAsync(audited, entry, cancellationToken);
        // The access token doesn't depend on storage's answer, so sign it in the meantime.
        var access = AccessToken.For(audited.ToSuccessor(token.Version), now, tokenOptions.Value);
        var accessText = AccessTokenCodec.Write(access, ring, tokenOptions.Value, now);
        var version = await rotating;
        cache.Drop(token.SessionId);
        if (version is not { } stored)
            return null;
        pushAlerts.Post(alert);
        var successor = audited.ToSuccessor(stored);
        return new(accessText, access, RefreshTokenCodec.Write(successor, ring, now), successor);
    }

    private async Task<IssuedTokens> IssueAsync(RefreshToken token, DateTimeOffset now, CancellationToken cancellationToken) =>
        IssuedTokens.Issue(token, await keys.GetAsync(cancellationToken), tokenOptions.Value, now);

    private sealed record Request(
        RefreshToken Token, AttemptHash? Attempt, TimeSpan IdleFor, bool ByCookie, ClientInfo Client, DateTimeOffset At)
    {
        public SessionEnd? Expired => SessionEnd.ByExpiry(At, Token.ExpiresAt, Token.ExpiryReason, Token.AbsoluteExpiresAt);
    }
}

public abstract record RefreshSessionResult
{
    private RefreshSessionResult() { }

    /// <summary>Why the refresh was refused, as a metric label from a closed list; null if it wasn't.</summary>
    public string? Refusal => this switch
    {
        Invalid invalid => invalid.KeyUnknown ? "key_unknown" : "invalid",
        Ended ended => ended.Reason.Name,
        Reused => "reused",
        _ => null,
    };

    /// <summary>Rotated, by this request or a very recent one, at the time given.</summary>
    public sealed record Refreshed(IssuedTokens Tokens, DateTimeOffset LastActivityAt) : RefreshSessionResult;

    /// <summary>Not rotated, as the token came by cookie and is young: it stays current, with a new access token. Don't set the
    /// cookie again, or this response could itself arrive late and bring the token back.</summary>
    public sealed record Kept(IssuedTokens Tokens, DateTimeOffset LastActivityAt) : RefreshSessionResult;

    /// <summary>The refresh token is not valid; with <c>KeyUnknown</c> it is made up, or older than any session.</summary>
    public sealed record Invalid(bool KeyUnknown) : RefreshSessionResult;
    public sealed record Ended(EndReason Reason) : RefreshSessionResult;
    public sealed record Reused : RefreshSessionResult;
}
