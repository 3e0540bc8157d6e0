using Microsoft.AspNetCore.Identity;

namespace Serverless.Sessions.Login;

/// <summary>Hashes and checks passwords with the framework's hasher, at most one per core: hashing is the most expensive thing an
/// anonymous caller can trigger. Throws <see cref="ServiceBusyException"/> if no core is free in time.</summary>
public sealed class PasswordHashing(IOptions<PasswordOptions> options) : IDisposable
{
    // The hasher's format 3: marker, PRF, iterations, salt length; salt; key.
    private const int HeaderLength = 13, IterationsAt = 5, SaltLength = 16, KeyLength = 32;

    private static readonly object NoUser = new();
    private readonly PasswordHasher<object> _hasher = new(
        Options.Create(new PasswordHasherOptions { IterationCount = options.Value.Iterations }));
    private readonly SemaphoreSlim _cores = new(Environment.ProcessorCount);
    private readonly TimeSpan _maximumWait = options.Value.MaximumWait;
    private readonly PasswordHash _nobodysHash = HashOfNoPassword(options.Value.Iterations);
    private int _mostIterations = options.Value.Iterations;

    /// <summary>Receives the iterations of each check, so that tests can assert its cost.</summary>
    internal Action<int>? Checked { get; set; }

    public Task<PasswordHash> HashAsync(Password password, CancellationToken cancellationToken) =>
        RunOnCoreAsync(() => new PasswordHash(_hasher.HashPassword(NoUser, password.Text)), cancellationToken);

    /// <summary>Costs the same with and without a stored hash, so time doesn't reveal whether an account exists.</summary>
    public Task<PasswordCheck> CheckAsync(PasswordHash? stored, Password password, CancellationToken cancellationToken) =>
        RunOnCoreAsync(() => Check(stored, password), cancellationToken);

    public void Dispose() => _cores.Dispose();

    private PasswordCheck Check(PasswordHash? stored, Password password)
    {
        var hash = stored ?? _nobodysHash;
        var result = _hasher.VerifyHashedPassword(NoUser, hash.Text, password.Text);
        EqualizeTime(IterationsOf(hash), password);
        return result switch
        {
            PasswordVerificationResult.Success when stored is not null => PasswordCheck.Right,
            PasswordVerificationResult.SuccessRehashNeeded when stored is not null => PasswordCheck.SuccessRehashNeeded,
            _ => PasswordCheck.Wrong,
        };
    }

    // Checking a weaker hash at its own cost would reveal which emails have an account once the iterations are raised. After they
    // are lowered, every check costs as much as the strongest hash seen so far.
    private void EqualizeTime(int iterations, Password password)
    {
        int most;
        while ((most = Volatile.Read(ref _mostIterations)) < iterations)
            Interlocked.CompareExchange(ref _mostIterations, iterations, most);

        var missing = most - iterations;
        if (missing > 0)
            Rfc2898DeriveBytes.Pbkdf2(password.Text, new byte[SaltLength], missing, HashAlgorithmName.SHA512, KeyLength);
        Checked?.Invoke(iterations + Math.Max(missing, 0));
    }

    // Format 3 states its iterations; those of format 2 are negligible.
    private static int IterationsOf(PasswordHash hash)
    {
        Span<byte> bytes = stackalloc byte[128];
        return Convert.TryFromBase64String(hash.Text, bytes, out var length) && length > HeaderLength && bytes[0] == 1
            ? BinaryPrimitives.ReadInt32BigEndian(bytes[IterationsAt..])
            : 0;
    }

    // Format 3 with a random salt and key: a check against it costs what a real one does, and making it costs nothing.
    private static PasswordHash HashOfNoPassword(int iterations)
    {
        const int pbkdf2HmacSha512 = 2;
        var bytes = RandomNumberGenerator.GetBytes(HeaderLength + SaltLength + KeyLength);
        bytes[0] = 1;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), pbkdf2HmacSha512);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(IterationsAt), iterations);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(9), SaltLength);
        return new(Convert.ToBase64String(bytes));
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

public sealed class PasswordOptions
{
    /// <summary>The most characters of a password; longer ones are refused before any hashing.</summary>
    public const int MaximumLength = 128;

    // NIST SP 800-63B asks for at least 8.
    [Setting("the fewest characters of a new password", "your policy requires longer ones")]
    [Range(8, 64)]
    public int MinimumLength { get; set; } = 12;

    /// <summary>The fewest iterations outside Development (OWASP Password Storage Cheat Sheet).</summary>
    public const int SafeIterations = 220_000;

    [Setting("iterations of PBKDF2-HMAC-SHA512, at least 220000 outside Development; a hash with fewer is renewed at the next login",
        "OWASP raises its recommendation, and the CPU can take it")]
    [Range(1_000, 10_000_000)]
    public int Iterations { get; set; } = SafeIterations;

    [Setting("how long a login may wait for earlier ones with the same email, and again for a free core to hash on, before it gets 503",
        "event 1002 is frequent and callers would rather wait")]
    [Duration("00:00:00", "00:00:10")]
    public TimeSpan MaximumWait { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Returns why a new password is refused, as a sentence for the user; null if it is accepted. Length is the only
    /// rule, with a maximum as hashing is costly (NIST SP 800-63B, 3.1.1.2).</summary>
    public string? Refuse(Password password) =>
        password.Length < MinimumLength ? $"A password needs at least {MinimumLength} characters."
        : password.Length > MaximumLength ? $"A password has at most {MaximumLength} characters."
        : null;
}
