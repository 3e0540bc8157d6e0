using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Serverless.LocalHost.Workers;

/// <summary>The gRPC service that workers connect to, on a loopback port of its own.</summary>
internal sealed class WorkerGateway : FunctionRpc.FunctionRpcBase, IAsyncDisposable
{
    private const int FlowControlWindow = 8 * 1024 * 1024;

    private readonly ConcurrentDictionary<string, WorkerConnection> _expected = [];
    private readonly WebApplication _server;

    internal WorkerGateway()
    {
        _server = WebServer.Create(
            kestrel =>
            {
                kestrel.Limits.Http2.InitialConnectionWindowSize = kestrel.Limits.Http2.InitialStreamWindowSize = FlowControlWindow;
                kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2);
            },
            services => services.AddSingleton(this).AddGrpc(grpc => grpc.MaxReceiveMessageSize = grpc.MaxSendMessageSize = null));
        _server.MapGrpcService<WorkerGateway>();
    }

    internal Uri Address => new(_server.Urls.First());

    internal Task StartAsync() => _server.StartAsync();

    /// <summary>Accepts that worker once.</summary>
    internal void Expect(WorkerConnection connection) => _expected[connection.WorkerId] = connection;

    public override async Task EventStream(
        IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken)
            || requestStream.Current.StartStream is not { WorkerId: var id }
            || !_expected.TryRemove(id, out var connection))
        {
            throw new RpcException(new(StatusCode.PermissionDenied, "This host has not started that worker."));
        }

        await connection.ServeAsync(requestStream, responseStream, context.CancellationToken);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
