namespace Faults.Tests.Proxy;

/// <param name="nameless">The signatures of its calls that may name nobody; null for any.</param>
public sealed class Watch(IEnumerable<string> marks, IReadOnlyCollection<string>? nameless)
{
    private readonly Lock _changing = new();
    private readonly HashSet<string> _marks = [.. marks];
    private readonly Dictionary<string, CallSite> _byRequest = [];
    private readonly Dictionary<string, int> _counts = [];
    private readonly List<CallSite> _calls = [];
    private CallSite _site;
    private Fault? _fault;
    private bool _recording = true;

    /// <summary>Completes when a call reaches the point at which the process is to die.</summary>
    public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Killed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    public bool Fired { get; private set; }

    public IReadOnlyList<CallSite> Calls
    {
        get
        {
            lock (_changing)
                return [.. _calls];
        }
    }

    public void Arm(CallSite site, Fault fault) => (_site, _fault) = (site, fault);

    public void Rest()
    {
        lock (_changing)
            (_fault, _recording) = (null, false);
    }

    /// <summary>The process is dead: calls that are held for its end may go.</summary>
    public void Bury()
    {
        Rest();
        Killed.TrySetResult();
    }

    public void HasFired() => Assert.True(Fired, $"The call never came; these did: {string.Join("; ", Calls)}");

    public bool Knows(StorageCall call)
    {
        lock (_changing)
        {
            if (!call.Marks.Any(_marks.Contains))
                return false;
            // What is named together with ours is ours: the id of a new account.
            _marks.UnionWith(call.Marks);
            return true;
        }
    }

    public bool Expects(StorageCall call) => nameless is null || nameless.Contains(call.Signature);

    /// <param name="requestId">The same for every retry of the call.</param>
    public Fault? Enter(StorageCall call, string requestId)
    {
        lock (_changing)
        {
            if (!_recording)
                return null;
            var first = !_byRequest.TryGetValue(requestId, out var site);
            if (first)
            {
                var count = _counts[call.Signature] = _counts.GetValueOrDefault(call.Signature) + 1;
                _byRequest[requestId] = site = new(call.Signature, count);
                _calls.Add(site);
            }

            if (_fault is null || site != _site || !(first || _fault.Lasting))
                return null;
            Fired = true;
            return _fault;
        }
    }
}
