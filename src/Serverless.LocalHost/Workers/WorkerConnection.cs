using System.Collections.Concurrent;
using System.Threading.Channels;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Serverless.LocalHost.Functions;
using Serverless.LocalHost.Logs;
using Serverless.LocalHost.Protocol;
using Message = Serverless.LocalHost.Protocol.StreamingMessage;
using Status = Serverless.LocalHost.Protocol.StatusResult.Types.Status;

namespace Serverless.LocalHost.Workers;

/// <summary>The conversation with one worker process: the handshake, then invocations in any number and order.</summary>
internal sealed class WorkerConnection(string workerId, LogFilter logs)
{
    private static readonly WriteOptions Flush = new();
    private static readonly WriteOptions Buffer = new(WriteFlags.BufferHint);

    private readonly Channel<Message> _outgoing = Channel.CreateUnbounded<Message>(new() { SingleReader = true });
    private readonly Channel<Message> _answers = Channel.CreateUnbounded<Message>(new() { SingleReader = true });
    private readonly ConcurrentDictionary<string, Invocation> _running = [];
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LogLevel _systemLevel = logs.LevelOf("Worker");
    private bool _handlesCancel;

    internal string WorkerId => workerId;

    /// <summary>Completes when the stream has ended.</summary>
    internal Task Closed => _closed.Task;

    internal bool IsIdle => _running.IsEmpty;

    /// <summary>Carries the messages of the worker's stream until either side closes it.</summary>
    internal async Task ServeAsync(
        IAsyncStreamReader<Message> incoming, IServerStreamWriter<Message> outgoing, CancellationToken aborted)
    {
        _connected.TrySetResult();
        var writing = WriteAsync(outgoing, aborted);
        try
        {
            while (await incoming.MoveNext(aborted))
                Receive(incoming.Current);
        }
        catch (Exception e) when (e is IOException or RpcException or OperationCanceledException)
        {
            // The worker's process ended.
        }
        finally
        {
            Close();
            await writing;
        }
    }

    /// <summary>Fails what is running. Nothing can be invoked any more.</summary>
    internal void Close()
    {
        _closed.TrySetResult();
        _connected.TrySetCanceled();
        _outgoing.Writer.TryComplete();
        _answers.Writer.TryComplete();
        foreach (var invocation in _running.Values)
            Finish(invocation, new(InvocationOutcome.WorkerLost));
    }

    /// <returns>The functions of the app, loaded.</returns>
    internal async Task<IReadOnlyList<FunctionMetadata>> HandshakeAsync(string folder, CancellationToken cancellationToken)
    {
        await _connected.Task.WaitAsync(cancellationToken);
        Send(new() { WorkerInitRequest = new() { HostVersion = "4.0.0.0", WorkerDirectory = folder, FunctionAppDirectory = folder } });
        var ready = (await AnswerAsync(Message.ContentOneofCase.WorkerInitResponse, cancellationToken)).WorkerInitResponse;
        Require(ready.Result, "The worker could not be initialized");
        _handlesCancel = ready.Capabilities.ContainsKey("HandlesInvocationCancelMessage");

        Send(new() { FunctionsMetadataRequest = new() { FunctionAppDirectory = folder } });
        var metadata = (await AnswerAsync(Message.ContentOneofCase.FunctionMetadataResponse, cancellationToken)).FunctionMetadataResponse;
        Require(metadata.Result, "The worker could not list its functions");

        var functions = metadata.FunctionMetadataResults;
        foreach (var function in functions)
            Send(new() { FunctionLoadRequest = new() { FunctionId = function.FunctionId, Metadata = function } });
        for (var i = 0; i < functions.Count; i++)
        {
            var loaded = (await AnswerAsync(Message.ContentOneofCase.FunctionLoadResponse, cancellationToken)).FunctionLoadResponse;
            Require(loaded.Result, $"Function '{functions.FirstOrDefault(f => f.FunctionId == loaded.FunctionId)?.Name}' could not be loaded");
        }

        return functions;
    }

    internal Invocation Invoke(Function function, InvocationRequest request)
    {
        var invocation = new Invocation(this, function, request.InvocationId);
        _running[invocation.Id] = invocation;
        if (function.HostLevel <= LogLevel.Information)
            Output.Log(LogLevel.Information, $"Executing 'Functions.{function.Name}' (Id={invocation.Id})");
        if (!_outgoing.Writer.TryWrite(new() { InvocationRequest = request }))
            Finish(invocation, new(InvocationOutcome.WorkerLost));
        return invocation;
    }

