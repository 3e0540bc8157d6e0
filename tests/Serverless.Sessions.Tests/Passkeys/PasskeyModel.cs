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
    public IEnumerable<KnownPasskey> Usable => Present.Where(passkey => !passkey.IsForReview);
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
        if (Password is null && Usable.SequenceEqual([passkey]))
            return new RemovePasskeyResult.LastCredential();
        RemoveSince(passkey.CreatedAt, passkey);
        return new RemovePasskeyResult.Removed();
    }

    /// <summary>Whether it waited for a review; null if it is gone.</summary>
    public bool? Keep(KnownPasskey passkey)
    {
        if (passkey.IsRemoved)
            return null;
        var isNew = passkey.IsForReview;
        passkey.IsForReview = false;
        if (isNew)
            Record(LogAction.PasskeyReviewed);
        return isNew;
    }

    public StepUpResult? StepUp(string password, KnownSession session)
    {
        if (password != Password)
            return new StepUpResult.WrongPassword(Locks: false);
        if (session.End is { } reason)
            return new StepUpResult.Ended(reason);
        Prove(session, isByPasskey: false);
        return null;
    }

    public StepUpResult? StepUp(Signed signed, KnownSession session)
    {
        if (session.End is { } reason && Now < signed.ExpiresAt)
            return new StepUpResult.Ended(reason);
        if (Use(signed) is { } refusal)
            return new StepUpResult.Refused(refusal);
        Prove(session, isByPasskey: true);
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
        if (signed.Counter <= passkey.Counter)
        {
            signed.IsUsed = true;
            Record(LogAction.PasskeyCloned);
            return PasskeyRefusal.Cloned;
        }

        if (passkey.IsForReview)
            return PasskeyRefusal.ForReview;
        signed.IsUsed = true;
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

    /// <summary>Why an administrator can't secure the account; null if it is done.</summary>
    public SecureAccountResult? Secure(bool disables)
    {
        if (!disables && !MayReset)
            return new SecureAccountResult.NoReset(ResetRefusal.RecoveryOff);
        // A link may be written later than its change.
        if (!disables && Departures.Exists(departure => !departure.IsTakenBack && Now < departure.At + (2 * Week)))
            return new SecureAccountResult.NoReset(ResetRefusal.EmailChanged);
        // Where its user has nothing else, nobody could review one.
        if (MayReset || Password is not null)
            Present.ToList().ForEach(passkey => passkey.IsForReview = true);
        if (!disables)
            Password = null;
        End(EndReason.Admin);
        Record(LogAction.AccountSecured);
        return null;
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

    private void Prove(KnownSession session, bool isByPasskey)
    {
        (session.ProvedAt, session.IsByPasskey) = (Now, isByPasskey);
        Record(LogAction.SteppedUp);
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
    public bool IsForReview { get; set; }
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
