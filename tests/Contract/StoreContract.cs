namespace Serverless.Testing;

/// <summary>What every set of stores keeps to; compiled into the tests of each.</summary>
public abstract partial class StoreContract : KeyRingContract
{
    protected abstract Stores Stores { get; }

    protected override IKeyRingStore Keys => Stores.Keys;

    private static Account NewAccount() => new(
        UserId.New(Now), Service.NewEmail(), new("hash"), ["admin", "reader"], AccountState.Active, Ulid.New(Now),
        CreatedAt: Now);

    private static (Session Session, LogEntry Entry, Ulid Epoch) NewSession(UserId? user = null, ClientInfo? client = null)
    {
        var account = NewAccount();
        var session = Session.Start(account with { Id = user ?? account.Id }, client ?? Service.Client, remember: true, Now, new());
        return (session with { Audit = AnyHead(1) }, EntryFor(session, LogAction.Login) with { At = Now.AddSeconds(-1) }, account.Epoch);
    }

    private static LogEntry EntryFor(Session session, LogAction action) => new(action, Now)
    {
        SessionId = session.Id, Client = Service.Client,
        Link = new(7, AnyHead(7).Code, KeyId.New(), IsFinal: action == LogAction.Logout),
        Methods = action == LogAction.Login ? AuthenticationMethods.HardwareKey | AuthenticationMethods.MultiFactor : AuthenticationMethods.None,
    };

    private static AuditHead AnyHead(int count) => new(count, new(SessionId.New().Value));

    private async Task<(Session Session, RowVersion Version)> OpenAsync(UserId? user = null, ClientInfo? client = null)
    {
        var (session, entry, epoch) = NewSession(user, client);
        await Stores.Epochs.TryOpenEpochAsync(NewAccount() with { Id = session.UserId, Epoch = epoch }, null, default);
        return (session, (await Stores.Sessions.TryOpenAsync(session, epoch, entry, [], null, default))!.Value);
    }

    private async Task<IReadOnlyList<LogEntry>> LogOfAsync(Session session) =>
        (await Stores.Log.ReadAsync(LogOwner.Of(session.UserId), null, 1000, default)).Entries;
}