    internal void SendCancel(string invocationId)
    {
        if (_handlesCancel)
            Send(new() { InvocationCancel = new() { InvocationId = invocationId } });
    }

    internal void CancelAll()
    {
        foreach (var invocation in _running.Values)
            invocation.Cancel();
    }

    /// <summary>Fails the invocations that run for longer than that, and cancels them.</summary>
    internal void FailOverdue(TimeSpan limit)
    {
        foreach (var invocation in _running.Values)
        {
            if (invocation.Elapsed <= limit)
                continue;
            Finish(invocation, new(InvocationOutcome.TimedOut));
            invocation.Cancel();
        }
    }

    internal void SendTerminate(TimeSpan grace) =>
        Send(new() { WorkerTerminate = new() { GracePeriod = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(grace) } });

    private static void Require(StatusResult result, string failure)
    {
        if (result.Status != Status.Success)
            throw new HostFailure($"{failure}: {result.Exception?.Message ?? result.Result}");
    }

    private void Send(Message message) => _outgoing.Writer.TryWrite(message);

    private async Task<Message> AnswerAsync(Message.ContentOneofCase content, CancellationToken cancellationToken)
    {
        var answer = await _answers.Reader.ReadAsync(cancellationToken);
        return answer.ContentCase == content
            ? answer
            : throw new HostFailure($"The worker sent {answer.ContentCase} where {content} was expected.");
    }

    /// <summary>The only writer of the stream. Messages that wait together are flushed together.</summary>
    private async Task WriteAsync(IServerStreamWriter<Message> outgoing, CancellationToken aborted)
    {
        try
        {
            while (await _outgoing.Reader.WaitToReadAsync(aborted))
            {
                while (_outgoing.Reader.TryRead(out var message))
                {
                    outgoing.WriteOptions = _outgoing.Reader.TryPeek(out _) ? Buffer : Flush;
                    await outgoing.WriteAsync(message, aborted);
                }
            }
        }
        catch (Exception e) when (e is IOException or RpcException or InvalidOperationException or OperationCanceledException)
        {
            Close();
        }
    }

    private void Receive(Message message)
    {
        switch (message.ContentCase)
        {
            case Message.ContentOneofCase.InvocationResponse:
                if (_running.TryGetValue(message.InvocationResponse.InvocationId, out var invocation))
                    Finish(invocation, ResultOf(message.InvocationResponse, invocation));
                break;
            case Message.ContentOneofCase.RpcLog:
                Show(message.RpcLog);
                break;
            case Message.ContentOneofCase.WorkerInitResponse or Message.ContentOneofCase.FunctionMetadataResponse
                or Message.ContentOneofCase.FunctionLoadResponse:
                _answers.Writer.TryWrite(message);
                break;
        }
    }

    private static InvocationResult ResultOf(InvocationResponse response, Invocation invocation) => new(
        response.Result.Status switch
        {
            Status.Success => InvocationOutcome.Succeeded,
            Status.Cancelled => InvocationOutcome.Canceled,
            // The worker reports most functions that stopped because they were told to as failed.
            _ => invocation.IsCanceled ? InvocationOutcome.Canceled : InvocationOutcome.Failed,
        },
        response);

    private void Finish(Invocation invocation, InvocationResult result)
    {
        if (!_running.TryRemove(invocation.Id, out _))
            return;
        invocation.TrySetResult(result);
        var level = result.Outcome is InvocationOutcome.Succeeded or InvocationOutcome.Canceled ? LogLevel.Information : LogLevel.Error;
        if (level >= invocation.Function.HostLevel)
        {
            Output.Log(
                level,
                $"Executed 'Functions.{invocation.Function.Name}' ({result.Outcome}, Id={invocation.Id}, "
                    + $"Duration={invocation.Elapsed.TotalMilliseconds:0}ms)",
                exception: result.Outcome == InvocationOutcome.Failed ? result.Response?.Result.Exception?.Message : null);
        }
    }

    /// <summary>
    /// Shows a log of the worker. The Functions host drops what is logged outside an invocation (azure-functions-dotnet-worker
    /// issue 702), and so does this one: nobody should rely on it.
    /// </summary>
    private void Show(RpcLog log)
    {
        if (log.LogCategory == RpcLog.Types.Kind.CustomMetric || !_running.TryGetValue(log.InvocationId, out var invocation))
            return;
        var level = (LogLevel)log.Level;
        if (level >= (log.LogCategory == RpcLog.Types.Kind.User ? invocation.Function.UserLevel : _systemLevel))
            Output.Log(level, log.Message, log.EventId, log.Exception?.Message);
    }
}
