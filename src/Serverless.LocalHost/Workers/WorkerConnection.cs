using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Status = Serverless.LocalHost.Protocol.StatusResult.Types.Status;

namespace Serverless.LocalHost.Workers;

/// <summary>The message stream with one worker process: a handshake, then concurrent invocations.</summary>
internal sealed class WorkerConnection(AppFolder app)
{
    private static readonly TimeSpan TimeoutCheck = TimeSpan.FromSeconds(0.5);
    private static readonly WriteOptions Flush = new();
    private static readonly WriteOptions Buffer = new(WriteFlags.BufferHint);

    private readonly Channel<StreamingMessage> _outgoing = Channel.CreateUnbounded<StreamingMessage>(new() { SingleReader = true });
    private readonly Channel<StreamingMessage> _answers = Channel.CreateUnbounded<StreamingMessage>(new() { SingleReader = true });
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, Invocation> _running = [];
    private readonly LogLevel _systemLevel = app.Logs.LevelOf("Worker");

    internal string WorkerId { get; } = Guid.NewGuid().ToString();

    /// <summary>Completes when the stream is closed.</summary>
    internal Task Closed => _closed.Task;

    /// <summary>Completes when the current invocations have ended.</summary>
    internal Task WhenIdleAsync() => Task.WhenAll(_running.Values.Select(invocation => invocation.Task));

    /// <summary>Exchanges messages until either side closes the stream.</summary>
    internal async Task ServeAsync(
        IAsyncStreamReader<StreamingMessage> incoming, IServerStreamWriter<StreamingMessage> outgoing, CancellationToken aborted)
    {
        _answers.Writer.TryWrite(incoming.Current);
        using var timeouts = new Timer(_ => FailOverdue(), null, TimeoutCheck, TimeoutCheck);
        var writing = WriteAsync(outgoing, aborted);
        await Task.WhenAny(ReadAsync(incoming, aborted), Closed);
        Close();
        await writing;
    }

    /// <summary>Fails the running invocations and refuses new ones.</summary>
    internal void Close()
    {
        _closed.TrySetResult();
        _outgoing.Writer.TryComplete();
        _answers.Writer.TryComplete();
        foreach (var invocation in _running.Values)
            Finish(invocation, new(InvocationOutcome.WorkerLost));
    }

    /// <returns>The functions of the app, loaded.</returns>
    /// <exception cref="ChannelClosedException">The connection was closed before the handshake ended.</exception>
    internal async Task<IReadOnlyList<FunctionMetadata>> HandshakeAsync(CancellationToken cancellationToken)
    {
        await _answers.Reader.ReadAsync(cancellationToken);
        Send(new() { WorkerInitRequest = new() { HostVersion = "4.0.0.0", WorkerDirectory = app.Path, FunctionAppDirectory = app.Path } });
        await AnswerAsync("initialized", m => m.WorkerInitResponse?.Result, cancellationToken);

        Send(new() { FunctionsMetadataRequest = new() { FunctionAppDirectory = app.Path } });
        var metadata = await AnswerAsync("asked for its functions", m => m.FunctionMetadataResponse?.Result, cancellationToken);
        var functions = metadata.FunctionMetadataResponse.FunctionMetadataResults;
        foreach (var function in functions)
            Send(new() { FunctionLoadRequest = new() { FunctionId = function.FunctionId, Metadata = function } });
        for (var i = 0; i < functions.Count; i++)
            await AnswerAsync("told to load its functions", m => m.FunctionLoadResponse?.Result, cancellationToken);
        return functions;
    }

    internal Invocation Invoke(Function function, InvocationRequest request)
    {
        var invocation = new Invocation(this, function, request.InvocationId);
        _running[invocation.Id] = invocation;
        if (function.HostLevel <= LogLevel.Information)
            Output.Log(LogLevel.Information, $"Executing 'Functions.{function.Name}' (Id={invocation.Id})");
        if (!Send(new() { InvocationRequest = request }))
            Finish(invocation, new(InvocationOutcome.WorkerLost));
        return invocation;
    }

    internal void SendCancel(string invocationId) => Send(new() { InvocationCancel = new() { InvocationId = invocationId } });

    internal void CancelAll()
    {
        foreach (var invocation in _running.Values)
            invocation.Cancel();
    }

