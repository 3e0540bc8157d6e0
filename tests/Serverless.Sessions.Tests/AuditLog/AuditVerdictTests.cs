namespace Serverless.Sessions.Tests.AuditLog;

public sealed class AuditVerdictTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);
    private static readonly UserId User = UserId.New(Now);
    private static readonly SessionId Id = SessionId.New();
    private static readonly KeyRing Ring = KeyRing.Create(Now);
    private static readonly ClientInfo Client = new("203.0.113.7", "test/1.0", "a laptop");

    private static readonly Dictionary<string, Action<AuditVerdictTests>> Harmless = new()
    {
        ["nothing"] = _ => { },
        ["an end"] = test => test.End(),
        ["an end, and the removal of the session"] = test => test.EndAndRemove(),
        ["entries that are read in another order"] = test => test._entries.Reverse(),
        ["an entry about the account"] = test => test._entries.Add(NewEntry(LogAction.PasswordChanged)),
    };

    private static readonly Dictionary<string, (AuditBreak Break, int? Sequence, Action<AuditVerdictTests> Act)> Harmful = new()
    {
        ["the first entry is gone"] = (AuditBreak.EntryMissing, 1, test => test._entries.RemoveAt(0)),
        ["an entry is gone"] = (AuditBreak.EntryMissing, 3, test => test._entries.RemoveAt(2)),
        ["the last entry is gone"] = (AuditBreak.EntryMissing, 4, test => test._entries.RemoveAt(3)),
        ["the whole record is gone"] = (AuditBreak.EntryMissing, 1, test => test._entries.Clear()),
        ["an entry is of another user"] = (AuditBreak.EntryChanged, 2, test =>
            test._entries[1] = AuditChain.Append(test._entries[0].Head, test._entries[1], UserId.New(Now), Ring.AuditKeys[0])),
        ["entries changed places"] = (AuditBreak.EntryChanged, 2, test =>
            (test._entries[1], test._entries[3]) = (Moved(test._entries[1], 4), Moved(test._entries[3], 2))),
        ["an entry was copied"] = (AuditBreak.EntryAdded, 2, test =>
            test._entries.Add(test._entries[1] with { Id = Guid.NewGuid() })),
        ["an entry has no link"] = (AuditBreak.EntryAdded, null, test => test._entries.Add(NewEntry(LogAction.TokenRefresh))),
        ["nobody knows an action"] = (AuditBreak.EntryAdded, null, test =>
            test._entries.Add(NewEntry(new LogAction("something_else")))),
        ["the session was ended by hand"] = (AuditBreak.EndMissing, 5, test =>
            test._session = test._session!.End(EndReason.Admin, Now, Guid.NewGuid())),
        ["the session was set back"] = (AuditBreak.SessionChanged, 4, test =>
            test._session = test._session! with { Audit = test._entries[1].Head }),
    };

    private readonly List<LogEntry> _entries = [];
    private Session? _session;
    private AuditCheckpoint? _cut;

    public AuditVerdictTests()
    {
        (_session, var login) = AuditChain.Begin(NewSession(), Ring.AuditKeys[0]);
        _entries.Add(login);
        foreach (var action in new[] { LogAction.TokenRefresh, LogAction.RolesChanged, LogAction.TokenRefresh })
            Append(action);
    }

    public static TheoryData<string> WhatIsHarmless => [.. Harmless.Keys];
    public static TheoryData<string> WhatIsHarmful => [.. Harmful.Keys];

    [Theory]
    [MemberData(nameof(WhatIsHarmless))]
    public void What_belongs_to_a_life_leaves_the_record_whole(string what)
    {
        Harmless[what](this);
        IsWhole();
    }

    [Theory]
    [MemberData(nameof(WhatIsHarmful))]
    public void What_somebody_did_to_the_tables_is_found(string what)
    {
        var (kind, sequence, act) = Harmful[what];
        act(this);
        Breaks(kind, sequence);
    }

    [Fact]
    public void A_missing_end_is_found_after_the_session_is_gone()
    {
        EndAndRemove();
        _entries.RemoveAt(4);
        Breaks(AuditBreak.EndMissing, 5);
    }

    public static TheoryData<string, Func<LogEntry, LogEntry>> Edits => new()
    {
        { "id", entry => entry with { Id = Guid.NewGuid() } },
        { "action", entry => entry with { Action = LogAction.SessionRegenerated } },
        { "time", entry => entry with { At = entry.At.AddTicks(1) } },
        { "session", entry => entry with { SessionId = SessionId.New() } },
        { "no client", entry => entry with { Client = null } },
        { "address", entry => entry with { Client = Client with { IpAddress = "203.0.113.8" } } },
        { "user agent", entry => entry with { Client = Client with { UserAgent = null } } },
        { "device", entry => entry with { Client = Client with { Device = "" } } },
        { "location", entry => entry with { Client = Client with { Location = new("DE") } } },
        { "moved text", entry => entry with { Client = new("203.0.113.7", "test/1.0a", " laptop") } },
        { "administrator", entry => entry with { Administrator = User } },
        { "success", entry => entry with { Success = false } },
        { "error", entry => entry with { Error = "admin" } },
        { "methods", entry => entry with { Methods = AuthenticationMethods.Password } },
        { "seal", entry => entry with { Link = entry.Link! with { IsFinal = true } } },
        { "code", entry => entry with { Link = entry.Link! with { Code = default } } },
    };

    [Theory]
    [MemberData(nameof(Edits))]
    public void An_edited_entry_is_found(string what, Func<LogEntry, LogEntry> edit)
    {
        Assert.NotEmpty(what);
        _entries[1] = edit(_entries[1]);
        Assert.Equal(_entries[1].Id, Breaks(AuditBreak.EntryChanged, 2).EntryId);
    }

    [Theory]
    [InlineData(AuthenticationMethods.None)]
    [InlineData(AuthenticationMethods.HardwareKey)]
    public void Methods_of_a_login_that_were_removed_or_exchanged_are_found(AuthenticationMethods methods)
    {
        Assert.NotEqual(methods, _entries[0].Methods);
        _entries[0] = _entries[0] with { Methods = methods };
        Assert.Equal(_entries[0].Id, Breaks(AuditBreak.EntryChanged, 1).EntryId);
    }

    [Fact]
    public void An_entry_of_the_previous_release_which_had_no_methods_keeps_its_code()
    {
        var login = new LogEntry(LogAction.Login, DateTimeOffset.UnixEpoch, new SessionId(2), Client) { Id = new SessionId(4).ToGuid() };
        var key = new MacKey(new(3), DateTimeOffset.UnixEpoch, new byte[32]);
        var link = new AuditLink(1, default, key.Id, IsFinal: false);
        Assert.True(EntryMac.TryParse("ca6739f4193ad0f715d1e108df95e0bf", out var code));
        Assert.True(AuditChain.Follows(default, login with { Link = link with { Code = code } }, new(0, new(1)), key));
    }

    [Fact]
    public void An_entry_behind_the_end_is_found()
    {
        End();
        Append(LogAction.TokenRefresh);
        Breaks(AuditBreak.EntryAdded, 6);
    }

    [Fact]
    public void A_session_that_was_brought_back_to_life_is_found()
    {
        End();
        _session = _session! with { Ending = null };
        Breaks(AuditBreak.SessionChanged, 5);
    }

    public static TheoryData<string, Func<SessionEnd, SessionEnd>> OtherEndings => new()
    {
        { "reason", ending => ending with { Reason = EndReason.LogoutAll } },
        { "reason of the same action", ending => ending with { Reason = EndReason.Revoked } },
        { "time", ending => ending with { At = ending.At.AddMilliseconds(1) } },
        { "entry", ending => ending with { EntryId = Guid.NewGuid() } },
    };

    [Theory]
    [MemberData(nameof(OtherEndings))]
    public void An_end_that_was_edited_in_the_session_is_found(string what, Func<SessionEnd, SessionEnd> edit)
    {
        Assert.NotEmpty(what);
        End(what == "reason of the same action" ? EndReason.Evicted : EndReason.Logout);
        _session = _session! with { Ending = edit(_session.Ending!) };
        Breaks(AuditBreak.SessionChanged, 5);
    }

    [Fact]
    public void A_forged_login_is_found_whatever_else_was_taken_away()
    {
        var forged = _entries[0] with { Link = null, Client = Client with { IpAddress = "198.51.100.1" } };
        _entries[0] = forged;
        Breaks(AuditBreak.EntryMissing, 1);
        _entries.RemoveRange(1, 3);
        Breaks(AuditBreak.EntryAdded, null);
        _session = _session! with { Audit = default };
        Breaks(AuditBreak.NotChained, null);
    }

    [Fact]
    public void A_session_of_before_there_were_chains_says_so_and_gets_none()
    {
        var refresh = NewEntry(LogAction.TokenRefresh);
        Assert.Equal(refresh, AuditChain.Append(default, refresh, User, Ring.AuditKeys[0]));
        Assert.Equal(AuditBreak.NotChained, AuditVerdict.Of(User, NewSession(), new([refresh], null), Ring).Break);
        Assert.Equal(AuditBreak.NotChained, AuditVerdict.Of(User, null, new([refresh], null), Ring).Break);
    }

    [Fact]
    public void An_entry_of_a_key_that_is_unknown_says_so() =>
        Assert.Equal(new(AuditBreak.KeyUnknown, 1, _entries[0].Id), Judge(KeyRing.Create(Now)));

    [Fact]
    public void A_record_across_a_rotation_of_keys_is_whole()
    {
        var later = Now.AddDays(366);
        var ring = Ring.Rotate(Now, new KeysOptions().RotationNotice).Rotate(later, new KeysOptions().RotationNotice);
        var entry = AuditChain.Append(_session!.Audit, new(LogAction.TokenRefresh, later, Id), User, ring.AuditKeyAt(later));
        Assert.NotEqual(Ring.AuditKeys[0].Id, entry.Link!.Key);
        Assert.Null(AuditVerdict.Of(User, _session with { Audit = entry.Head }, new([.. _entries, entry], _cut), ring).Break);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void What_retention_has_left_is_whole(int removed)
    {
        Cut(removed);
        IsWhole();
        End();
        IsWhole();
        _session = null;
        IsWhole();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void A_mark_that_was_deleted_is_found(int removed)
    {
        Cut(removed);
        _cut = null;
        Breaks(AuditBreak.EntryMissing, 1);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void A_mark_that_was_set_back_is_found(int removed)
    {
        Cut(1);
        var older = _cut;
        Cut(removed - 1);
        _cut = older;
        Breaks(AuditBreak.EntryMissing, 2);
    }

    public static TheoryData<string, Func<AuditCheckpoint, AuditCheckpoint>> EditedMarks => new()
    {
        { "count", cut => cut with { Head = cut.Head with { Count = 3 } } },
        { "code", cut => cut with { Head = cut.Head with { Code = default } } },
        { "seal", cut => cut with { Seal = new(cut.Seal.Value + 1) } },
        { "other session", cut => AuditChain.Cut(SessionId.New(), User, cut.Head, Ring.AuditKeys[0]) with { SessionId = Id } },
        { "other user", cut => AuditChain.Cut(Id, UserId.New(Now), cut.Head, Ring.AuditKeys[0]) },
        { "made up", cut => cut with { Seal = cut.Head.Code } },
    };

    [Theory]
    [MemberData(nameof(EditedMarks))]
    public void A_mark_that_was_edited_or_taken_from_elsewhere_is_found(string what, Func<AuditCheckpoint, AuditCheckpoint> edit)
    {
        Assert.NotEmpty(what);
        Cut(2);
        _cut = edit(_cut!);
        Breaks(AuditBreak.CutChanged, _cut.Head.Count);
    }

    [Fact]
    public void A_mark_in_front_of_the_entries_that_it_says_are_gone_is_found()
    {
        var login = _entries[0];
        Cut(2);
        _entries.Insert(0, login);
        Assert.Equal(login.Id, Breaks(AuditBreak.EntryAdded, 1).EntryId);
    }

    [Fact]
    public void A_mark_of_a_key_that_is_unknown_says_so()
    {
        Cut(2);
        Assert.Equal(new(AuditBreak.KeyUnknown, 2), Judge(KeyRing.Create(Now)));
    }

    [Fact]
    public void Where_nothing_but_a_mark_is_left_the_end_is_missing()
    {
        Cut(4);
        _session = null;
        Breaks(AuditBreak.EndMissing, 5);
    }

    private static Session NewSession() => new(
        Id, User, Serverless.Testing.Service.NewEmail(), Roles: [], Client, Remember: true, CreatedAt: Now, LastActivityAt: Now,
        ExpiresAt: Now, AbsoluteExpiresAt: Now, NumberStartedAt: Now);

    private static LogEntry NewEntry(LogAction action) => new(action, Now) { SessionId = Id };
    private static LogEntry Moved(LogEntry entry, int sequence) => entry with { Link = entry.Link! with { Sequence = sequence } };

    private void End(EndReason? reason = null)
    {
        var ending = SessionEnding.Of(
            new(_session!, new("v1")), reason ?? EndReason.Logout, Now.AddMinutes(9), null, Guid.NewGuid(), Ring.AuditKeys[0]);
        _entries.Add(ending.Entry);
        _session = ending.Ended;
    }

    private void EndAndRemove()
    {
        End();
        _session = null;
    }

    // What retention does with the oldest entries.
    private void Cut(int count)
    {
        _cut = AuditChain.Cut(Id, User, _entries[count - 1].Head, Ring.AuditKeys[0]);
        _entries.RemoveRange(0, count);
    }

    private void Append(LogAction action)
    {
        var entry = NewEntry(action) with { At = Now.AddMinutes(_entries.Count), Client = Client };
        _entries.Add(AuditChain.Append(_session!.Audit, entry, User, Ring.AuditKeys[0]));
        _session = _session with { Audit = _entries[^1].Head };
    }

    private AuditVerdict Judge(KeyRing? ring = null) => AuditVerdict.Of(User, _session, new(_entries, _cut), ring ?? Ring);
    private void IsWhole() => Assert.Equal(new(Break: null), Judge());

    private AuditVerdict Breaks(AuditBreak kind, int? sequence)
    {
        var verdict = Judge();
        Assert.Equal((kind, sequence), (verdict.Break, verdict.Sequence));
        return verdict;
    }
}
