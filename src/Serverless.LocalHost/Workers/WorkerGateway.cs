using System.Collections.Concurrent;
using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Serverless.LocalHost.Protocol;

namespace Serverless.LocalHost.Workers;

/// <summary>The gRPC service that workers connect to, on a loopback port of its own.</summary>
internal sealed class WorkerGateway : FunctionRpc.FunctionRpcBase, IAsyncDisposable
{
    private const int Window = 8 * 1024 * 1024;

    private readonly ConcurrentDictionary<string, WorkerConnection> _expected = [];
    private readonly WebApplication _server;

    private WorkerGateway()
    {
        _server = WebServer.Create(
            kestrel =>
            {
                kestrel.Limits.Http2.InitialConnectionWindowSize = kestrel.Limits.Http2.InitialStreamWindowSize = Window;
                kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2);
            },
            services =>
            {
                services.AddRouting();
                services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = grpc.MaxSendMessageSize = null);
                services.AddSingleton(this);
            });
        _server.MapGrpcService<WorkerGateway>();
    }

    /// <summary>Where the workers find it.</summary>
    internal Uri Address => new(_server.Urls.First());

    internal static async Task<WorkerGateway> StartAsync()
    {
        var gateway = new WorkerGateway();
        await gateway._server.StartAsync();
        return gateway;
    }

    /// <summary>Lets the worker of that connection connect, once.</summary>
    internal void Expect(WorkerConnection connection) => _expected[connection.WorkerId] = connection;

    internal void Forget(WorkerConnection connection) => _expected.TryRemove(connection.WorkerId, out _);

    public override async Task EventStream(
        IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
    {
        var aborted = context.CancellationToken;
        if (!await requestStream.MoveNext(aborted)
            || requestStream.Current.ContentCase != StreamingMessage.ContentOneofCase.StartStream
            || !_expected.TryRemove(requestStream.Current.StartStream.WorkerId, out var connection))
        {
            throw new RpcException(new(StatusCode.PermissionDenied, "This host has not started that worker."));
        }

        await connection.ServeAsync(requestStream, responseStream, aborted);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
