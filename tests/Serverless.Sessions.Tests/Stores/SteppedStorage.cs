namespace Serverless.Sessions.Tests;

/// <summary>Calls wait until the test lets them through in the order that it chooses, so that any race can be repeated.</summary>
internal sealed class SteppedStorage : IPassage
{
    private readonly List<TaskCompletionSource<Fate>> _waiting = [];

    /// <summary>Requests on their way that nobody waits for any more.</summary>
    private readonly List<Func<Task>> _late = [];

    public int Waiting => _waiting.Count;
    public int Late => _late.Count;

    public T Around<T>(T store)
        where T : class => PassageProxy.Around(store, this);

    /// <summary>Has an answered request arrive once more, when the test lets it.</summary>
    public void Repeat(Func<Task> call) => _late.Add(call);

    /// <summary>Lets a waiting call through; all that follows up to the next calls happens before this returns.</summary>
    public void LetThrough(int which, Fate fate)
    {
        var call = _waiting[which % _waiting.Count];
        _waiting.Remove(call);
        call.SetResult(fate);
    }

    public Task ArriveAsync(int which)
    {
        var call = _late[which % _late.Count];
        _late.Remove(call);
        return call();
    }

    public async Task<TResult> PassAsync<TResult>(Func<Task> call)
    {
        var turn = new TaskCompletionSource<Fate>();
        _waiting.Add(turn);
        var fate = await turn.Task;
        if (fate is Fate.ArrivesLate or Fate.ArrivesTwice)
            _late.Add(call);
        if (fate is Fate.NeverArrives or Fate.ArrivesLate)
            throw new StorageUnavailableException("No answer came.");
        var done = call();
        await done;
        if (fate == Fate.ReplyIsLost)
            throw new StorageUnavailableException("The reply was lost.");
        return done is Task<TResult> told ? told.Result : default!;
    }
}

internal enum Fate
{
    Answered,
    NeverArrives,
    ReplyIsLost, // Carried out.
    ArrivesLate, // Carried out when its sender has given it up.
    ArrivesTwice, // Answered, and carried out once more later: an earlier try that its sender had given up.
}
