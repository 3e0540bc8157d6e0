namespace Serverless.Sessions.Tests.Storage;

internal sealed class Outage : IPassage
{
    private int _calls;
    private int _underWay;

    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>The first call that fails, counted from here on; null for none.</summary>
    public int? Begins { get; set; }

    public bool IsLasting { get; init; }

    public TimeSpan Slow { get; init; } = TimeSpan.FromMilliseconds(10);

    public bool HasBegun => Volatile.Read(ref _calls) > Begins;

    public T Around<T>(T store)
        where T : class => PassageProxy.Around(store, this);

    /// <summary>The first of many that fail takes longer than the others; a single one fails at once, while others go on.</summary>
    public async Task<TResult> PassAsync<TResult>(Func<Task> call)
    {
        Interlocked.Increment(ref _underWay);
        try
        {
            var number = Begins is null ? -1 : Interlocked.Increment(ref _calls) - 1;
            if (number >= 0 && IsLasting == (number == Begins))
                await Task.Delay(Slow);
            if (number >= 0 && (number == Begins || (IsLasting && number > Begins)))
                throw new StorageUnavailableException(nameof(Outage));
            var done = call();
            await done;
            return done is Task<TResult> told ? told.Result : default!;
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }
}
