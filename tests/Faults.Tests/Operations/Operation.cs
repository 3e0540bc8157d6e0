namespace Faults.Tests.Operations;

/// <summary>Something that a client or a timer does, and what must be true when it is done, whatever went wrong meanwhile.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Prepare">Sets the scene.</param>
/// <param name="Request">What the client sends, each time the same.</param>
/// <param name="IsDone">Whether an answer says that it is done: success, or the honest answer about what is done already.</param>
public sealed record Operation(
    string Name,
    Func<AppInstance, Task<Scene>> Prepare,
    Func<Scene, HttpRequestMessage> Request,
    Func<Scene, Answer, bool> IsDone)
{
    /// <summary>Whether it makes calls that name nobody, so that it can't run beside itself.</summary>
    public bool IsSole { get; init; }

    /// <summary>Whether it hashes a password, which costs more than all the rest of a case.</summary>
    public bool Hashes { get; init; }

    /// <summary>Whether each case of it starts a process, which costs even more.</summary>
    public bool Starts { get; init; }

    /// <summary>The timer that it runs, instead of sending a request.</summary>
    public TimerRun? Timer { get; init; }

    /// <summary>What must be true over HTTP when it is done.</summary>
    public Func<AppInstance, Scene, Task> Afterwards { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>What must be true in storage, beside what holds for every account.</summary>
    public Action<Scene, Rows> InStorage { get; init; } = (_, _) => { };

    public Task<Answer> SendAsync(AppProcess app, SessionClient client, Scene scene) =>
        Timer is { } timer ? timer.RunAsync(app, client) : client.SendAsync(Request(scene));

    public override string ToString() => Name;
}
