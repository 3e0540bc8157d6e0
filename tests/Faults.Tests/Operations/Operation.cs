namespace Faults.Tests.Operations;

/// <param name="IsDone">Whether an answer tells of success, or honestly of what an earlier try has done.</param>
public sealed record Operation(
    string Name, Func<AppInstance, Task<Scene>> Prepare, Func<Scene, HttpRequestMessage> Request, Func<Scene, Answer, bool> IsDone)
{
    public Operation(
        string name, Func<AppInstance, Task<Scene>> prepare, Func<Scene, HttpRequestMessage> request, int status = 200)
        : this(name, prepare, request, (_, answer) => answer.Status == status)
    {
    }

    public Operation(string name, TimerRun timer, Func<AppInstance, Task<Scene>> prepare)
        : this(name, prepare, _ => throw new NotSupportedException()) => (Timer, IsSole) = (timer, true);

    /// <summary>Whether it makes calls that name nobody, so that it can't run beside itself.</summary>
    public bool IsSole { get; init; }

    public bool Hashes { get; init; }

    /// <summary>Whether it promises a mail or a push message: the attempt to send it, behind the answer, belongs to it.</summary>
    public bool Sends { get; init; }
    public bool Starts { get; init; }
    public TimerRun? Timer { get; init; }
    public Func<AppInstance, Scene, Task> Afterwards { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>What must be true in storage, beside what holds for every account.</summary>
    public Action<Scene, Rows> InStorage { get; init; } = (_, _) => { };

    public Task<Answer> SendAsync(AppProcess app, SessionClient client, Scene scene) =>
        Timer is { } timer ? timer.RunAsync(app, client) : client.SendAsync(Request(scene));

    public override string ToString() => Name;
}
