using System.Collections.Concurrent;

namespace Serverless.Sessions.Passwords;

/// <summary>Hashes and checks passwords, at most one per core, which bounds the memory that it takes, too: hashing is the most expensive
/// thing an anonymous caller can trigger. Throws <see cref="ServiceBusyException"/> if no core is free in time.</summary>
public sealed class PasswordHashing(IOptions<PasswordOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _cores = new(Environment.ProcessorCount);
    private readonly TimeSpan _maximumWait = options.Value.MaximumWait;
    private readonly Argon2Cost _cost = options.Value.WeakHashes ? Argon2Cost.Weak : Argon2Cost.Safe;
    private readonly int _iterations = options.Value.WeakHashes ? 1_000 : Pbkdf2Hash.SafeIterations;

    // Of each kind met so far, the hash that costs most.
    private readonly ConcurrentDictionary<string, StoredHash> _costliest = [];

    /// <summary>Why new hashes are PBKDF2 and not Argon2id; null if they are Argon2id.</summary>
    public string? WhyNoArgon2 { get; internal init; } = NativeArgon2.WhyNot;

    /// <summary>Receives the work of each check by kind, so that tests can assert its cost.</summary>
    internal Action<string>? Checked { get; set; }

    public Task<PasswordHash> HashAsync(Password password, CancellationToken cancellationToken) => RunOnCoreAsync(
        () => WhyNoArgon2 is null ? Argon2idHash.Create(password, _cost).Write() : Pbkdf2Hash.Create(password, _iterations).Write(),
        cancellationToken);

    /// <summary>Costs the same with and without a stored hash, and with one of whatever kind, so time doesn't reveal whether an account
    /// exists.</summary>
    /// <exception cref="StorageUnavailableException">The stored hash is of no kind that this version knows.</exception>
    public Task<PasswordCheck> CheckAsync(PasswordHash? stored, Password password, CancellationToken cancellationToken) =>
        RunOnCoreAsync(() => Check(stored, password), cancellationToken);

    public void Dispose() => _cores.Dispose();

    private PasswordCheck Check(PasswordHash? stored, Password password)
    {
        var hash = stored is { } text ? StoredHash.Read(text.Text) : null;
        var isRight = hash?.Matches(password) == true;
        EqualizeCost(hash, password);
        // Whether it is the right one, a newer version may know.
        if (stored is not null && hash is null)
            throw new StorageUnavailableException("A stored password hash is of no known kind.") { IsOneRow = true };
        return !isRight ? PasswordCheck.Wrong : IsCurrent(hash!) ? PasswordCheck.Right : PasswordCheck.SuccessRehashNeeded;
    }

    private bool IsCurrent(StoredHash hash) => hash switch
    {
        Argon2idHash argon2 => argon2.Is(_cost),
        Pbkdf2Hash pbkdf2 => WhyNoArgon2 is not null && (pbkdf2.IsSafe || options.Value.WeakHashes),
        _ => false,
    };

    // Every check computes one hash of each kind that this instance has met, the costliest of it: its own, or one in vain. Otherwise a
    // hash of another kind or cost, until its renewal, would tell that the email has an account.
    private void EqualizeCost(StoredHash? hash, Password password)
    {
        if (_costliest.IsEmpty)
        {
            StoredHash nobodys = WhyNoArgon2 is null ? Argon2idHash.OfNobody(_cost) : Pbkdf2Hash.OfNobody(_iterations);
            _costliest.TryAdd(nobodys.Kind, nobodys);
        }

        if (hash is not null)
            _costliest.AddOrUpdate(hash.Kind, hash, (_, most) => most.Work < hash.Work ? hash : most);
        var work = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (kind, most) in _costliest)
        {
            var done = kind == hash?.Kind ? hash.Work : 0;
            if (most.Work > done)
                most.Spend(password, most.Work - done);
            work[kind] = Math.Max(most.Work, done);
        }

        Checked?.Invoke(string.Join(", ", work));
    }

    private async Task<T> RunOnCoreAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        if (!await _cores.WaitAsync(_maximumWait, cancellationToken))
            throw new ServiceBusyException();
        try
        {
            return await Task.Run(work, cancellationToken);
        }
        finally
        {
            _cores.Release();
        }
    }
}

public enum PasswordCheck
{
    Wrong,
    Right,
    SuccessRehashNeeded,
}
