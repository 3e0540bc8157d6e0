using Microsoft.Extensions.Options;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.Storage;

namespace Serverless.Sessions.Login;

/// <summary>
/// Lets the attempts for one email through one after another, on this instance: what each may do depends on how the one before
/// it ended, so that many at the same time are no more guesses than the lock allows. Emails don't wait for each other.
/// </summary>
public sealed class LoginSerializer(IOptions<PasswordOptions> options)
{
    private readonly Lock _changing = new();
    private readonly Dictionary<AccountKey, Turn> _turns = [];

    /// <summary>How many emails have an attempt under way.</summary>
    internal int Count
    {
        get
        {
            lock (_changing)
                return _turns.Count;
        }
    }

    /// <summary>Waits for the attempts before this one; disposing what it returns lets in the next.</summary>
    /// <exception cref="ServiceBusyException">The turn didn't come in time.</exception>
    internal async Task<IDisposable> EnterAsync(AccountKey key, CancellationToken cancellationToken)
    {
        var turn = Join(key);
        var entered = false;
        try
        {
            entered = await turn.Semaphore.WaitAsync(options.Value.MaximumWait, cancellationToken);
        }
        finally
        {
            if (!entered)
                Leave(key, turn);
        }

        return entered ? new Pass(this, key, turn) : throw new ServiceBusyException();
    }

    private Turn Join(AccountKey key)
    {
        lock (_changing)
        {
            if (!_turns.TryGetValue(key, out var turn))
                _turns.Add(key, turn = new());
            turn.Attempts++;
            return turn;
        }
    }

    private void Leave(AccountKey key, Turn turn)
    {
        lock (_changing)
        {
            if (--turn.Attempts > 0)
                return;
            _turns.Remove(key);
            turn.Semaphore.Dispose();
        }
    }

    private sealed class Turn
    {
        public SemaphoreSlim Semaphore { get; } = new(1);

        /// <summary>The one that is through and those that wait.</summary>
        public int Attempts { get; set; }
    }

    private sealed class Pass(LoginSerializer gate, AccountKey key, Turn turn) : IDisposable
    {
        public void Dispose()
        {
            turn.Semaphore.Release();
            gate.Leave(key, turn);
        }
    }
}
