using System.Net.Sockets;

namespace Serverless.Functions.Tests.Mail;

/// <summary>A mail server that says what a test wants: the answer to each command, where the greeting answers an empty one and what
/// follows DATA ends in a command of one dot. Null closes the connection, an empty answer leaves the client waiting.</summary>
internal sealed class ScriptedServer : IDisposable
{
    /// <summary>What it says in every answer, and nobody should see.</summary>
    public const string Words = "zephyr";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, string?> _answer;
    private readonly Task _serving;

    public ScriptedServer(Func<string, string?> answer)
    {
        _answer = answer;
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public ConcurrentQueue<string> Commands { get; } = [];

    /// <summary>As a server answers that accepts everything and offers no extensions.</summary>
    public static string Usual(string command) => command.Split(' ')[0] switch
    {
        "" => $"220 {Words}",
        "DATA" => $"354 {Words}",
        "QUIT" => $"221 {Words}",
        _ => $"250 {Words}",
    };

    public void Dispose()
    {
        _stop.Cancel();
        _serving.Wait();
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await ServeAsync(client);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // It was stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
            var isData = false;
            for (var command = ""; command is not null; command = await reader.ReadLineAsync(_stop.Token))
            {
                if (isData && command != ".")
                    continue;
                Commands.Enqueue(command);
                if (_answer(command) is not { } answer)
                    return;
                // After another answer the client goes on with commands.
                isData = command == "DATA" && answer.StartsWith("354", StringComparison.Ordinal);
                if (answer.Length > 0)
                    await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(answer + "\r\n"), _stop.Token);
            }
        }
        catch (IOException)
        {
            // The client went away.
        }
    }
}
