namespace Serverless.Sessions.Sharing;

/// <summary>Counts requests of all instances.</summary>
public interface ISharedLimits
{
    /// <summary>Returns how long a caller has to wait who is known to be over the limit. Else counts the request, which nobody waits for:
    /// the answer is for the next one.</summary>
    /// <param name="limit">What is limited.</param>
    /// <param name="key">Whose requests.</param>
    /// <param name="atOnce">How many may come at once.</param>
    /// <param name="interval">After which another one may come.</param>
    TimeSpan? Count(string limit, string key, int atOnce, TimeSpan interval);
}
