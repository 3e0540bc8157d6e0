namespace Serverless.Sessions.Login;

/// <summary>Serializes the attempts for one email on this instance, so that reading the throttle and recording a failure don't
/// interleave: concurrent attempts get no more guesses than the lock allows. Other emails don't wait.</summary>
public sealed class LoginSerializer(IOptions<PasswordOptions> options)
{
    private readonly Lock _changing = new();
    private readonly Dictionary<AccountKey, Turn> _turns = [];

    internal int Count => _turns.Count;

    /// <summary>Waits for earlier attempts; disposing the result lets the next one in.</summary>
    /// <exception cref="ServiceBusyException">The wait took too long.</exception>
    internal async Task<IDisposable> EnterAsync(AccountKey key, CancellationToken cancellationToken)
    {
        var turn = Join(key);
        try
        {
            return await turn.Semaphore.WaitAsync(options.Value.MaximumWait, cancellationToken)
                ? turn
                : throw new ServiceBusyException();
        }
        catch
        {
            Leave(turn);
            throw;
        }
    }

    private Turn Join(AccountKey key)
    {
        lock (_changing)
        {
            if (!_turns.TryGetValue(key, out var turn))
                _turns.Add(key, turn = new(this, key));
            turn.Attempts++;
            return turn;
        }
    }

    private void Leave(Turn turn)
    {
        lock (_changing)
        {
            if (--turn.Attempts > 0)
                return;
            _turns.Remove(turn.Key);
            turn.Semaphore.Dispose();
        }
    }

    private sealed class Turn(LoginSerializer serializer, AccountKey key) : IDisposable
    {
        public AccountKey Key => key;
        public SemaphoreSlim Semaphore { get; } = new(1);

        // The running one and the waiting ones.
        public int Attempts { get; set; }

        public void Dispose()
        {
            Semaphore.Release();
            serializer.Leave(this);
        }
    }
}
