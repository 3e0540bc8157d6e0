using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Serverless.Sessions.Storage;

namespace Serverless.Sessions.Login;

/// <summary>
/// Hashes and checks passwords with the framework's hasher, on no more cores than there are: hashing is the most expensive
/// thing a stranger can ask for, and must not take the service down.
/// </summary>
public sealed class PasswordHashing : IDisposable
{
    // The hasher's format 3: a mark, the kind of hash, the iterations, the salt's length; salt; key.
    private const int HeaderLength = 13, IterationsAt = 5, SaltLength = 16, KeyLength = 32;

    private static readonly object NoUser = new();
    private readonly PasswordHasher<object> _hasher;
    private readonly SemaphoreSlim _cores = new(Environment.ProcessorCount);
    private readonly TimeSpan _maximumWait;
    private readonly PasswordHash _nobodysHash;
    private int _mostIterations;

    /// <summary>Uses the iterations of <paramref name="options"/>.</summary>
    public PasswordHashing(IOptions<PasswordOptions> options)
    {
        _maximumWait = options.Value.MaximumWait;
        _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = options.Value.Iterations }));
        _nobodysHash = HashOfNoPassword(options.Value.Iterations);
        _mostIterations = options.Value.Iterations;
    }

    /// <summary>Told of the iterations of each check, by which tests see what it costs.</summary>
    internal Action<int>? Checked { get; set; }

    /// <summary>A new hash with a new salt.</summary>
    /// <exception cref="ServiceBusyException">No core came free in time.</exception>
    public Task<PasswordHash> HashAsync(Password password, CancellationToken cancellationToken) =>
        OnACoreAsync(() => new PasswordHash(_hasher.HashPassword(NoUser, password.Text)), cancellationToken);

    /// <summary>
    /// Whether a password is right. Without a stored hash it costs the same and is always wrong, so that the time taken
    /// doesn't tell whether there is an account; and it costs the same whatever the iterations of a stored hash are.
    /// </summary>
    /// <exception cref="ServiceBusyException">No core came free in time.</exception>
    public Task<PasswordCheck> CheckAsync(PasswordHash? stored, Password password, CancellationToken cancellationToken) =>
        OnACoreAsync(() => Check(stored, password), cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _cores.Dispose();

    private PasswordCheck Check(PasswordHash? stored, Password password)
    {
        var hash = stored ?? _nobodysHash;
        var result = _hasher.VerifyHashedPassword(NoUser, hash.Text, password.Text);
        TopUp(IterationsOf(hash), password);
        return result switch
        {
            _ when stored is null => PasswordCheck.Wrong,
            PasswordVerificationResult.Success => PasswordCheck.Right,
            PasswordVerificationResult.SuccessRehashNeeded => PasswordCheck.SuccessRehashNeeded,
            _ => PasswordCheck.Wrong,
        };
    }

    // Were a lighter hash checked at its own cost, a changed number of iterations would show which emails have an account. A
    // heavier one, of a number that was lowered, is what all cost from then on.
    private void TopUp(int iterations, Password password)
    {
        int most;
        while ((most = Volatile.Read(ref _mostIterations)) < iterations)
            Interlocked.CompareExchange(ref _mostIterations, iterations, most);

        var missing = most - iterations;
        if (missing > 0)
            Rfc2898DeriveBytes.Pbkdf2(password.Text, new byte[SaltLength], missing, HashAlgorithmName.SHA512, KeyLength);
        Checked?.Invoke(iterations + Math.Max(missing, 0));
    }

    // The hasher's format 3 says its iterations; format 2 is as good as none.
    private static int IterationsOf(PasswordHash hash)
    {
        Span<byte> bytes = stackalloc byte[128];
        return Convert.TryFromBase64String(hash.Text, bytes, out var length) && length > HeaderLength && bytes[0] == 1
            ? BinaryPrimitives.ReadInt32BigEndian(bytes[IterationsAt..])
            : 0;
    }

    // The hasher's format 3 with a random salt and a random key: checking against it costs what a real check does, and making
    // it costs nothing at start-up.
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

    private async Task<T> OnACoreAsync<T>(Func<T> work, CancellationToken cancellationToken)
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

/// <summary>What a password check found.</summary>
public enum PasswordCheck
{
    /// <summary>Not the password.</summary>
    Wrong,

    /// <summary>The password.</summary>
    Right,

    /// <summary>The password, but its hash was made with fewer iterations than are asked for now.</summary>
    SuccessRehashNeeded,
}