    internal void SendTerminate(TimeSpan grace) => Send(new() { WorkerTerminate = new() { GracePeriod = Duration.FromTimeSpan(grace) } });

    private bool Send(StreamingMessage message) => _outgoing.Writer.TryWrite(message);

    private async Task<StreamingMessage> AnswerAsync(
        string request, Func<StreamingMessage, StatusResult?> resultOf, CancellationToken cancellationToken)
    {
        var answer = await _answers.Reader.ReadAsync(cancellationToken);
        return resultOf(answer) is { Status: Status.Success } ? answer : throw new HostFailure(
            $"The worker was {request} and answered with {resultOf(answer)?.Exception?.Message ?? answer.ContentCase.ToString()}.");
    }

    private async Task ReadAsync(IAsyncStreamReader<StreamingMessage> incoming, CancellationToken aborted)
    {
        try
        {
            while (await incoming.MoveNext(aborted))
                Receive(incoming.Current);
        }
        catch (Exception e) when (e is IOException or RpcException or InvalidOperationException or OperationCanceledException)
        {
            // The worker's process ended, or this side closed the connection.
        }
    }

    /// <summary>The only writer of the stream. Queued messages are flushed together.</summary>
    private async Task WriteAsync(IServerStreamWriter<StreamingMessage> outgoing, CancellationToken aborted)
    {
        try
        {
            await foreach (var message in _outgoing.Reader.ReadAllAsync(aborted))
            {
                outgoing.WriteOptions = _outgoing.Reader.TryPeek(out _) ? Buffer : Flush;
                await outgoing.WriteAsync(message, aborted);
            }
        }
        catch (Exception e) when (e is IOException or RpcException or InvalidOperationException or OperationCanceledException)
        {
            Close();
        }
    }

    private void Receive(StreamingMessage message)
    {
        if (message.RpcLog is { } log)
            Show(log);
        else if (message.InvocationResponse is { } response && _running.TryGetValue(response.InvocationId, out var invocation))
            Finish(invocation, new(OutcomeOf(response, invocation), response));
        else if (message is { InvocationResponse: null, ContentCase: not StreamingMessage.ContentOneofCase.None })
            _answers.Writer.TryWrite(message);
    }

    /// <summary>The worker reports most cancelled functions as failed.</summary>
    private static InvocationOutcome OutcomeOf(InvocationResponse response, Invocation invocation) =>
        response.Result.Status == Status.Success ? InvocationOutcome.Succeeded
        : response.Result.Status == Status.Cancelled || invocation.IsCanceled ? InvocationOutcome.Canceled
        : InvocationOutcome.Failed;

    /// <summary>As in Azure, a function that exceeds functionTimeout costs its worker, and a new one starts.</summary>
    private void FailOverdue()
    {
        var overdue = _running.Values.Where(i => i.Elapsed > app.FunctionTimeout).ToList();
        foreach (var invocation in overdue)
            Finish(invocation, new(InvocationOutcome.TimedOut));
        if (overdue.Count > 0)
            Close();
    }

    private void Finish(Invocation invocation, InvocationResult result)
    {
        if (!_running.TryRemove(invocation.Id, out _))
            return;
        invocation.TrySetResult(result);
        var level = result.Outcome is InvocationOutcome.Succeeded or InvocationOutcome.Canceled ? LogLevel.Information : LogLevel.Error;
        if (level < invocation.Function.HostLevel)
            return;
        var details = $"{result.Outcome}, Id={invocation.Id}, Duration={invocation.Elapsed.TotalMilliseconds:0}ms";
        Output.Log(level, $"Executed 'Functions.{invocation.Function.Name}' ({details})", "", result.Response?.Result.Exception?.Message);
    }

    /// <summary>Shows a log of the worker. Like the Functions host (azure-functions-dotnet-worker issue 702), it drops logs
    /// outside an invocation, so that nobody relies on them.</summary>
    private void Show(RpcLog log)
    {
        if (log.LogCategory == RpcLog.Types.Kind.CustomMetric || !_running.TryGetValue(log.InvocationId, out var invocation))
            return;
        if ((LogLevel)log.Level >= (log.LogCategory == RpcLog.Types.Kind.User ? invocation.Function.UserLevel : _systemLevel))
            Output.Log((LogLevel)log.Level, log.Message, log.EventId, log.Exception?.Message);
    }
}
