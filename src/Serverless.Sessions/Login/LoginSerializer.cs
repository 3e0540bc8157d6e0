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
                ? new Pass(this, key, turn)
                : throw new ServiceBusyException();
        }
        catch
        {
            Leave(key, turn);
            throw;
        }
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

        /// <summary>The running attempt and the waiting ones.</summary>
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
