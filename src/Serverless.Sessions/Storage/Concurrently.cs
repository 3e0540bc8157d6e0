namespace Serverless.Sessions.Storage;

internal static class Concurrently
{
    // Storage answers in milliseconds and an instance has few cores: this many calls at once keep it busy.
    private const int AtOnce = 16;

    /// <summary>Returns the results in the order of <paramref name="all"/>.</summary>
    public static async Task<TResult[]> SelectAsync<T, TResult>(
        IReadOnlyList<T> all, Func<T, CancellationToken, Task<TResult>> select, CancellationToken cancellationToken)
    {
        var results = new TResult[all.Count];
        var limit = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, all.Count, limit, async (i, token) => results[i] = await select(all[i], token));
        return results;
    }

    /// <summary>Returns what is found, in the order of <paramref name="all"/>; a row that can't be read is left out,
    /// as in all lists.</summary>
    public static async Task<IReadOnlyList<TResult>> FindAsync<T, TResult>(
        IReadOnlyList<T> all, Func<T, CancellationToken, Task<TResult?>> find, CancellationToken cancellationToken)
        where TResult : class
    {
        return [.. (await SelectAsync(all, TryFindAsync, cancellationToken)).OfType<TResult>()];

        async Task<TResult?> TryFindAsync(T each, CancellationToken token)
        {
            try
            {
                return await find(each, token);
            }
            catch (StorageUnavailableException exception) when (exception.IsOneRow)
            {
                return null;
            }
        }
    }
}
