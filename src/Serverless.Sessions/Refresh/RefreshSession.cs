namespace Serverless.Sessions.Refresh;

/// <summary>Refreshes a session by one conditional write, derived from the token alone. The session is read only if storage
/// refuses the write, where <see cref="RefreshVerdict"/> decides, or for a token that has expired, or comes from a cookie and is
/// young.</summary>
public sealed class RefreshSession(
    ISessionStore sessions, EndSession endSession, CheckRefreshLocation checkLocation, SessionCache cache, KeyRingSource keys,
    SessionPolicies policies, IOptions<SessionOptions> sessionOptions, IOptions<TokenOptions> tokenOptions, TimeProvider clock, ILogger<RefreshSession> log)
{
    /// <param name="text">The token, as it was sent.</param>
    /// <param name="attempt">A random value of the client, if it sent one.</param>
    /// <param name="idleFor">How long the user has done nothing, as the client says.</param>
    /// <param name="byCookie">Whether the token came by cookie.</param>
    /// <param name="client">Where it comes from.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<RefreshSessionResult> ExecuteAsync(
        string text, string? attempt, TimeSpan idleFor, bool byCookie, ClientInfo client, CancellationToken cancellationToken)
    {
        var (check, token) = await RefreshTokenCodec.ReadAsync(text, keys, cancellationToken);
        if (token is null)
            return new RefreshSessionResult.Invalid(check == TokenCheck.UnknownKey);
        var now = clock.Now();
        // The session may still be valid: the reply with the successor was lost, or the token was spent long ago.
        var expired = SessionEnd.ByExpiry(now, token.ExpiresAt, token.ExpiryReason, token.AbsoluteExpiresAt);

        AttemptHash? attemptHash = attempt is null ? null : AttemptHash.Of(attempt);
        var grace = sessionOptions.Value.Grace;
        // A user who comes back late stays, however young the token is.
        var keepsYoung = byCookie && Rotation.Of(token, attemptHash, now, policies, idleFor).ExpiresAt - token.ExpiresAt < grace;
        var mayRotate = expired is null && (!keepsYoung || !RefreshVerdict.IsWithinGrace(token, now, grace));
        var change = checkLocation.Find(token, client, now);
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            var rotation = Rotation.Of(token, attemptHash, now, policies, idleFor) with { Location = client.Location };
            if (rotation.Ending is not null)
                mayRotate = false;
            if (mayRotate && change is not null && await checkLocation.ReportAsync(token, change, client, now, cancellationToken) is { } over)
                return new RefreshSessionResult.Ended(over);
            if (change is not null)
                rotation = checkLocation.Mark(rotation, client);
            if (mayRotate && await TryRotateAsync(rotation, client, cancellationToken) is { } successors)
            {
                if (change is not null)
                    checkLocation.Post(token, now);
                return new RefreshSessionResult.Refreshed(successors, now);
            }

            var stored = await sessions.FindAsync(token.UserId, token.SessionId, cancellationToken);
            if (stored is null && expired is not null)
                return new RefreshSessionResult.Ended(expired.Reason);
            switch (RefreshVerdict.Of(token, attemptHash, stored?.Session, now, grace, keepsYoung))
            {
                case RefreshVerdict.Ended ended:
                    return new RefreshSessionResult.Ended(ended.Reason);
                case RefreshVerdict.RotateAgain:
                    token = Renew(token, stored!);
                    mayRotate = true;
                    if (Rotation.Of(token, attemptHash, now, policies, idleFor).Ending is { Reason: var reason }
                        && await TryEndAsync(stored!, reason, now, client, cancellationToken))
                        return new RefreshSessionResult.Ended(reason);
                    continue;
                case RefreshVerdict.AlreadyRotated:
                    var current = stored!.Session.ToRefreshToken(stored.Version, now);
                    return new RefreshSessionResult.Refreshed(
                        await IssueAsync(current, now, cancellationToken), stored.Session.LastActivityAt);
                case RefreshVerdict.Keep:
                    return new RefreshSessionResult.Kept(
                        await IssueAsync(Renew(token, stored!), now, cancellationToken), stored!.Session.LastActivityAt);
                case RefreshVerdict.Reused:
                    // End the session even if the thief hangs up.
                    var reused = token;
                    var ending = await Detached.RunAsync(clock, own => endSession.ExecuteAsync(
                        reused.UserId, reused.SessionId, EndReason.TokenReuse, Actor.Of(client), own));
                    if (ending is EndSessionResult.AlreadyEnded before)
                        return new RefreshSessionResult.Ended(before.Reason);
                    if (ending is EndSessionResult.NotFound)
                        return new RefreshSessionResult.Ended(EndReason.Unknown);
                    log.TokenReused($"{token.SessionId}", $"{token.UserId}", MaskedAddress.Of(client.IpAddress));
                    return new RefreshSessionResult.Reused();
            }
        }
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

    private async Task<IssuedTokens?> TryRotateAsync(Rotation rotation, ClientInfo client, CancellationToken cancellationToken)
    {
        var (token, now) = (rotation.Token, rotation.At);
        var ring = await keys.GetAsync(cancellationToken);
        var action = rotation.Regenerates ? LogAction.SessionRegenerated : LogAction.TokenRefresh;
        var unchained = new LogEntry(action, now, token.SessionId, client);
        var entry = AuditChain.Append(token.Audit, unchained, token.UserId, ring.AuditKeyAt(now));
        var audited = rotation with { Audit = entry.Head };
        var rotating = sessions.TryRotateAsync(audited, entry, cancellationToken);
        // The access token doesn't depend on storage's answer, so sign it in the meantime.
        var access = AccessToken.For(audited.Succeed(token.Version), now, tokenOptions.Value);
        var accessText = AccessTokenCodec.Write(access, ring, tokenOptions.Value, now);
        var version = await rotating;
        cache.Drop(token.SessionId);
        if (version is not { } stored)
            return null;
        var successor = audited.Succeed(stored);
        return new(accessText, access, RefreshTokenCodec.Write(successor, ring, now), successor);
    }

    private async Task<IssuedTokens> IssueAsync(RefreshToken token, DateTimeOffset now, CancellationToken cancellationToken) =>
        IssuedTokens.Issue(token, await keys.GetAsync(cancellationToken), tokenOptions.Value, now);
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
