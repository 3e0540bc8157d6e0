namespace Serverless.Sessions.Tests.Passkeys;

/// <summary>What docs/passkeys.md promises of an account: its credentials and sessions after each operation, and how the operation ends.</summary>
internal sealed class PasskeyModel(FakeClock clock, bool allowsPasswordRecovery)
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    /// <summary>Null without a password.</summary>
    public string? Password { get; set; }
    public required Email Email { get; set; }

    /// <summary>Registered with a passkey, and has had no password since.</summary>
    public bool IsPasskeyOnly { get; set; }

    /// <summary>Registered with a passkey and without a link, or moved to another email: so perhaps a stranger's.</summary>
    public bool IsUnproved { get; set; }

    // Each with those that are over.
    public List<KnownPasskey> Passkeys { get; } = [];
    public List<KnownSession> Sessions { get; } = [];
    public List<Departure> Departures { get; } = [];
    public Dictionary<LogAction, int> Log { get; } = [];

    public bool MayReset => allowsPasswordRecovery || !IsPasskeyOnly;
    public IEnumerable<KnownPasskey> Present => Passkeys.Where(passkey => !passkey.IsRemoved);
    private DateTimeOffset Now => clock.GetUtcNow();

    public void Open(Session session, bool isByPasskey)
    {
        Sessions.Add(new(session, Now, isByPasskey));
        Record(LogAction.Login);
    }

    public void Register(KnownPasskey passkey)
    {
        Passkeys.Add(passkey);
        Record(LogAction.PasskeyAdded);
    }

    public RemovePasskeyResult Remove(KnownPasskey passkey)
    {
        if (passkey.IsRemoved)
            return new RemovePasskeyResult.NotFound();
        if (Password is null && Present.Count() == 1)
            return new RemovePasskeyResult.LastCredential();
        RemoveSince(passkey.CreatedAt, passkey);
        return new RemovePasskeyResult.Removed();
    }

    public StepUpResult? StepUp(Signed signed, KnownSession session)
    {
        if (session.End is { } reason && Now < signed.ExpiresAt)
            return new StepUpResult.Ended(reason);
        if (Use(signed) is { } refusal)
            return new StepUpResult.Refused(refusal);
        (session.ProvedAt, session.IsByPasskey) = (Now, true);
        Record(LogAction.SteppedUp);
        return null;
    }

    /// <summary>Why it is refused; null if it is right, and used by that.</summary>
    public PasskeyRefusal? Use(Signed signed)
    {
        var passkey = signed.Passkey;
        if (Now >= signed.ExpiresAt)
            return PasskeyRefusal.CeremonyExpired;
        if (signed.IsUsed)
            return PasskeyRefusal.CeremonyUsed;
        if (passkey.IsRemoved)
            return PasskeyRefusal.Unknown;
        signed.IsUsed = true;
        if (signed.Counter <= passkey.Counter)
        {
            Record(LogAction.PasskeyCloned);
            return PasskeyRefusal.Cloned;
        }

        (passkey.Counter, passkey.UsedAt) = (signed.Counter, Now);
        return null;
    }

    /// <summary>Whether the user of a session is asked no more: by the password, or in its place by a fresh proof by passkey.</summary>
    public bool IsProved(KnownSession session, string? password) =>
        password is not null || (session.IsByPasskey && Now - session.ProvedAt <= StepUpOptions.DefaultMaximumAge);

    public void ChangePassword(string password, KnownSession by)
    {
        SetPassword(password);
        End(EndReason.PasswordChanged, except: by);
        Record(LogAction.PasswordChanged);
    }

    public void Reset(string password)
    {
        RemoveSince(IsPasskeyOnly || IsUnproved ? DateTimeOffset.MinValue : Now - Week);
        SetPassword(password);
        IsUnproved = false;
        End(EndReason.PasswordReset);
        Record(LogAction.PasswordReset);
    }

    public void ChangeEmail(Email email, string takesBack, DateTimeOffset at)
    {
        Departures.Add(new(Email, takesBack, at, IsUnproved));
        (Email, IsUnproved) = (email, true);
        Record(LogAction.EmailChanged);
    }

    public bool TakeBack(Departure departure)
    {
        if (departure.IsTakenBack || Now >= departure.At + Week)
            return false;
        RemoveSince(departure.IsUnproved ? DateTimeOffset.MinValue : departure.At - Week);
        (Email, Password, IsPasskeyOnly, IsUnproved) = (departure.From, null, false, false);
        // The later ones are undone with it.
        Departures.SkipWhile(each => each != departure).ToList().ForEach(each => each.IsTakenBack = true);
        End(EndReason.EmailTakenBack);
        Record(LogAction.EmailTakenBack);
        return true;
    }

    private void SetPassword(string password) => (Password, IsPasskeyOnly) = (password, false);

    private void RemoveSince(DateTimeOffset since, KnownPasskey? only = null)
    {
        foreach (var passkey in Present.Where(each => each.CreatedAt >= since && (only ?? each) == each).ToList())
        {
            passkey.IsRemoved = true;
            Record(LogAction.PasskeyRemoved);
        }
    }

    private void End(EndReason reason, KnownSession? except = null) =>
        Sessions.Where(session => session != except).ToList().ForEach(session => session.End ??= reason);

    private void Record(LogAction action) => Log[action] = Log.GetValueOrDefault(action) + 1;
}

internal sealed record KnownPasskey(SoftwarePasskey Key, PasskeyId Id, string Name, DateTimeOffset CreatedAt)
{
    public string Name { get; set; } = Name;
    public uint Counter { get; set; }
    public DateTimeOffset? UsedAt { get; set; }
    public bool IsRemoved { get; set; }
}

internal sealed record KnownSession(Session Session, DateTimeOffset ProvedAt, bool IsByPasskey)
{
    public DateTimeOffset ProvedAt { get; set; } = ProvedAt;
    public bool IsByPasskey { get; set; } = IsByPasskey;
    public EndReason? End { get; set; }
}

/// <summary>What an authenticator has signed; without a session for a login.</summary>
internal sealed record Signed(PasskeyResponse Response, KnownPasskey Passkey, KnownSession? Session, DateTimeOffset ExpiresAt)
{
    public uint Counter { get; } = Passkey.Key.Counter;
    public bool IsUsed { get; set; }
}

/// <summary>A change of email, with the token that takes it back.</summary>
internal sealed record Departure(Email From, string Token, DateTimeOffset At, bool IsUnproved)
{
    public bool IsTakenBack { get; set; }
}
