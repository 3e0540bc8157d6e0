using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Serverless.Sessions.Accounts;

/// <summary>
/// Hashes and checks passwords with the framework's hasher, on no more cores than there are: hashing is the most expensive
/// thing a stranger can ask for, and must not take the service down.
/// </summary>
public sealed class PasswordHashing : IDisposable
{
    private static readonly object NoUser = new();
    private readonly PasswordHasher<object> _hasher;
    private readonly SemaphoreSlim _cores = new(Environment.ProcessorCount);
    private readonly TimeSpan _maximumWait;
    private readonly PasswordHash _nobodysHash;

    /// <summary>Uses the iterations of <paramref name="options"/>.</summary>
    public PasswordHashing(IOptions<PasswordOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _maximumWait = TimeSpan.FromSeconds(options.Value.MaximumWaitSeconds);
        _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = options.Value.Iterations }));
        _nobodysHash = HashOfNoPassword(options.Value.Iterations);
    }

    /// <summary>A new hash with a new salt.</summary>
    /// <exception cref="ServiceBusyException">No core came free in time.</exception>
    public Task<PasswordHash> HashAsync(Password password, CancellationToken cancellationToken) =>
        OnACoreAsync(() => new PasswordHash(_hasher.HashPassword(NoUser, password.Text)), cancellationToken);

    /// <summary>
    /// Whether a password is right. Without a stored hash it costs the same and is always wrong, so that the time taken
    /// doesn't tell whether there is an account.
    /// </summary>
    /// <exception cref="ServiceBusyException">No core came free in time.</exception>
    public Task<PasswordCheck> CheckAsync(PasswordHash? stored, Password password, CancellationToken cancellationToken) =>
        OnACoreAsync(() => Check(stored, password), cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _cores.Dispose();

    private PasswordCheck Check(PasswordHash? stored, Password password)
    {
        var result = _hasher.VerifyHashedPassword(NoUser, (stored ?? _nobodysHash).Text, password.Text);
        return result switch
        {
            _ when stored is null => PasswordCheck.Wrong,
            PasswordVerificationResult.Success => PasswordCheck.Right,
            PasswordVerificationResult.SuccessRehashNeeded => PasswordCheck.RightButHashedTooLightly,
            _ => PasswordCheck.Wrong,
        };
    }

    // The hasher's format 3 with a random salt and a random key: checking against it costs what a real check does, and making
    // it costs nothing at start-up.
    private static PasswordHash HashOfNoPassword(int iterations)
    {
        const int header = 13, salt = 16, key = 32, pbkdf2HmacSha512 = 2;
        var bytes = RandomNumberGenerator.GetBytes(header + salt + key);
        bytes[0] = 1;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), pbkdf2HmacSha512);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(5), iterations);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(9), salt);
        return new(Convert.ToBase64String(bytes));
    }

    private async Task<T> OnACoreAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        if (!await _cores.WaitAsync(_maximumWait, cancellationToken).ConfigureAwait(false))
            throw new ServiceBusyException();
        try
        {
            return await Task.Run(work, cancellationToken).ConfigureAwait(false);
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
    RightButHashedTooLightly,
}
